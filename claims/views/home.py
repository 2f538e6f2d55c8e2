"""The biller's first page: what needs me today?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count as Number
from django.db.models.functions import TruncWeek
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.policies import user_of
from audit.actions import Seen, record_access
from audit.enums import Action, SubjectKind
from claimflow.lib.pages import capped_count, capped_counts
from claims import policies
from claims.enums import Turn
from claims.models import Claim, ClaimDraft
from claims.presenters import patient_in_short
from claims.views.lists import COUNTED, draft_in_short, payers_of, rows_for_list, seen

WORKLIST = 10
WEEKS = 12


@require_GET
def claim_home(request: HttpRequest) -> HttpResponse:
    """Three counts that are links, what needs the biller, what was decided lately, and the trend."""
    user = user_of(request)
    policies.require_view(user)
    claims, drafts = Claim.objects.visible_to(user), ClaimDraft.objects.visible_to(user)
    week_ago = timezone.now() - timedelta(days=7)
    yours = claims.filter(turn=Turn.PROVIDER)
    decided = claims.filter(adjudicated_at__gte=week_ago)
    counts = capped_counts({"yours": yours.order_by(*COUNTED), "decided": decided})
    waiting = list(rows_for_list(yours).order_by("due_at", "seq")[:WORKLIST])
    lately = list(rows_for_list(decided).order_by("-adjudicated_at", "-seq")[:WORKLIST])
    own = list(drafts.select_related("author", "predecessor").order_by("-updated_at", "-id")[: WORKLIST // 2])
    seen(Action.CLAIMS_LISTED, [*waiting, *lately])
    record_access(
        Action.DRAFTS_LISTED, [Seen(SubjectKind.DRAFT, draft.pk, draft.organization_id) for draft in own]
    )
    payers = {str(payer.pk): payer.name for payer in payers_of(all_of_them=True)}
    address = reverse("claims:list")
    return render(
        request,
        "claims/home.html",
        {
            "stats": [
                _stat(counts["yours"].text, _("Needs you"), f"{address}?tab=yours", counts["yours"].n),
                _stat(capped_count(drafts).text, _("Drafts"), reverse("claims:drafts")),
                _stat(counts["decided"].text, _("Decided in 7 days"), "#decided"),
            ],
            "waiting": [(claim, patient_in_short(claim)) for claim in waiting],
            "lately": [(claim, patient_in_short(claim)) for claim in lately],
            "drafts": [draft_in_short(draft, payers) for draft in own],
            "trend": submitted_by_week(user),
            "can_submit": policies.can_submit(user),
        },
    )


def _stat(value: str, label: str, url: str, urgent: int = 0) -> dict[str, Any]:
    return {"value": value, "label": label, "url": url, "tone": "warning" if urgent else ""}


def submitted_by_week(user: User) -> list[int]:
    """Claims submitted in each of the last twelve weeks of the organization's zone, the running one last."""
    today = timezone.localdate(timezone=user.time_zone)
    first = _monday(today) - timedelta(weeks=WEEKS - 1)
    rows = (
        Claim.objects.visible_to(user)
        .filter(submitted_at__gte=datetime.combine(first, time.min, tzinfo=user.time_zone))
        .annotate(week=TruncWeek("submitted_at", tzinfo=user.time_zone))
        .values("week")
        .annotate(n=Number("pk"))
        .order_by("week")
    )
    counts = {row["week"].date(): row["n"] for row in rows}
    return [counts.get(first + timedelta(weeks=week), 0) for week in range(WEEKS)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
