"""Approved claims as a file for a spreadsheet: codes, dates and amounts, no names (minimum necessary). Whoever takes
them away has proven the second factor within the last five minutes (ASVS 7.5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import UserRole
from accounts.fresh import needs_fresh_factor
from accounts.models import User
from accounts.policies import user_of
from audit.enums import Action
from claimflow.lib import phi, spreadsheet
from claims import policies
from claims.enums import ClaimState
from claims.forms import ClaimFilterForm
from claims.models import Claim
from claims.views.lists import payers_of, seen
from claims.views.queue import filter_form

MOST_ROWS = 10_000
APPROVED = (ClaimState.APPROVED, ClaimState.PARTIALLY_APPROVED)
HEAD = (
    "claim_number", "state", "provider", "payer", "member_id_last4", "service_date", "service_date_to",
    "procedure_code", "diagnosis_code", "submitted", "decided", "billed_amount", "approved_amount",
    "paid_amount", "patient_responsibility",
)  # fmt: skip
READ = (
    "id", "claim_number", "state", "provider_id", "provider__name", "payer_id", "payer__name", "member_id",
    "member_bidx", "bi_key_id", "service_date", "service_date_to", "cpt_code", "icd10_code", "submitted_at",
    "adjudicated_at", "billed_amount", "approved_amount", "paid_amount", "patient_responsibility",
)  # fmt: skip


@needs_fresh_factor
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The approved claims under the page's filters. Built whole inside the request's transaction, so that what
    leaves and what the trail says are one; above ``MOST_ROWS`` a sentence asks for a narrower filter."""
    user = user_of(request)
    policies.require_export(user)
    claims = list(_approved(request, user)[: MOST_ROWS + 1])
    if len(claims) > MOST_ROWS:
        messages.warning(
            request,
            _("More than %(most)s claims fit. Narrow the filters, for example by the day of the decision.")
            % {"most": f"{MOST_ROWS:,}"},
        )
        return redirect(_list_of(request, user))
    seen(Action.CLAIM_EXPORTED if len(claims) == 1 else Action.CLAIMS_EXPORTED, claims)
    today = timezone.localdate(timezone=user.time_zone)
    response = HttpResponse(as_csv(claims), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="approved-claims-{today.isoformat()}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _list_of(request: HttpRequest, user: User) -> str:
    """Back to the list with its filters still set."""
    is_payer = user.role == UserRole.PAYER
    filters = request.GET.copy()
    filters["tab"] = "decided" if is_payer else "approved"
    return f"{reverse('payer:queue' if is_payer else 'claims:list')}?{filters.urlencode()}"


def as_csv(claims: Iterable[Claim]) -> str:
    """Comma-separated, with a line of names first. Dates are ISO, amounts dollars with a point."""
    return spreadsheet.as_csv(HEAD, map(_cells, claims))


def _approved(request: HttpRequest, user: User) -> QuerySet[Any]:
    claims = Claim.objects.visible_to(user).decided().filter(state__in=APPROVED)
    form: Any
    if user.role == UserRole.PAYER:
        form = filter_form(request, "decided")
    else:
        form = ClaimFilterForm(request.GET, payers=payers_of())
    found: QuerySet[Any] = (
        form.apply(claims).select_related("provider", "payer").only(*READ).order_by("-adjudicated_at", "-seq")
    )
    return found


def _cells(claim: Claim) -> tuple[Any, ...]:
    return (
        claim.claim_number,
        claim.state,
        claim.provider.name,
        claim.payer.name,
        phi.last4(phi.value(claim, "member_id")),
        claim.service_date,
        claim.service_date_to,
        claim.cpt_code,
        claim.icd10_code,
        _day(claim.submitted_at),
        _day(claim.adjudicated_at),
        claim.billed_amount,
        claim.approved_amount,
        claim.paid_amount,
        claim.patient_responsibility,
    )


def _day(moment: Any) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else ""
