"""Whole claims: lines, diagnoses, snapshot and number, as the database demands them. Use in a system
context."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import factory
from django.utils import timezone

from accounts.models import User
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.money import ZERO, total
from claims.actions.assign_number import assign_number
from claims.enums import ClaimState, Clock, LineOutcome, Turn
from claims.models import (
    Adjustment,
    AdjustmentRemark,
    Assignment,
    Claim,
    ClaimDraft,
    ClaimSnapshot,
    Decision,
    Diagnosis,
    Hold,
    LineDecision,
    PayerNote,
    Proposal,
    ProviderNote,
    RuleSet,
    RuleSetInternal,
    ServiceLine,
)
from claims.workflow import clock_of, public_status_of, turn_of
from intelligence.enums import Priority
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.members import npi

STANDING = ("state", "public_status", "turn", "clock")
BEYOND_RECEIPT = {"in_review": "payer", "pended": "system", "voided": "provider"}
"""Who takes a received claim there."""
LINE = {"procedure_system": "demo", "procedure_code": "X0001", "charge": Decimal("125.00")}


class ClaimFactory(factory.django.DjangoModelFactory):
    """A claim in any state before a decision (``decide`` gives it one).

    ``lines`` are dicts over ``LINE``, ``diagnoses`` are codes; totals and first codes follow from them.
    ``numbered=False`` leaves the claim as the provider submitted it, without its number. ``day`` numbers
    another day.
    """

    class Meta:
        model = Claim

    provider = factory.SubFactory(OrganizationFactory)
    payer = factory.SubFactory(OrganizationFactory, payer=True)
    submitted_by = factory.SubFactory(UserFactory, organization=factory.SelfAttribute("..provider"))
    form_token = factory.LazyFunction(uuid4)
    line_of_business = "commercial"
    jurisdiction = "NY"
    state = ClaimState.RECEIVED.value
    public_status = factory.LazyAttribute(lambda claim: public_status_of(ClaimState(claim.state)))
    turn = factory.LazyAttribute(lambda claim: turn_of(ClaimState(claim.state)))
    clock = factory.LazyAttribute(lambda claim: clock_of(ClaimState(claim.state)))
    submitted_at = factory.LazyFunction(timezone.now)
    received_at = factory.SelfAttribute("submitted_at")
    due_at = factory.LazyAttribute(
        lambda claim: (
            claim.received_at
            if claim.state == ClaimState.SUBMITTED
            else claim.received_at + timedelta(days=30)
        )
    )
    billing_npi = npi(1)
    billing_name = "Riverside Billing"
    patient_first_name = "Adaeze"
    patient_last_name = factory.Sequence(lambda n: f"Okafor{n}")
    patient_birth_date = date(1965, 3, 14)
    patient_sex = "F"
    member_id = factory.Sequence(lambda n: f"W{n:09d}")

    priority = Priority.STANDARD.value
    lines: Any = factory.LazyFunction(lambda: [{}])
    diagnoses: Any = factory.LazyFunction(lambda: ["I10"])
    numbered = True
    day: date | None = None

    @classmethod
    def _create(cls, *_args: Any, **kwargs: Any) -> Claim:
        lines, codes = kwargs.pop("lines"), kwargs.pop("diagnoses")
        numbered, day = kwargs.pop("numbered"), kwargs.pop("day")
        full = [line_values(line) for line in lines]
        wanted = {name: kwargs.pop(name) for name in STANDING}
        claim = Claim(
            **{
                "billed_amount": total(line["charge"] for line in full),
                "service_date": min((line["date_from"] for line in full), default=date.today()),
                "service_date_to": max((line["date_to"] for line in full), default=date.today()),
                "cpt_code": full[0]["procedure_code"] if full else "X0001",
                "icd10_code": codes[0] if codes else "I10",
                **kwargs,
            }
        )
        claim.set_priority(Priority(claim.priority))
        phi.fill_blind_indexes(claim)
        claim.save(force_insert=True)
        ServiceLine.objects.bulk_create(
            ServiceLine(**claim.as_parent(), **{"line_no": number, **line})
            for number, line in enumerate(full, start=1)
        )
        Diagnosis.objects.bulk_create(
            Diagnosis(**claim.as_parent(), letter=chr(ord("A") + number), code=code)
            for number, code in enumerate(codes)
        )
        ClaimSnapshot.of(claim, {"form": 1}).save(force_insert=True)
        if numbered:
            number_and_move(claim, wanted, day)
        return claim


def number_and_move(claim: Claim, wanted: dict[str, Any], day: date | None) -> None:
    """Number the claim as it is received or rejected, then walk it to the state that was asked for."""
    first = ClaimState.RECEIVED if wanted["state"] in BEYOND_RECEIPT else ClaimState(wanted["state"])
    if first == ClaimState.SUBMITTED:
        return
    move(claim, wanted if first == wanted["state"] else standing_of(first))
    assign_number(claim=claim, day=day, saving=STANDING)
    if side := BEYOND_RECEIPT.get(wanted["state"]):
        with acting_as(side, "test", organization=getattr(claim, f"{side}_id", None)):
            move(claim, wanted)
            claim.touch(*STANDING)


def standing_of(state: ClaimState) -> dict[str, Any]:
    return {
        "state": state,
        "public_status": public_status_of(state),
        "turn": turn_of(state),
        "clock": clock_of(state),
    }


def move(claim: Claim, standing: dict[str, Any]) -> None:
    for name, value in standing.items():
        setattr(claim, name, value)


def line_values(line: dict[str, Any]) -> dict[str, Any]:
    day = line.get("date_from", date.today() - timedelta(days=7))
    return {**LINE, "pointers": ["A"], "date_from": day, "date_to": day, "place_of_service": "11", **line}


def lease(claim: Claim, user: User, *, minutes: int = 30) -> Assignment:
    """Put a waiting claim on an adjudicator's desk, as the payer."""
    with acting_as("payer", user=user, organization=claim.payer_id):
        claim.state = ClaimState.IN_REVIEW
        claim.touch("state")
        assignment = Assignment(
            **claim.as_parent(),
            adjudicator=user,
            assigned_by=user,
            until=timezone.now() + timedelta(minutes=minutes),
        )
        assignment.save(force_insert=True)
    return assignment


def decide(
    claim: Claim, *, by: User, outcome: str = "approved", outcomes: Sequence[str] | None = None
) -> Decision:
    """A balanced first decision by the payer, every line alike or one outcome a line. An approved line is
    allowed four fifths of its charge, one dollar of it the patient's copay; a denied one is CO-50."""
    with acting_as("payer", user=by, organization=claim.payer_id):
        outcomes = outcomes or [outcome] * claim.lines.count()
        if claim.state == ClaimState.RECEIVED:
            claim.state = ClaimState.IN_REVIEW
            claim.touch("state")
        decision = propose(claim, by=by, outcomes=outcomes)
        close(claim, decision)
    return decision


def propose(claim: Claim, *, by: User, outcomes: Sequence[str], **more: Any) -> Decision:
    """The decision's rows, not yet named by the claim (the transaction will refuse that)."""
    overall = outcomes[0] if len(set(outcomes)) == 1 else LineOutcome.PARTIALLY_APPROVED.value
    denied = overall == LineOutcome.DENIED
    decision = Decision(
        **{
            **claim.as_parent(),
            "version": 1,
            "outcome": overall,
            "decided_by": by,
            "decided_at": timezone.now(),
            "denial_reason_code": "not_covered" if denied else "",
            "explanation": "Not medically necessary for this diagnosis." if denied else None,
            **more,
        }
    )
    lines, adjustments = [], []
    for line, said in zip(claim.lines.order_by("line_no"), outcomes, strict=True):
        decided, reasons = decided_line(decision, line, said)
        lines.append(decided)
        adjustments += reasons
    for amount in ("charge", "allowed", "paid", "patient_responsibility"):
        setattr(decision, amount, total(getattr(line, amount) for line in lines))
    decision.save(force_insert=True)
    LineDecision.objects.bulk_create(lines)
    Adjustment.objects.bulk_create(adjustments)
    return decision


def decided_line(
    decision: Decision, line: ServiceLine, outcome: str
) -> tuple[LineDecision, list[Adjustment]]:
    denied = outcome == LineOutcome.DENIED
    allowed = ZERO if denied else (line.charge * Decimal("0.8")).quantize(Decimal("0.01"))
    copay = ZERO if denied else min(allowed, Decimal("1.00"))
    decided = LineDecision(
        **decision.claim.as_parent(),
        decision=decision,
        line=line,
        outcome=outcome,
        charge=line.charge,
        allowed=allowed,
        paid=allowed - copay,
        copay=copay,
        patient_responsibility=copay,
    )
    reasons = [("CO", "50" if denied else "45", line.charge - allowed), ("PR", "3", copay)]
    return decided, [
        Adjustment(
            **decision.claim.as_parent(), line_decision=decided, group=group, reason_code=code, amount=amount
        )
        for group, code, amount in reasons
        if amount
    ]


def close(claim: Claim, decision: Decision) -> None:
    """Name a decision as the claim's current one, with its totals."""
    claim.state = decision.outcome
    claim.public_status = public_status_of(ClaimState(claim.state))
    claim.turn, claim.clock = Turn.NONE.value, Clock.STOPPED.value
    claim.current_decision = decision
    claim.adjudicated_by, claim.adjudicated_at = decision.decided_by, decision.decided_at
    claim.approved_amount, claim.paid_amount = decision.allowed, decision.paid
    claim.patient_responsibility = decision.patient_responsibility
    claim.denial_reason_code = decision.denial_reason_code
    claim.denial_explanation = phi.value(decision, "explanation")
    claim.touch(
        "state", "public_status", "turn", "clock", "current_decision", "adjudicated_by", "adjudicated_at",
        "approved_amount", "paid_amount", "patient_responsibility", "denial_reason_code",
        "denial_explanation",
    )  # fmt: skip


class ChildFactory(factory.django.DjangoModelFactory):
    """A child takes its sides from its claim."""

    class Meta:
        abstract = True

    claim = factory.SubFactory(ClaimFactory)
    provider = factory.SelfAttribute("claim.provider")
    payer = factory.SelfAttribute("claim.payer")


class PayerUserFactory(UserFactory):
    """Staff of the claim's payer."""

    organization = factory.SelfAttribute("..payer")


class AssignmentFactory(ChildFactory):
    class Meta:
        model = Assignment

    adjudicator = factory.SubFactory(PayerUserFactory)
    assigned_by = factory.SelfAttribute("adjudicator")
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=30))


class HoldFactory(ChildFactory):
    class Meta:
        model = Hold

    reasons = factory.LazyFunction(lambda: ["records_needed"])
    note = "The operative report is missing."
    turn = "provider"
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=45))
    placed_by = factory.SubFactory(PayerUserFactory)
    placed_at = factory.LazyFunction(timezone.now)


class ProposalFactory(ChildFactory):
    class Meta:
        model = Proposal

    proposer = factory.SubFactory(PayerUserFactory)
    content = factory.LazyFunction(lambda: {"lines": []})


class PayerNoteFactory(ChildFactory):
    class Meta:
        model = PayerNote

    author = factory.SubFactory(PayerUserFactory)
    body = "Called the member."


class ProviderNoteFactory(ChildFactory):
    class Meta:
        model = ProviderNote

    author = factory.SelfAttribute("claim.submitted_by")
    body = "Ask Dr. Lind about line 2."


class DraftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClaimDraft

    author = factory.SubFactory(UserFactory)
    organization = factory.SelfAttribute("author.organization")
    form_token = factory.LazyFunction(uuid4)
    content = factory.LazyFunction(lambda: {"patient_last_name": "Okafor", "charge": "12,x"})


class RuleSetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RuleSet

    payer = factory.SubFactory(OrganizationFactory, payer=True)
    version = factory.Sequence(lambda n: n + 1)
    effective_from = date(2026, 1, 1)
    content_hash = "0" * 64


class RuleSetInternalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RuleSetInternal

    rule_set = factory.SubFactory(RuleSetFactory)
    payer = factory.SelfAttribute("rule_set.payer")


def remark(adjustment: Adjustment, code: str = "N130") -> AdjustmentRemark:
    row = AdjustmentRemark(**adjustment.claim.as_parent(), adjustment=adjustment, code=code)
    row.save(force_insert=True)
    return row
