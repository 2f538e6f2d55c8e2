"""The reading desk: pay, pend or deny, and why?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.policies import user_of
from audit.enums import Action
from audit.policies import can_read
from claimflow.lib import kept, phi
from claimflow.lib.permissions import Forbidden, Refusal
from claimflow.middleware.gate import stands_on
from claims import policies
from claims.actions import assign as assigning
from claims.actions import decide as deciding
from claims.actions import note as noting
from claims.actions import pend as pending
from claims.actions import pull as pulling
from claims.actions import release as releasing
from claims.actions.authority import NeedsSecondLook, is_second_look, reach_of
from claims.actions.propose import (
    SavedElsewhere,
    ask_second,
    guard_version,
    open_proposal,
    return_proposal,
    save_proposal,
)
from claims.adjudication import outcome_of_claim
from claims.enums import ClaimState, DenialReason, LineOutcome, ProposalState
from claims.forms.desk import DeskForms, coding_of, is_ours
from claims.forms.desk_line import ReasonList
from claims.forms.desk_steps import AssignForm, NoteForm, PendForm, ReleaseForm, ReturnForm
from claims.models import Assignment, Claim, Hold, Proposal
from claims.presenters import PEND_LABELS, shown_decision
from claims.views import desk_facts
from claims.views.lists import seen
from claims.views.priority import shown_priority
from claims.workflow import allows
from codes.enums import GroupCode

DONE: dict[str, str | Promise] = {
    LineOutcome.APPROVED: gettext_lazy("Claim %(number)s was approved."),
    LineOutcome.PARTIALLY_APPROVED: gettext_lazy("Claim %(number)s was approved in part."),
    LineOutcome.DENIED: gettext_lazy("Claim %(number)s was denied."),
}


@require_GET
def desk(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The claim, and the decision form for whoever holds it; for everybody else what was decided, or how to take
    it."""
    user = user_of(request)
    claim = _claim_or_404(user, claim_id)
    policies.require_desk_reader(user)
    proposal = open_proposal(claim)
    forms = None
    facts = desk_facts.coverage_facts(claim)
    if _lease(claim, user, mine=True) and policies.can_decide(user):
        typed = kept.taken()
        if typed is not None:
            data: dict[str, str] | None = _ours(typed)
        else:
            data = phi.value(proposal, "content") if proposal else None
        forms = _forms(claim, facts, data, proposal)
        is_read = forms.read()
        if request.GET.get("checked") and is_read:
            forms.show(_findings(forms))
    checked = bool(request.GET.get("checked")) and forms is not None and not forms.errors
    return _page(request, claim, facts, forms=forms, proposal=proposal, is_balanced=checked)


@stands_on("payer:desk")
@require_POST
def decide(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """One form, several buttons: add a reason to a line, price, check, save, pend, deny the whole claim, send the
    decision."""
    user = user_of(request)
    claim = _claim_or_404(user, claim_id)
    policies.require_worker(user)
    facts = desk_facts.coverage_facts(claim)
    forms = _forms(claim, facts, _ours(request.POST), None, more_of=request.POST.get("add_reason", ""))
    if "add_reason" in request.POST:
        forms.read()
        return _typed_again(request, claim, facts, forms)
    press = PRESSES.get(request.POST.get("press", ""), _send)
    try:
        return press(request, claim, forms)
    except SavedElsewhere as refusal:
        forms.data["version"] = str(refusal.version)
        return _typed_again(request, claim, facts, forms, refusal)
    except deciding.DecisionRefused as refusal:
        forms.show(refusal.findings)
        return _typed_again(request, claim, facts, forms)
    except Forbidden:
        raise
    except Unreadable:
        return _typed_again(request, claim, facts, forms)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("payer:desk", claim.pk)


@stands_on("payer:desk")
@require_POST
def take(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _step(request, claim_id, lambda claim, user: pulling.pick(claim_id=claim.pk, by=user), None)


@stands_on("payer:desk")
@require_POST
def resume(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _step(request, claim_id, lambda claim, user: pending.resume(claim_id=claim.pk, by=user), None)


@stands_on("payer:desk")
@require_POST
def release(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose why you release the claim."))
        return _step(request, claim_id, lambda _claim, user: policies.require_worker(user), None)
    return _step(
        request,
        claim_id,
        lambda claim, user: releasing.release(claim_id=claim.pk, reason=form.reason, by=user),
        _("Claim %(number)s is back in the queue."),
    )


@stands_on("payer:desk")
@require_POST
def return_work(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The second look sends the proposed decision back."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what should change before you return the decision."))
        return _step(request, claim_id, lambda _claim, user: policies.require_worker(user), None)
    return _step(
        request,
        claim_id,
        lambda claim, user: return_proposal(claim_id=claim.pk, comment=form.cleaned_data["comment"], by=user),
        _("The proposed decision on %(number)s went back."),
    )


@stands_on("payer:desk")
@require_POST
def assign(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """A supervisor gives the claim to a colleague, or takes it from one for another."""
    user = user_of(request)
    _claim_or_404(user, claim_id)
    policies.require_assign(user)
    form = AssignForm(request.POST, workers=desk_facts.workers_of(user))
    if not form.is_valid():
        messages.error(request, _("Nobody was assigned. Choose a person of the list, who works the queue."))
        return redirect("payer:desk", claim_id)
    return _step(
        request,
        claim_id,
        lambda claim, user: assigning.assign(
            claim_id=claim.pk,
            adjudicator=form.chosen,
            instead_of=form.cleaned_data["instead_of"],
            by=user,
        ),
        _("Claim %(number)s was assigned to %(who)s."),
        who=form.chosen.full_name,
    )


@require_http_methods(["GET", "POST"])
def pend(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    user = user_of(request)
    claim = _claim_or_404(user, claim_id)
    policies.require_worker(user)
    form = PendForm(request.POST) if request.method == "POST" else PendForm()
    if request.method == "POST" and form.is_valid():
        return _step(
            request,
            claim_id,
            lambda claim, user: pending.pend(
                claim_id=claim.pk,
                reasons=form.chosen,
                note=form.cleaned_data["note"],
                until=form.moment,
                no_timer_because=form.cleaned_data["no_timer_because"],
                by=user,
            ),
            _("Claim %(number)s was pended."),
        )
    if request.method == "GET" and not _lease(claim, user, mine=True):
        messages.error(request, _("This claim is not on your desk, so it cannot be pended."))
        return redirect("payer:desk", claim.pk)
    return render(request, "claims/desk_pend.html", {"claim": claim, "form": form})


@stands_on("payer:desk")
@require_POST
def add_note(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["body"]))
        return _step(request, claim_id, lambda _claim, user: policies.require_worker(user), None)
    return _step(
        request,
        claim_id,
        lambda claim, user: noting.add_note(claim_id=claim.pk, body=form.cleaned_data["body"], by=user),
        _("The note was added."),
    )


def _step(
    request: HttpRequest,
    claim_id: UUID,
    act: Callable[[Claim, User], Any],
    done: str | None,
    **names: str,
) -> HttpResponse:
    """One action on one claim: a sentence when it is refused, and back to where the work goes on. ``names`` are
    told in ``done`` beside the claim's number."""
    user = user_of(request)
    claim = _claim_or_404(user, claim_id)
    try:
        act(claim, user)
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("payer:desk", claim.pk)
    if done:
        messages.success(request, done % {"number": claim.claim_number, **names} if "%" in done else done)
    left = not Assignment.objects.visible_to(user).filter(claim=claim, adjudicator=user).exists()
    return redirect("payer:queue") if done and left and "%" in done else redirect("payer:desk", claim.pk)


# --- The buttons of the decision form ----------------------------------------------------------------------------


class Unreadable(Exception):
    """Something typed could not be read; the forms say what and where."""


def _send(request: HttpRequest, claim: Claim, forms: DeskForms) -> HttpResponse:
    _read(forms)
    guard_version(claim=claim, version=forms.version)
    try:
        with transaction.atomic():
            decision = deciding.decide(
                claim_id=claim.pk,
                proposals=forms.proposals,
                reason=forms.head.reason,
                explanation=forms.explanation,
                notes=forms.notes,
                by=user_of(request),
            )
    except NeedsSecondLook as refusal:
        ask_second(claim_id=claim.pk, content=forms.content(), version=forms.version, by=user_of(request))
        asked = _("Nothing was decided yet: it waits for a colleague's second look.")
        messages.info(request, f"{refusal.sentence} {asked}")
        return redirect("payer:queue")
    messages.success(request, str(DONE[decision.outcome]) % {"number": claim.claim_number})
    return redirect("payer:queue")


def _deny(request: HttpRequest, claim: Claim, forms: DeskForms) -> HttpResponse:
    forms.deny_all()
    return _send(request, claim, forms)


def _price(request: HttpRequest, claim: Claim, forms: DeskForms) -> HttpResponse:
    _read(forms)
    save_proposal(claim_id=claim.pk, content=forms.priced(), version=forms.version, by=user_of(request))
    return _back(claim)


def _check(request: HttpRequest, claim: Claim, forms: DeskForms) -> HttpResponse:
    _read(forms)
    save_proposal(claim_id=claim.pk, content=forms.content(), version=forms.version, by=user_of(request))
    return _back(claim, "?checked=1")


def _save(request: HttpRequest, claim: Claim, forms: DeskForms) -> HttpResponse:
    """Anything typed is kept, also what cannot be read yet."""
    save_proposal(claim_id=claim.pk, content=forms.content(), version=forms.version, by=user_of(request))
    messages.success(request, _("Saved. The claim stays on your desk."))
    return _back(claim)


def _save_and_pend(request: HttpRequest, claim: Claim, forms: DeskForms) -> HttpResponse:
    save_proposal(claim_id=claim.pk, content=forms.content(), version=forms.version, by=user_of(request))
    return redirect("payer:pend", claim.pk)


PRESSES: dict[str, Callable[[HttpRequest, Claim, DeskForms], HttpResponse]] = {
    "send": _send,
    "deny": _deny,
    "price": _price,
    "check": _check,
    "save": _save,
    "pend": _save_and_pend,
}


def _read(forms: DeskForms) -> None:
    if not forms.read():
        raise Unreadable


def _back(claim: Claim, query: str = "") -> HttpResponse:
    response = redirect("payer:desk", claim.pk)
    response["Location"] += f"{query}#decision"
    return response


def _findings(forms: DeskForms) -> list[Any]:
    return deciding.judge(
        [own.facts for own in forms.lines],
        forms.proposals,
        reason=forms.head.reason,
        explanation=forms.explanation,
    )


# --- The page ----------------------------------------------------------------------------------------------------


def _claim_or_404(user: User, claim_id: UUID) -> Claim:
    """A stranger's claim is not there; a claim without a number is not the payer's yet."""
    claim: Claim = get_object_or_404(
        Claim.objects.visible_to(user).exclude(claim_number=None).select_related("payer", "provider", "plan"),
        pk=claim_id,
    )
    return claim


def _lease(claim: Claim, user: User, *, mine: bool = False) -> Assignment | None:
    if claim.state != ClaimState.IN_REVIEW:
        return None
    leases = Assignment.objects.visible_to(user).filter(claim=claim).select_related("adjudicator")
    lease: Assignment | None = leases.first()
    return lease if lease and (not mine or lease.adjudicator_id == user.pk) else None


def _ours(typed: QueryDict) -> dict[str, str]:
    return {name: text for name, text in typed.items() if is_ours(name) and isinstance(text, str)}


def _forms(
    claim: Claim,
    facts: desk_facts.CoverageFacts,
    data: dict[str, str] | None,
    proposal: Proposal | None,
    *,
    more_of: str = "",
) -> DeskForms:
    return DeskForms(
        list(claim.lines.order_by("line_no")),
        reasons=ReasonList.load(),
        pricing=facts.pricing,
        data=data,
        version=proposal.version if proposal else 0,
        more_of=more_of,
    )


def _typed_again(
    request: HttpRequest,
    claim: Claim,
    facts: desk_facts.CoverageFacts,
    forms: DeskForms,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page with everything as it was typed. Somebody who lost the claim meanwhile is told so instead."""
    user = user_of(request)
    if not _lease(claim, user, mine=True):
        messages.error(
            request,
            _("This claim is not on your desk any more. Nothing was changed; this is where it stands."),
        )
        return redirect("payer:desk", claim.pk)
    if refusal is not None:
        forms.read()
    return _page(
        request,
        claim,
        facts,
        forms=forms,
        proposal=None,
        refusal=refusal.sentence if refusal else "",
    )


def _page(
    request: HttpRequest,
    claim: Claim,
    facts: desk_facts.CoverageFacts,
    *,
    forms: DeskForms | None,
    proposal: Proposal | None,
    refusal: str = "",
    is_balanced: bool = False,
) -> HttpResponse:
    user = user_of(request)
    lines = [own.line for own in forms.lines] if forms else list(claim.lines.order_by("line_no"))
    lease = _lease(claim, user)
    hold = _hold(claim)
    history = desk_facts.history_of(claim)
    shown = desk_facts.shown_lines(lines)
    score = desk_facts.score_of(claim)
    seen(Action.CLAIM_VIEWED, [claim])
    if history:
        seen(Action.CLAIMS_LISTED, history)
    return render(
        request,
        "claims/desk.html",
        {
            "claim": claim,
            "person": desk_facts.person_of(claim),
            "coverage": facts,
            "lines": shown,
            "decision_lines": list(zip(forms.lines, shown, strict=True)) if forms else [],
            "diagnoses": desk_facts.diagnoses_of(claim),
            "score": score,
            "findings": desk_facts.findings_of(claim, score),
            "history": history,
            "notes": desk_facts.notes_of(claim),
            "may_read_trail": can_read(user),
            "timeline": desk_facts.timeline_of(claim, user),
            "decision": shown_decision(claim, lines),
            "forms": forms,
            "totals": forms.totals if forms else None,
            "outcome": _outcome(forms),
            "refusal": refusal,
            "patient_reasons": _patient_reasons(facts),
            "is_balanced": is_balanced,
            "proposal": proposal,
            "lease": lease,
            "is_mine": lease is not None and lease.adjudicator_id == user.pk,
            "lease_until": desk_facts.until_words(lease.until) if lease else "",
            "hold": hold,
            "hold_reasons": _reasons(hold),
            "hold_note": phi.value(hold, "note") if hold else "",
            "hold_why_open": phi.value(hold, "no_timer_because") if hold else "",
            "may_take": policies.can_work_queue(user) and _is_free(claim, lease, user),
            "may_resume": policies.can_work_queue(user) and claim.state == ClaimState.PENDED,
            "may_note": policies.can_work_queue(user),
            "priority": shown_priority(claim),
            "may_prioritize": policies.can_prioritize(user, claim, lease),
            "assign_form": _assign_form(claim, lease, user),
            "note_form": NoteForm(),
            "release_form": ReleaseForm(),
            "return_form": ReturnForm(),
            **_second_look(claim, user),
        },
    )


def _second_look(claim: Claim, user: User) -> dict[str, Any]:
    """Who proposed the decision, what a returned one should change, and how far the person decides alone."""
    is_open = claim.state in (ClaimState.RECEIVED, ClaimState.IN_REVIEW)
    proposal = open_proposal(claim) if is_open else None
    awaits = proposal is not None and proposal.state == ProposalState.AWAITING_SECOND
    returned = proposal if proposal and proposal.state == ProposalState.RETURNED else None
    decides = policies.can_decide(user)
    alone = reach_of(claim, user).alone if decides else None
    return {
        "awaits_second": awaits,
        "proposer": proposal.proposer if proposal and awaits else None,
        "is_second_look": is_second_look(proposal, user),
        "returned_because": phi.value(returned, "comment") if returned else "",
        "decides_alone": alone,
        "is_unbounded": decides and alone is None,
    }


def _hold(claim: Claim) -> Hold | None:
    if claim.state != ClaimState.PENDED:
        return None
    holds = Hold.objects.filter(claim=claim, payer_id=claim.payer_id, resolved_at=None)
    hold: Hold | None = holds.select_related("placed_by").first()
    return hold


def _reasons(hold: Hold | None) -> list[str]:
    return [str(words) for reason, words in PEND_LABELS.items() if hold and reason.value in hold.reasons]


def _patient_reasons(facts: desk_facts.CoverageFacts) -> str:
    """The shortcuts whose refusal the patient owes, for the running totals."""
    codings = {reason: coding_of(reason, facts.standing) for reason in DenialReason}
    return " ".join(
        reason.value for reason, coding in codings.items() if coding and coding.group == GroupCode.PATIENT
    )


def _is_free(claim: Claim, lease: Assignment | None, user: User) -> bool:
    if claim.state == ClaimState.RECEIVED:
        return True
    if lease is None or lease.adjudicator_id == user.pk:
        return False
    return lease.until < timezone.now() or policies.can_supervise(user)


def _assign_form(claim: Claim, lease: Assignment | None, user: User) -> AssignForm | None:
    """None for whoever may not assign this claim."""
    state = ClaimState(claim.state)
    if not policies.can_assign(user) or not (allows("assign", state) or allows("take_over", state)):
        return None
    return AssignForm(
        workers=desk_facts.workers_of(user),
        holder=lease.adjudicator_id if lease is not None else None,
        skills=desk_facts.skills_of(user),
    )


def _outcome(forms: DeskForms | None) -> str:
    """What would be sent now: the word on the button. "approved" until everything can be read."""
    if forms is None or len(forms.proposals) != len(forms.lines):
        return LineOutcome.APPROVED.value
    return outcome_of_claim(forms.proposals).value
