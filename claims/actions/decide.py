"""The decision: line by line, balanced, with legal reason codes, by a person (rulings 25 and 26)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.enums import Action, Detail
from claimflow.lib import jobs
from claimflow.lib.permissions import Refusal, require
from claims.actions.authority import require_within
from claims.actions.prioritize import agree_with_priority
from claims.actions.propose import finish_proposal, open_proposal
from claims.actions.standing import STANDING, locked, move, record_move
from claims.adjudication import (
    Combination,
    DecisionFacts,
    LineFacts,
    LineProposal,
    ReasonCodes,
    Totals,
    balance_claim,
    judge_denial,
    outcome_of_claim,
    outcome_of_line,
    totals,
)
from claims.edits.findings import Finding, blocking
from claims.enums import DecisionKind, DenialReason, LineOutcome, NoteKind
from claims.models import (
    Adjustment,
    AdjustmentRemark,
    Claim,
    Decision,
    LineDecision,
    PayerNote,
    ServiceLine,
)
from claims.policies import can_decide, require_holder
from claims.workflow import deciding
from codes.models import ReasonCombination, RemarkCode

EVENT = {
    LineOutcome.APPROVED: Action.CLAIM_APPROVED,
    LineOutcome.PARTIALLY_APPROVED: Action.CLAIM_PARTIALLY_APPROVED,
    LineOutcome.DENIED: Action.CLAIM_DENIED,
}
TOTALS = (
    "approved_amount",
    "paid_amount",
    "patient_responsibility",
    "adjudicated_by",
    "adjudicated_at",
    "denial_reason_code",
    "denial_explanation",
    "current_decision",
)


class DecisionRefused(Refusal):
    """The decision does not hold; ``findings`` say where and how to mend it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(str(finding.sentence) for finding in findings), code="decision_refused")
        self.findings = tuple(findings)


def reason_codes() -> ReasonCodes:
    """The legal reason codes, from the loaded lists."""
    rows = ReasonCombination.objects.select_related("reason")
    return ReasonCodes(
        combinations=tuple(
            Combination(row.group, row.reason.code, frozenset(row.remarks), row.remark_required)
            for row in rows
        ),
        alerts=frozenset(RemarkCode.objects.filter(is_alert=True).values_list("code", flat=True)),
    )


def judge(
    lines: Sequence[LineFacts],
    proposals: Sequence[LineProposal],
    *,
    reason: DenialReason | None,
    explanation: str,
) -> list[Finding]:
    """Everything that is wrong with a decision about to be made; empty when it may become final. Whoever refuses any
    line says why in words: 29 CFR 2560.503-1(g)(1)."""
    findings = balance_claim(DecisionFacts(tuple(lines), tuple(proposals), reason_codes()))
    if not proposals:
        return findings
    if outcome_of_claim(proposals) == LineOutcome.DENIED:
        findings += judge_denial(reason, explanation)
    elif any(outcome_of_line(each) != LineOutcome.APPROVED for each in proposals):
        findings += [each for each in judge_denial(reason, explanation) if each.field == "explanation"]
    return findings


def decide(
    *,
    claim_id: UUID,
    proposals: Sequence[LineProposal],
    reason: DenialReason | None = None,
    explanation: str = "",
    notes: str = "",
    by: Any,
) -> Decision:
    """Make the first decision on a claim that is on the person's desk.

    Raises ``Forbidden``, ``NotYours`` (somebody else was faster, or the lease is gone), ``WrongState``,
    ``DecisionRefused`` with findings, and ``NeedsSecondLook`` above the person's limit. PostgreSQL checks the sums and
    the limit a second time at the end of the transaction.
    """
    require(can_decide(by), "Only adjudicators decide claims.", code="no_decide")
    claim = locked(claim_id, by)
    lease = require_holder(claim, by)
    lines = list(claim.lines.order_by("line_no"))
    facts = [LineFacts(line.line_no, line.charge) for line in lines]
    findings = judge(facts, proposals, reason=reason, explanation=explanation)
    if blocking(findings):
        raise DecisionRefused(findings)
    outcome = outcome_of_claim(proposals)
    sums = totals(facts, proposals)
    require_within(claim, sums.paid, open_proposal(claim), by)
    old = move(claim, deciding(outcome))
    explanation = " ".join(explanation.split())
    decision = Decision(
        **claim.as_parent(),
        version=1,
        kind=DecisionKind.ORIGINAL,
        outcome=outcome,
        decided_by=by,
        decided_at=timezone.now(),
        rule_set_id=claim.rule_set_id,
        charge=sums.charge,
        allowed=sums.allowed,
        paid=sums.paid,
        patient_responsibility=sums.patient_responsibility,
        denial_reason_code=reason.value if reason and outcome == LineOutcome.DENIED else "",
        explanation=explanation or None,
    )
    decision.save(force_insert=True)
    _write_lines(claim, decision, lines, proposals)
    agree_with_priority(claim, by)
    _close(claim, decision, sums)
    lease.delete()
    finish_proposal(claim=claim, by=by)
    if notes.strip():
        PayerNote(**claim.as_parent(), author=by, kind=NoteKind.DECISION, body=notes.strip()).save(
            force_insert=True
        )
    jobs.enqueue("tell_decision", claim_id=claim.pk)
    record_move(
        EVENT[outcome],
        claim,
        old,
        {Detail.DECISION: str(decision.pk), Detail.REASON_CODES: _codes(proposals)},
    )
    return decision


def _write_lines(
    claim: Claim, decision: Decision, lines: Sequence[ServiceLine], proposals: Sequence[LineProposal]
) -> None:
    by_number = {line.line_no: line for line in lines}
    parent = claim.as_parent()
    decided: list[LineDecision] = []
    adjustments: list[Adjustment] = []
    remarks: list[AdjustmentRemark] = []
    for proposal in proposals:
        line = by_number[proposal.number]
        row = LineDecision(
            **parent,
            decision=decision,
            line=line,
            outcome=outcome_of_line(proposal),
            charge=line.charge,
            allowed=proposal.allowed,
            paid=proposal.paid,
            deductible=proposal.deductible,
            copay=proposal.copay,
            coinsurance=proposal.coinsurance,
            patient_responsibility=proposal.patient_responsibility,
        )
        decided.append(row)
        for each in proposal.adjustments:
            adjustment = Adjustment(
                **parent,
                line_decision=row,
                group=each.group.value,
                reason_code=each.reason,
                amount=each.amount,
            )
            adjustments.append(adjustment)
            remarks += [AdjustmentRemark(**parent, adjustment=adjustment, code=code) for code in each.remarks]
    LineDecision.objects.bulk_create(decided)
    Adjustment.objects.bulk_create(adjustments)
    AdjustmentRemark.objects.bulk_create(remarks)


def _close(claim: Claim, decision: Decision, sums: Totals) -> None:
    """Copy the decision's totals to the claim and name it as the current one, which closes its rows."""
    claim.current_decision = decision
    claim.approved_amount, claim.paid_amount = sums.allowed, sums.paid
    claim.patient_responsibility = sums.patient_responsibility
    claim.adjudicated_by, claim.adjudicated_at = decision.decided_by, decision.decided_at
    denied = decision.outcome == LineOutcome.DENIED
    claim.denial_reason_code = decision.denial_reason_code
    claim.denial_explanation = decision.explanation if denied else None
    claim.touch(*STANDING, *TOTALS)


def _codes(proposals: Sequence[LineProposal]) -> list[str]:
    return sorted({each.label for proposal in proposals for each in proposal.adjustments})
