"""What adjudication looks at and proposes. Money is dollars with two places."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from claimflow.lib.money import ZERO, total
from codes.enums import GroupCode

DEDUCTIBLE, COINSURANCE, COPAY, FEE_SCHEDULE = "1", "2", "3", "45"
"""Claim adjustment reason codes (CARC) that the arithmetic itself produces."""

NEEDS_REMARK = frozenset({"16", "96", "129", "148"})
"""CARCs that say nothing without a remark code (RARC); loaded code lists may add more."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A billed line. `number` counts from 1; `charge` is negative in a reversal."""

    number: int
    charge: Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Why a part of the charge is not paid (X12 835 CAS). A positive amount reduces the payment."""

    group: GroupCode
    reason: str
    amount: Decimal
    remarks: tuple[str, ...] = ()

    @property
    def pair(self) -> tuple[str, str]:
        return (self.group.value, self.reason)

    @property
    def label(self) -> str:
        """How people write it: "CO-45"."""
        return f"{self.group}-{self.reason}"


@dataclass(frozen=True, slots=True)
class LineProposal:
    """What is proposed for the line of the same number."""

    number: int
    allowed: Decimal = ZERO
    deductible: Decimal = ZERO
    copay: Decimal = ZERO
    coinsurance: Decimal = ZERO
    paid: Decimal = ZERO
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def adjusted(self) -> Decimal:
        """Sum of all adjustments."""
        return total(each.amount for each in self.adjustments)

    @property
    def patient_responsibility(self) -> Decimal:
        """Everything in group PR: what the patient owes."""
        return total(each.amount for each in self.adjustments if each.group == GroupCode.PATIENT)

    def adjusted_by(self, group: GroupCode, reason: str) -> Decimal:
        """Sum of one group and reason."""
        return total(each.amount for each in self.adjustments if each.pair == (group.value, reason))


@dataclass(frozen=True, slots=True)
class Combination:
    """A legal pair of group and CARC with the RARCs that may explain it (CAQH CORE 360)."""

    group: str
    reason: str
    remarks: frozenset[str] = frozenset()
    remark_required: bool = False


@dataclass(frozen=True, slots=True)
class ReasonCodes:
    """The loaded code lists. Several combinations of one pair (one for each scenario) add up."""

    combinations: tuple[Combination, ...] = ()
    alerts: frozenset[str] = frozenset()
    """RARCs that only inform: they may stand anywhere and explain nothing."""
    _by_pair: dict[tuple[str, str], list[Combination]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_pair: dict[tuple[str, str], list[Combination]] = {}
        for each in self.combinations:
            by_pair.setdefault((each.group, each.reason), []).append(each)
        object.__setattr__(self, "_by_pair", by_pair)

    def knows(self, adjustment: Adjustment) -> bool:
        return adjustment.pair in self._by_pair

    def remarks_for(self, adjustment: Adjustment) -> frozenset[str]:
        """RARCs that may explain this pair."""
        return frozenset().union(*(each.remarks for each in self._by_pair.get(adjustment.pair, ())))

    def needs_remark(self, adjustment: Adjustment) -> bool:
        rows = self._by_pair.get(adjustment.pair, ())
        return adjustment.reason in NEEDS_REMARK or any(each.remark_required for each in rows)

    def explains(self, remarks: Iterable[str]) -> bool:
        """Say whether any of these RARCs is more than an alert."""
        return any(remark not in self.alerts for remark in remarks)


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A decision about to be made: the billed lines, what is proposed for them, the legal codes."""

    lines: tuple[LineFacts, ...]
    proposals: tuple[LineProposal, ...]
    codes: ReasonCodes


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the lines of a decision."""

    charge: Decimal
    allowed: Decimal
    paid: Decimal
    patient_responsibility: Decimal


def totals(lines: Iterable[LineFacts], proposals: Iterable[LineProposal]) -> Totals:
    """Add the lines up. `allowed` is the documents' approved amount (ruling 25)."""
    proposed = tuple(proposals)
    return Totals(
        charge=total(line.charge for line in lines),
        allowed=total(each.allowed for each in proposed),
        paid=total(each.paid for each in proposed),
        patient_responsibility=total(each.patient_responsibility for each in proposed),
    )


def reverse(proposal: LineProposal) -> LineProposal:
    """Negate every amount and keep the group codes, as a reversal does (X12 835 CLP02 22)."""
    return replace(
        proposal,
        allowed=ZERO - proposal.allowed,
        deductible=ZERO - proposal.deductible,
        copay=ZERO - proposal.copay,
        coinsurance=ZERO - proposal.coinsurance,
        paid=ZERO - proposal.paid,
        adjustments=tuple(replace(each, amount=ZERO - each.amount) for each in proposal.adjustments),
    )
