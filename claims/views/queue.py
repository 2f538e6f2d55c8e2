"""The payer's lists: what should I do next?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Organization, User
from accounts.policies import user_of
from audit.enums import Action
from claimflow.lib.pages import Count, Keyset, capped_counts
from claimflow.lib.permissions import Forbidden, Refusal
from claimflow.middleware.gate import stands_on
from claims import policies
from claims.actions.authority import authority_of
from claims.actions.pull import QUEUE_ORDER, pull
from claims.enums import FrequencyCode, Severity, Stage, Turn
from claims.forms.queue import AT_RISK, DecidedFilterForm, QueueFilterForm
from claims.models import Assignment, Claim, ClaimFinding, Hold, ServiceLine
from claims.presenters import PEND_LABELS, patient_in_short
from claims.views.lists import seen
from codes.models import Procedure
from intelligence.enums import Priority, PrioritySource, SuggestionKind
from intelligence.families import category_of
from intelligence.models import LedgerEntry
from intelligence.presenters import in_words

PAGE = 25
MOST_PROVIDERS = 500
SUGGESTED = (PrioritySource.RULES, PrioritySource.MODEL)
RANKS = tuple(priority.rank for priority in Priority)
SHOWN = (
    "id", "claim_number", "state", "turn", "priority", "rank", "rank_desc", "due_at", "received_at", "seq",
    "billed_amount", "paid_amount", "provider_id", "payer_id", "provider__name", "member_bidx", "bi_key_id",
    "patient_first_name", "patient_last_name", "adjudicated_at", "coverage_id", "frequency_code",
    "has_other_coverage", "accident_types", "cpt_code", "priority_source", "priority_reasons",
)  # fmt: skip


def ascending(*names: str) -> Keyset:
    return Keyset([(name, "asc") for name in names])


def descending(*names: str) -> Keyset:
    return Keyset([(name, "desc") for name in names])


OLDEST_DUE = ascending(*QUEUE_ORDER)
NEWEST = descending("rank_desc", "received_at", "seq")


@dataclass(frozen=True)
class Tab:
    """A tab of the queue page, with its order and what stands there when it is empty."""

    name: str
    label: str | Promise
    order: Keyset
    empty_title: str | Promise
    empty_text: str | Promise


TABS = (
    Tab(
        "available",
        gettext_lazy("Available"),
        OLDEST_DUE,
        gettext_lazy("Nothing is waiting"),
        gettext_lazy("New claims stand here as soon as providers send them, the most urgent first."),
    ),
    Tab(
        "mine",
        gettext_lazy("Mine"),
        ascending("due_at", "seq"),
        gettext_lazy("Your desk is empty"),
        gettext_lazy("Claims that you take stand here until you decide, pend or release them."),
    ),
    Tab(
        "second",
        gettext_lazy("Second look"),
        ascending("due_at", "seq"),
        gettext_lazy("Nothing waits for a second look"),
        gettext_lazy("Decisions above somebody's limit stand here until a colleague makes or returns them."),
    ),
    Tab(
        "pended",
        gettext_lazy("Pended"),
        ascending("due_at", "seq"),
        gettext_lazy("No claim is pended"),
        gettext_lazy("Claims that wait for an answer or a check stand here, with the day they come back."),
    ),
    Tab(
        "decided",
        gettext_lazy("Decided"),
        descending("adjudicated_at", "seq"),
        gettext_lazy("No decision yet"),
        gettext_lazy("Approved and denied claims stand here, the newest decision first."),
    ),
)
BY_NAME = {tab.name: tab for tab in TABS}
COUNTED: dict[str, tuple[str, ...]] = {
    "available": QUEUE_ORDER,
    "mine": (),
    "second": (),
    "pended": ("due_at", "seq"),
    "decided": ("-adjudicated_at", "-seq"),
}
"""The order of an index, so that a capped count stops early in it."""


@dataclass
class Row:
    """A claim as the table shows it."""

    claim: Claim
    patient: str
    services: str = ""
    more: int = 0
    """Lines behind the first."""
    flags: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of tone and words."""
    until: Any = None
    """The end of a lease or the timer of a hold."""
    reasons: str = ""
    why: str = ""
    """Why it has its priority, and how sure the suggestion was."""


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Scope, filter, order, page; one query for each part of the page, whatever the number of rows."""
    user = user_of(request)
    policies.require_worker(user)
    tab = BY_NAME.get(request.GET.get("tab", ""), TABS[0])
    form = filter_form(request, tab.name)
    lists = lists_of(user)
    filtered = form.apply(lists[tab.name])
    order = NEWEST if form.newest_first and tab.name == "available" else tab.order
    page = order.page(filtered.select_related("provider").only(*SHOWN), request.GET.get("cursor"), PAGE)
    seen(Action.CLAIMS_LISTED, page.rows)
    counts = capped_counts(
        {name: own.order_by(*COUNTED[name]) for name, own in lists.items()}
        | at_risk_of(user)
        | {"filtered": filtered.order_by(*COUNTED[tab.name])}
    )
    return render(
        request,
        "claims/queue.html",
        {
            "form": form,
            "tab": tab,
            "tabs": _tabs(counts, tab),
            "stats": _stats(counts),
            "page": page,
            "rows": rows_of(page.rows, tab.name, _skills(user) if tab.name == "available" else ()),
            "chips": [
                {"label": chip.label, "remove_url": _without(request, chip.names)} for chip in form.chips
            ],
            "summary": _summary(counts["filtered"]),
            "reset_url": _url(tab.name),
            "today_url": _today_url(user),
            "export_url": reverse("payer:export") + _with(request, tab=None, cursor=None),
            "may_export": policies.can_export(user),
            "may_recategorize": policies.can_recategorize(user),
        },
    )


@stands_on("payer:queue")
@require_POST
def claim_next(request: HttpRequest) -> HttpResponse:
    """The most urgent waiting claim onto the person's desk."""
    user = user_of(request)
    try:
        claim = pull(by=user)
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(_url("mine"))
    if claim is None:
        messages.info(request, _("Nothing is waiting. New claims appear here as providers send them."))
        return redirect("payer:queue")
    return redirect("payer:desk", claim.pk)


# --- The lists -------------------------------------------------------------------------------------------------


def lists_of(user: User) -> dict[str, QuerySet[Any]]:
    """The claims of each tab."""
    mine = Claim.objects.visible_to(user)
    return {
        "available": mine.waiting(),
        "mine": mine.leased_to(user).filter(assignments__payer=user.organization_id),
        "second": mine.awaiting_second(),
        "pended": mine.pended(),
        "decided": mine.decided(),
    }


def at_risk_of(user: User) -> dict[str, QuerySet[Any]]:
    """Waiting claims that are due soon or late: both are ranges of the queue's index, rank by rank."""
    waiting, now = Claim.objects.visible_to(user).waiting().filter(rank__in=RANKS), timezone.now()
    return {
        "soon": waiting.filter(due_at__gte=now, due_at__lt=now + AT_RISK),
        "overdue": waiting.filter(due_at__lt=now),
    }


def filter_form(request: HttpRequest, tab: str) -> QueueFilterForm:
    user = user_of(request)
    providers = list(
        Organization.objects.filter(kind="provider", status="active").order_by("name")[:MOST_PROVIDERS]
    )
    if tab == "decided":
        return DecidedFilterForm(request.GET, providers=providers, zone=user.time_zone)
    return QueueFilterForm(request.GET, providers=providers)


# --- Rows ------------------------------------------------------------------------------------------------------


def rows_of(claims: Sequence[Claim], tab: str, skills: Collection[str] = ()) -> list[Row]:
    """Names opened, services in words, flags: five queries at most for any number of rows. ``skills`` are the
    categories of service that the reader knows well."""
    rows = {claim.pk: Row(claim, patient_in_short(claim), flags=_flags(claim)) for claim in claims}
    if not rows:
        return []
    ids = list(rows)
    for claim_id, (words, more) in services_in_words(ids).items():
        rows[claim_id].services, rows[claim_id].more = words, more
    for claim_id in (
        ClaimFinding.objects.filter(
            claim__in=ids, stage=Stage.RECEIPT, severity__in=(Severity.WARNING, Severity.ERROR)
        )
        .values_list("claim_id", flat=True)
        .distinct()
    ):
        rows[claim_id].flags.insert(0, ("warning", _("Check")))
    if skills and tab == "available":
        own = _categories({claim.cpt_code for claim in claims})
        for claim in claims:
            if own.get(claim.cpt_code) in skills:
                rows[claim.pk].flags.append(("good", _("Your skill")))
    for claim_id, words in priority_in_words(rows).items():
        rows[claim_id].why = words
    if tab == "mine":
        for claim_id, until in Assignment.objects.filter(claim__in=ids).values_list("claim_id", "until"):
            rows[claim_id].until = until
    if tab == "pended":
        for hold in Hold.objects.filter(claim__in=ids, resolved_at=None).only("claim_id", "until", "reasons"):
            rows[hold.claim_id].until = hold.until
            rows[hold.claim_id].reasons = ", ".join(
                str(words) for reason, words in PEND_LABELS.items() if reason.value in hold.reasons
            )
    return list(rows.values())


def _categories(codes: Collection[str]) -> dict[str, str | None]:
    """Each procedure's category of service: the demonstration's by its row, all others by their number."""
    listed = dict(Procedure.objects.filter(code__in=codes).values_list("code", "category"))
    return {code: listed.get(code) or category_of(code) for code in codes}


def _skills(user: User) -> frozenset[str]:
    authority = authority_of(user)
    return frozenset(authority.skills) if authority else frozenset()


def services_in_words(claim_ids: Sequence[UUID]) -> dict[UUID, tuple[str, int]]:
    """ "Emergency visit" and 3: the first line's procedure in our own words, else its code, and how many more."""
    codes: dict[UUID, list[str]] = {}
    lines = ServiceLine.objects.filter(claim__in=claim_ids).order_by("claim_id", "line_no")
    for claim_id, code in lines.values_list("claim_id", "procedure_code"):
        codes.setdefault(claim_id, []).append(code)
    first = {own[0] for own in codes.values()}
    words = dict(Procedure.objects.filter(code__in=first).values_list("code", "description"))
    return {claim_id: (words.get(own[0], own[0]), len(own) - 1) for claim_id, own in codes.items()}


def priority_in_words(rows: Mapping[UUID, Row]) -> dict[UUID, str]:
    """ "Therapy. Confidence 84.9 %": the claim's reasons, and of the suggestion that it follows how sure it is."""
    said = LedgerEntry.objects.filter(
        organization__in={row.claim.payer_id for row in rows.values()},
        claim_id__in=list(rows),
        kind=SuggestionKind.PRIORITY,
        is_shadow=False,
        failure="",
    ).order_by("made_at")
    sure = {
        (claim_id, answer): confidence
        for claim_id, answer, confidence in said.values_list("claim_id", "answer", "confidence")
    }
    words = {}
    for claim_id, row in rows.items():
        words[claim_id] = ", ".join(in_words(row.claim.priority_reasons))
        confidence = sure.get((claim_id, row.claim.priority))
        if confidence is not None and row.claim.priority_source in SUGGESTED:
            words[claim_id] += ". " + _("Confidence %(percent)s") % {
                "percent": f"{min(confidence * 100, Decimal('99.9')):.1f} %"
            }
    return words


def _flags(claim: Claim) -> list[tuple[str, str]]:
    flags = []
    if claim.coverage_id is None:
        flags.append(("warning", _("Member not found")))
    if claim.frequency_code == FrequencyCode.REPLACEMENT:
        flags.append(("accent", _("Replacement")))
    if claim.frequency_code == FrequencyCode.VOID:
        flags.append(("accent", _("Void request")))
    if claim.has_other_coverage:
        flags.append(("neutral", _("Other insurance")))
    if claim.accident_types:
        flags.append(("neutral", _("Accident")))
    if claim.turn == Turn.PROVIDER:
        flags.append(("neutral", _("Provider's turn")))
    return flags


# --- Words and addresses ---------------------------------------------------------------------------------------


def _stats(counts: dict[str, Count]) -> list[dict[str, Any]]:
    soon, overdue = counts["soon"], counts["overdue"]
    return [
        {"value": counts["available"].text, "label": _("Available"), "url": _url()},
        {"value": counts["mine"].text, "label": _("Mine"), "url": _url("mine")},
        {
            "value": soon.text,
            "label": _("At risk"),
            "url": _url(due="soon"),
            "tone": "warning" if soon.n else "",
            "hint": _("due within 24 h"),
        },
        {
            "value": overdue.text,
            "label": _("Overdue"),
            "url": _url(due="overdue"),
            "tone": "urgent" if overdue.n else "",
        },
    ]


def _tabs(counts: dict[str, Count], current: Tab) -> list[dict[str, Any]]:
    return [
        {
            "label": tab.label,
            "url": _url(tab.name),
            "current": tab is current,
            "count": counts[tab.name].text,
        }
        for tab in TABS
    ]


def _url(tab: str = "available", **query: str) -> str:
    if tab != "available":
        query = {"tab": tab, **query}
    return reverse("payer:queue") + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def _today_url(user: User) -> str:
    today = timezone.localdate(timezone=user.time_zone).isoformat()
    return _url("decided", decided_from=today, decided_to=today)


def _with(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}" if query else ""


def _without(request: HttpRequest, names: tuple[str, ...]) -> str:
    return reverse("payer:queue") + _with(request, **dict.fromkeys((*names, "cursor")))


def _summary(count: Count) -> str:
    return ngettext("%(count)s claim", "%(count)s claims", count.n) % {"count": count.text}
