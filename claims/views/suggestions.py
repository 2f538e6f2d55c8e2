"""The suggestions behind a number of the numbers page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import UserRole
from accounts.models import Organization, User
from accounts.policies import user_of
from audit.enums import Action
from claimflow.lib.pages import Count, Keyset, capped_count
from claimflow.lib.templatetags.claimflow import PRIORITIES
from claims import policies
from claims.forms.numbers import SuggestionFilterForm
from claims.models import Claim
from claims.views.lists import seen
from intelligence.enums import OverrideReason, Verdict
from intelligence.models import LedgerEntry, LedgerOutcome
from intelligence.numbers import SMALLEST
from intelligence.presenters import in_words

PAGE = 25
NEWEST = Keyset([("made_at", "desc"), ("id", "desc")])


@dataclass(frozen=True)
class ShownSuggestion:
    """One suggestion, the claim it is about, and what the last person made of it."""

    entry: LedgerEntry
    claim: Claim
    provider: str
    answer: str
    percent: str
    reasons: list[str]
    became: str
    judged_by: str


@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    policies.require_numbers(user)
    form = SuggestionFilterForm(request.GET)
    entries = form.apply(user)
    page = NEWEST.page(entries, request.GET.get("cursor"), PAGE)
    claims = _claims(user, page.rows)
    seen(Action.CLAIMS_LISTED, claims.values())
    return render(
        request,
        "claims/suggestions.html",
        {
            "rows": _shown(page.rows, claims),
            "page": page,
            "chips": [
                {"label": chip.label, "remove_url": _without(request, chip.names)} for chip in form.chips
            ],
            "summary": _summary(capped_count(entries), is_narrow=form.is_about_a_group),
            "numbers_url": f"{reverse('payer:numbers')}?days={form.span}",
            "opens_desk": user.role == UserRole.PAYER,
        },
    )


def _claims(user: User, entries: Iterable[LedgerEntry]) -> dict[UUID, Claim]:
    """What the list and the trail need of the claims, no patient's data."""
    needed = ("id", "claim_number", "provider_id", "payer_id", "member_bidx", "bi_key_id")
    return Claim.objects.visible_to(user).only(*needed).in_bulk([entry.claim_id for entry in entries])


def _shown(entries: list[LedgerEntry], claims: dict[UUID, Claim]) -> list[ShownSuggestion]:
    outcomes = {
        outcome.entry_id: outcome
        for outcome in LedgerOutcome.objects.filter(entry__in=[entry.pk for entry in entries])
        .defer("note")  # what people wrote is not for the platform's administrators
        .exclude(reason=OverrideReason.RUN_UNDONE)
        .order_by("decided_at", "id")
    }
    people = {
        person.pk: person.full_name
        for person in User.objects.filter(pk__in=[outcome.decided_by_id for outcome in outcomes.values()])
    }
    providers = dict(
        Organization.objects.filter(pk__in=[entry.provider_id for entry in entries]).values_list("pk", "name")
    )
    return [
        ShownSuggestion(
            entry=entry,
            claim=claims[entry.claim_id],
            provider=providers.get(entry.provider_id, ""),
            answer=_label(entry.answer),
            percent="" if entry.confidence is None else f"{100 * entry.confidence:.1f} %",
            reasons=in_words(entry.reasons),
            became=_became(outcomes.get(entry.pk)),
            judged_by=_judge(outcomes.get(entry.pk), people),
        )
        for entry in entries
        if entry.claim_id in claims
    ]


def _label(answer: str) -> str:
    return str(PRIORITIES.get(answer, answer))


def _became(outcome: LedgerOutcome | None) -> str:
    if outcome is None:
        return ""
    return _("Agreed") if outcome.verdict == Verdict.AGREED else _label(outcome.answer)


def _judge(outcome: LedgerOutcome | None, people: dict[Any, str]) -> str:
    if outcome is None:
        return ""
    words = in_words([outcome.reason])[0] if outcome.reason else ""
    return ", ".join(filter(None, (people.get(outcome.decided_by_id, ""), words)))


def _without(request: HttpRequest, names: tuple[str, ...]) -> str:
    left = request.GET.copy()
    for name in (*names, "cursor"):
        left.pop(name, None)
    return f"{reverse('payer:suggestions')}?{left.urlencode()}"


def _summary(count: Count, *, is_narrow: bool) -> str:
    """A small group's size is not told, as on the numbers page."""
    if is_narrow and 0 < count.n < SMALLEST:
        return _("fewer than %(smallest)d suggestions") % {"smallest": SMALLEST}
    return _("1 suggestion") if count.text == "1" else _("%(count)s suggestions") % {"count": count.text}
