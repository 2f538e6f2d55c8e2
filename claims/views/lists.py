"""The provider's claims: every claim, its drafts, and the search by member id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Organization
from accounts.policies import user_of
from audit.actions import Seen, record_access
from audit.enums import Action, SubjectKind
from claimflow.lib import phi
from claimflow.lib.pages import Count, Keyset, capped_count, capped_counts
from claimflow.middleware.gate import stands_on
from claims import policies
from claims.enums import ClaimState, PublicStatus, Turn
from claims.forms import ClaimFilterForm, MemberSearchForm
from claims.forms.filters import person_token
from claims.models import Claim, ClaimDraft
from claims.presenters import patient_in_short
from claims.workflow import OPEN
from codes.formats import member_key

PAGE = 25
SORTS = {
    "number": ("number_day", "number_n"),
    "service": ("service_date", "seq"),
    "submitted": ("submitted_at", "seq"),
    "charge": ("billed_amount", "seq"),
    "state": ("state", "seq"),
    "due": ("due_at", "seq"),
}
USUAL_SORT = "-submitted"
"""Never by an encrypted column (ruling 47)."""
SHOWN = (
    "id", "claim_number", "state", "public_status", "turn", "due_at", "service_date", "submitted_at",
    "billed_amount", "paid_amount", "provider_id", "payer_id", "payer__name", "member_bidx", "bi_key_id", "seq",
    "number_day", "number_n", "patient_first_name", "patient_last_name", "adjudicated_at",
)  # fmt: skip


@dataclass(frozen=True)
class Tab:
    """A tab of the list: its condition on the claims."""

    name: str
    label: str | Promise
    condition: Q


TABS = (
    Tab("all", gettext_lazy("All"), Q()),
    Tab("progress", gettext_lazy("In progress"), Q(state__in=OPEN)),
    Tab("yours", gettext_lazy("Needs you"), Q(turn=Turn.PROVIDER)),
    Tab("approved", gettext_lazy("Approved"), Q(public_status=PublicStatus.APPROVED)),
    Tab("denied", gettext_lazy("Denied"), Q(public_status=PublicStatus.DENIED)),
    Tab("rejected", gettext_lazy("Rejected"), Q(state=ClaimState.REJECTED)),
    Tab("withdrawn", gettext_lazy("Withdrawn"), Q(state=ClaimState.VOIDED)),
)
BY_NAME = {tab.name: tab for tab in TABS}
COUNTED = ("submitted_at", "seq")
"""The order of an index, so that a capped count stops early in it."""


@require_GET
def claim_list(request: HttpRequest) -> HttpResponse:
    """Where is everything? Scope, filter, order, page."""
    user = user_of(request)
    policies.require_view(user)
    form = ClaimFilterForm(request.GET, payers=payers_of())
    tab = BY_NAME.get(request.GET.get("tab", ""), TABS[0])
    sort = _sort(request.GET.get("sort", ""))
    filtered = form.apply(Claim.objects.visible_to(user))
    page = _order(sort).page(rows_for_list(filtered.filter(tab.condition)), request.GET.get("cursor"), PAGE)
    seen(Action.CLAIMS_LISTED, page.rows)
    counted = filtered.order_by(*COUNTED)
    counts = capped_counts({each.name: counted.filter(each.condition) for each in TABS})
    return render(
        request,
        "claims/claim_list.html",
        {
            "form": form,
            "member_form": MemberSearchForm(),
            "tabs": _tabs(request, counts, tab, capped_count(ClaimDraft.objects.visible_to(user))),
            "rows": [(claim, patient_in_short(claim)) for claim in page.rows],
            "page": page,
            "is_filtered": bool(form.chips),
            "chips": [
                {"label": chip.label, "remove_url": _without(request, chip.names)} for chip in form.chips
            ],
            "summary": _summary(counts[tab.name]),
            "columns": _columns(request, sort),
            "tab": tab.name,
            "export_url": _export_url(request)
            if tab.name == "approved" and policies.can_export(user)
            else "",
        },
    )


def _export_url(request: HttpRequest) -> str:
    """The file of what this page's filters leave."""
    filters = request.GET.copy()
    for name in ("tab", "cursor", "sort"):
        filters.pop(name, None)
    return f"{reverse('payer:export')}?{filters.urlencode()}" if filters else reverse("payer:export")


@require_GET
def draft_list(request: HttpRequest) -> HttpResponse:
    """The organization's drafts, the last touched first."""
    user = user_of(request)
    policies.require_view(user)
    drafts = ClaimDraft.objects.visible_to(user)
    order = Keyset([("updated_at", "desc"), ("id", "desc")])
    page = order.page(drafts.select_related("author", "predecessor"), request.GET.get("cursor"), PAGE)
    record_access(
        Action.DRAFTS_LISTED,
        [Seen(SubjectKind.DRAFT, draft.pk, draft.organization_id) for draft in page.rows],
    )
    counts = capped_counts(
        {each.name: Claim.objects.visible_to(user).filter(each.condition).order_by(*COUNTED) for each in TABS}
    )
    names = {str(payer.pk): payer.name for payer in payers_of(all_of_them=True)}
    count = capped_count(drafts)
    return render(
        request,
        "claims/draft_list.html",
        {
            "tabs": _tabs(request, counts, None, count),
            "rows": [draft_in_short(draft, names) for draft in page.rows],
            "page": page,
            "summary": _("%(count)s drafts") % {"count": count.text} if count.n != 1 else _("1 draft"),
        },
    )


@stands_on("claims:list")
@require_POST
def member_find(request: HttpRequest) -> HttpResponse:
    """Exact search by member id: posted, and answered with an address that does not hold it."""
    user = user_of(request)
    policies.require_view(user)
    form = MemberSearchForm(request.POST)
    if not form.is_valid() or not member_key(form.cleaned_data["member_id"]):
        messages.error(request, _("Enter the whole member ID, letters and digits, to find its claims."))
        return redirect("claims:list")
    mine = Claim.objects.visible_to(user)
    payers = mine.order_by().values_list("payer_id", flat=True).distinct()
    indexes = [
        index.value
        for payer in payers
        for index in phi.blind_indexes("member_id", payer, form.cleaned_data["member_id"])
    ]
    found = mine.filter(member_bidx__in=indexes).order_by().values_list("member_bidx", flat=True).distinct()
    known = sorted(found[:20])
    if not known:
        record_access(Action.CLAIMS_SEARCHED, [])
        messages.info(request, _("None of your claims carries this member ID. Check it on the card."))
        return redirect("claims:list")
    return redirect(f"{reverse('claims:list')}?person={person_token(known)}")


# --- What the pages share -----------------------------------------------------------------------------------


def rows_for_list(claims: QuerySet[Any]) -> QuerySet[Any]:
    """Just the columns that a list shows, the payer's name with them."""
    return claims.select_related("payer").only(*SHOWN)


def seen(action: Action, claims: Iterable[Claim]) -> None:
    """Record whose data an answer shows."""
    record_access(
        action,
        [
            Seen(
                SubjectKind.CLAIM,
                claim.pk,
                claim.provider_id,
                claim.payer_id,
                claim.member_bidx,
                claim.bi_key_id,
            )
            for claim in claims
        ],
    )


def payers_of(*, all_of_them: bool = False) -> list[Organization]:
    """The payers to choose from in a filter."""
    payers = Organization.objects.filter(kind="payer")
    return list(payers.order_by("name") if all_of_them else payers.filter(status="active").order_by("name"))


def draft_in_short(draft: ClaimDraft, payers: dict[str, str]) -> dict[str, Any]:
    """A draft as lists show it: what was typed as the patient's name and payer, if anything."""
    content = phi.value(draft, "content")
    last, first, payer = (_first(content.get(name)).strip() for name in ("last_name", "first_name", "payer"))
    return {
        "draft": draft,
        "patient": f"{last[:60]}, {first[:1]}" if last and first else last[:60],
        "payer": payers.get(payer, ""),
        "author": draft.author.full_name,
        "predecessor": draft.predecessor.claim_number if draft.predecessor else "",
    }


def _first(value: Any) -> str:
    """A box's text; of a name that came several times, the first."""
    return str((value[0] if value else "") if isinstance(value, list) else value or "")


def _sort(asked: str) -> str:
    return asked if asked.removeprefix("-") in SORTS else USUAL_SORT


def _order(sort: str) -> Keyset:
    direction = "desc" if sort.startswith("-") else "asc"
    return Keyset([(column, direction) for column in SORTS[sort.removeprefix("-")]])


def _columns(request: HttpRequest, sort: str) -> dict[str, dict[str, str]]:
    """For each sortable column: its state, and the address that sorts by it (the other way round if it
    does)."""
    columns = {}
    for name in SORTS:
        current = sort.removeprefix("-") == name
        upside_down = current and not sort.startswith("-")
        columns[name] = {
            "aria": ("descending" if sort.startswith("-") else "ascending") if current else "",
            "url": _with(request, sort=f"-{name}" if upside_down or not current else name, cursor=None),
        }
    return columns


def _tabs(
    request: HttpRequest, counts: dict[str, Count], current: Tab | None, drafts: Count
) -> list[dict[str, Any]]:
    tabs = [
        {
            "label": tab.label,
            "url": reverse("claims:list")
            + _with(request, tab=tab.name if tab.name != "all" else None, cursor=None),
            "current": tab is current,
            "count": counts[tab.name].text,
        }
        for tab in TABS
    ]
    own = {
        "label": _("Drafts"),
        "url": reverse("claims:drafts"),
        "current": current is None,
        "count": drafts.text,
    }
    return [tabs[0], own, *tabs[1:]]


def _with(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


def _without(request: HttpRequest, names: tuple[str, ...]) -> str:
    return reverse("claims:list") + _with(request, **dict.fromkeys((*names, "cursor")))


def _summary(count: Count) -> str:
    return _("1 claim") if count.n == 1 else _("%(count)s claims") % {"count": count.text}
