"""Turns an allowed amount and a member's benefits into a balanced proposal."""

from collections.abc import Sequence
from decimal import Decimal

from claimflow.lib.money import ZERO, dollars, round_cents, total
from claimflow.lib.sentences import Sentence, gettext_noop, sentence
from claims.adjudication.facts import (
    COINSURANCE,
    COPAY,
    DEDUCTIBLE,
    FEE_SCHEDULE,
    Adjustment,
    LineFacts,
    LineProposal,
)
from codes.enums import GroupCode
from members.eligibility import NO_COST_SHARING, Benefits


class CannotPrice(ValueError):
    """The amounts asked for cannot balance. `words` is the sentence before translation."""

    def __init__(self, template: str, line: LineFacts) -> None:
        self.words: Sentence = sentence(template, {"line": line.number, "charge": dollars(line.charge)})
        super().__init__(str(self.words))


def price_line(
    line: LineFacts,
    *,
    allowed: Decimal,
    benefits: Benefits = NO_COST_SHARING,
    refused: Sequence[Adjustment] = (),
) -> LineProposal:
    """Return a proposal that balances.

    The lesser of allowed and charge is allowed. From it come copay, then deductible, then coinsurance,
    together at most the out-of-pocket limit; the payer pays the rest. What lies between charge and allowed is
    CO-45, less the amounts `refused` for a reason. Raises CannotPrice when that cannot balance.
    """
    allowed = min(allowed, line.charge)
    contractual = line.charge - allowed - total(each.amount for each in refused)
    _check(line, allowed, contractual, refused)
    copay, deductible, coinsurance = _patient_share(allowed, benefits)
    owed = ((DEDUCTIBLE, deductible), (COINSURANCE, coinsurance), (COPAY, copay))
    adjustments = (
        *refused,
        *_nonzero(GroupCode.CONTRACTUAL, ((FEE_SCHEDULE, contractual),)),
        *_nonzero(GroupCode.PATIENT, owed),
    )
    paid = allowed - copay - deductible - coinsurance
    return LineProposal(line.number, allowed, deductible, copay, coinsurance, paid, adjustments)


def price_claim(priced: Sequence[tuple[LineFacts, Decimal]], benefits: Benefits) -> tuple[LineProposal, ...]:
    """Price (line, allowed) in order: one copay for the claim, deductible and limit used up line by line."""
    proposals = []
    for line, allowed in priced:
        proposal = price_line(line, allowed=allowed, benefits=benefits)
        benefits = benefits.after(
            copay=proposal.copay, deductible=proposal.deductible, coinsurance=proposal.coinsurance
        )
        proposals.append(proposal)
    return tuple(proposals)


def _check(line: LineFacts, allowed: Decimal, contractual: Decimal, refused: Sequence[Adjustment]) -> None:
    if min(line.charge, allowed) < ZERO:
        raise CannotPrice(
            gettext_noop("Line {line} has an amount below zero. Enter amounts without a minus sign."), line
        )
    if contractual < ZERO:
        raise CannotPrice(
            gettext_noop(
                "Line {line} allows and refuses more than its charge of {charge}. Lower one of them."
            ),
            line,
        )
    if allowed == ZERO and line.charge > ZERO and not refused:
        raise CannotPrice(
            gettext_noop("Line {line} allows nothing of {charge}. Deny it with a reason instead."), line
        )


def _patient_share(allowed: Decimal, benefits: Benefits) -> tuple[Decimal, Decimal, Decimal]:
    """Return copay, deductible and coinsurance, cut from the last to the first at the out-of-pocket limit."""
    copay = min(benefits.copay, allowed)
    deductible = min(max(benefits.deductible_left, ZERO), allowed - copay)
    coinsurance = round_cents((allowed - copay - deductible) * benefits.coinsurance_rate)
    if benefits.out_of_pocket_left is None:
        return copay, deductible, coinsurance
    left = max(benefits.out_of_pocket_left, ZERO)
    copay = min(copay, left)
    deductible = min(deductible, left - copay)
    return copay, deductible, min(coinsurance, left - copay - deductible)


def _nonzero(group: GroupCode, amounts: Sequence[tuple[str, Decimal]]) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(group, reason, amount) for reason, amount in amounts if amount)
