"""What a decision amounts to: approved, partially approved or denied."""

from collections.abc import Iterable

from claimflow.lib.money import ZERO
from claims.adjudication.facts import COINSURANCE, COPAY, DEDUCTIBLE, FEE_SCHEDULE, Adjustment, LineProposal
from claims.enums import LineOutcome
from codes.enums import GroupCode

NOT_ADVERSE = frozenset(
    {
        (GroupCode.CONTRACTUAL.value, FEE_SCHEDULE),
        (GroupCode.PATIENT.value, FEE_SCHEDULE),
        (GroupCode.PATIENT.value, DEDUCTIBLE),
        (GroupCode.PATIENT.value, COINSURANCE),
        (GroupCode.PATIENT.value, COPAY),
        (GroupCode.OTHER.value, "23"),
    }
)
"""Price, the patient's agreed share and an earlier payer's payment: no refusal, so no adverse decision."""


def is_adverse(adjustment: Adjustment) -> bool:
    """Say whether this adjustment refuses something: 29 CFR 2560.503-1(m)(4)."""
    return adjustment.pair not in NOT_ADVERSE


def adverse(proposal: LineProposal) -> tuple[Adjustment, ...]:
    """Return the adjustments that refuse something, largest first."""
    refused = [each for each in proposal.adjustments if is_adverse(each)]
    return tuple(sorted(refused, key=lambda each: -abs(each.amount)))


def outcome_of_line(proposal: LineProposal) -> LineOutcome:
    """Approved without a refusal; denied when nothing is allowed; partially approved otherwise."""
    if not adverse(proposal):
        return LineOutcome.APPROVED
    return LineOutcome.DENIED if proposal.allowed == ZERO else LineOutcome.PARTIALLY_APPROVED


def outcome_of_claim(proposals: Iterable[LineProposal]) -> LineOutcome:
    """Approved when every line is; denied when no line allows anything and one refuses; otherwise partial.

    Raises ValueError without lines.
    """
    proposed = tuple(proposals)
    if not proposed:
        raise ValueError("A claim without lines has no outcome.")
    if all(outcome_of_line(each) == LineOutcome.APPROVED for each in proposed):
        return LineOutcome.APPROVED
    nothing_allowed = all(each.allowed == ZERO for each in proposed)
    return LineOutcome.DENIED if nothing_allowed else LineOutcome.PARTIALLY_APPROVED


def main_refusal(proposals: Iterable[LineProposal]) -> Adjustment | None:
    """Return the largest refusal of a decision; the first one when several are equal."""
    refused = [each for proposal in proposals for each in adverse(proposal)]
    return max(refused, key=lambda each: abs(each.amount), default=None)
