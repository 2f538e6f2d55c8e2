"""The priority of one claim on the desk: what was suggested and why, and how a person changes it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policies import user_of
from audit.enums import Action
from claimflow.lib import phi
from claimflow.lib.permissions import Forbidden, Refusal
from claimflow.lib.templatetags.claimflow import PRIORITIES
from claims import policies
from claims.actions.prioritize import override_priority
from claims.forms.desk_steps import PriorityForm
from claims.models import Assignment, Claim
from claims.views.lists import seen
from intelligence.actions.ledger import suggestion_behind
from intelligence.enums import Priority, Verdict
from intelligence.models import LedgerEntry, LedgerOutcome
from intelligence.presenters import in_words


@dataclass(frozen=True)
class Judgment:
    """What a person made of the suggestion."""

    words: str
    why: str
    note: str
    outcome: LedgerOutcome


@dataclass(frozen=True)
class ShownPriority:
    """A claim's priority as its payer reads it: with the suggestion's reasons, what each adds, and how sure it is."""

    why: list[str]
    entry: LedgerEntry | None
    parts: list[tuple[str, Decimal]]
    judgments: list[Judgment]

    @property
    def sum(self) -> Decimal:
        return sum((adds for _words, adds in self.parts), Decimal("0.00"))

    @property
    def percent(self) -> str:
        """The confidence in hundredths, never rounded up to certainty; "" when there is none."""
        if self.entry is None or self.entry.confidence is None or self.entry.failure:
            return ""
        return f"{min(self.entry.confidence * 100, Decimal('99.9')):.1f} %"

    @property
    def answer(self) -> str:
        return str(PRIORITIES.get(self.entry.answer, self.entry.answer)) if self.entry else ""


def shown_priority(claim: Claim) -> ShownPriority:
    """Two queries."""
    entry = suggestion_behind(claim)
    judged = (
        list(LedgerOutcome.objects.filter(entry=entry).select_related("decided_by").order_by("decided_at"))
        if entry
        else []
    )
    return ShownPriority(
        why=in_words(claim.priority_reasons),
        entry=entry,
        parts=list(zip(in_words(entry.reasons), entry.contributions, strict=True)) if entry else [],
        judgments=[_judgment(outcome) for outcome in judged],
    )


def _judgment(outcome: LedgerOutcome) -> Judgment:
    who = outcome.decided_by.full_name
    if outcome.verdict == Verdict.AGREED:
        return Judgment(_("%(who)s decided with this priority") % {"who": who}, "", "", outcome)
    words = _("%(who)s changed it to %(priority)s") % {
        "who": who,
        "priority": PRIORITIES.get(outcome.answer, outcome.answer),
    }
    return Judgment(words, in_words([outcome.reason])[0], phi.value(outcome, "note") or "", outcome)


@require_http_methods(["GET", "POST"])
def change_priority(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    user = user_of(request)
    claim = _claim_or_404(user, claim_id)
    policies.require_worker(user)
    form = PriorityForm(request.POST if request.method == "POST" else None, now=Priority(claim.priority))
    if request.method == "POST" and form.is_valid():
        return _changed(request, claim, form.answer, user)
    try:
        policies.require_prioritize(claim, _lease(claim, user), user)
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("payer:desk", claim.pk)
    seen(Action.CLAIM_VIEWED, [claim])
    return render(
        request, "claims/desk_priority.html", {"claim": claim, "form": form, "shown": shown_priority(claim)}
    )


def _changed(request: HttpRequest, claim: Claim, answer: dict[str, Any], user: User) -> HttpResponse:
    try:
        changed = override_priority(claim_id=claim.pk, by=user, **answer)
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request,
            _("The priority of claim %(number)s is now %(priority)s.")
            % {"number": claim.claim_number, "priority": str(PRIORITIES[changed.priority]).lower()},
        )
    return redirect("payer:desk", claim.pk)


def _claim_or_404(user: User, claim_id: UUID) -> Claim:
    claims = Claim.objects.visible_to(user).exclude(claim_number=None).select_related("payer", "provider")
    claim: Claim = get_object_or_404(claims, pk=claim_id)
    return claim


def _lease(claim: Claim, user: User) -> Assignment | None:
    lease: Assignment | None = Assignment.objects.visible_to(user).filter(claim=claim).first()
    return lease
