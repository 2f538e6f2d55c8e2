"""A small list of legal codes and a line that balances: the emergency visit of the reading desk."""

from decimal import Decimal
from typing import Any

from claims.adjudication import Adjustment, Combination, DecisionFacts, LineFacts, LineProposal, ReasonCodes
from codes.enums import GroupCode

CO, PR, OA, PI = GroupCode.CONTRACTUAL, GroupCode.PATIENT, GroupCode.OTHER, GroupCode.PAYER

CODES = ReasonCodes(
    combinations=(
        Combination("CO", "45"),
        Combination("PR", "45"),
        Combination("PR", "1"),
        Combination("PR", "2"),
        Combination("PR", "3"),
        Combination("OA", "18", frozenset({"N522"})),
        Combination("OA", "23"),
        Combination("CO", "16", frozenset({"N706"}), remark_required=True),
        Combination("CO", "16", frozenset({"M51", "M76"}), remark_required=True),
        Combination("CO", "252", frozenset({"N706"}), remark_required=True),
        Combination("CO", "96", frozenset({"N130"})),
        Combination("PR", "96", frozenset({"N130"})),
        Combination("CO", "97", frozenset({"M15"})),
        Combination("PR", "27"),
        Combination("PR", "26"),
        Combination("PR", "31"),
        Combination("CO", "146"),
        Combination("CO", "163"),
        Combination("CO", "181"),
    ),
    alerts=frozenset({"N1"}),
)


def dollars(text: str) -> Decimal:
    return Decimal(text)


def adjust(group: GroupCode, reason: str, amount: str, *remarks: str) -> Adjustment:
    return Adjustment(group, reason, Decimal(amount), remarks)


VISIT = LineFacts(1, Decimal("8000.00"))
PAID_VISIT = LineProposal(
    number=1,
    allowed=Decimal("612.30"),
    copay=Decimal("150.00"),
    coinsurance=Decimal("92.46"),
    paid=Decimal("369.84"),
    adjustments=(adjust(CO, "45", "7387.70"), adjust(PR, "3", "150.00"), adjust(PR, "2", "92.46")),
)
ECG = LineFacts(2, Decimal("512.40"))
DENIED_ECG = LineProposal(number=2, adjustments=(adjust(CO, "97", "512.40", "M15"),))


def decision(*proposals: LineProposal, lines: Any = (VISIT, ECG)) -> DecisionFacts:
    return DecisionFacts(tuple(lines), proposals, CODES)
