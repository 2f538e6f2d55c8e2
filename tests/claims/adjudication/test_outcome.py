from decimal import Decimal

import pytest

from claims.adjudication import LineProposal, is_adverse, main_refusal, outcome_of_claim, outcome_of_line
from claims.enums import LineOutcome
from tests.claims.adjudication.build import CO, DENIED_ECG, OA, PAID_VISIT, PI, PR, adjust

FREE = LineProposal(3)
PARTLY = LineProposal(
    number=4,
    allowed=Decimal("50.00"),
    paid=Decimal("50.00"),
    adjustments=(adjust(CO, "45", "20.00"), adjust(CO, "151", "30.00")),
)


@pytest.mark.parametrize(
    ("adjustment", "adverse"),
    [
        (adjust(CO, "45", "1.00"), False),
        (adjust(PR, "45", "1.00"), False),
        (adjust(PR, "1", "1.00"), False),
        (adjust(PR, "2", "1.00"), False),
        (adjust(PR, "3", "1.00"), False),
        (adjust(OA, "23", "1.00"), False),
        (adjust(CO, "1", "1.00"), True),
        (adjust(CO, "97", "1.00"), True),
        (adjust(PR, "96", "1.00"), True),
        (adjust(OA, "18", "1.00"), True),
        (adjust(PI, "16", "1.00"), True),
    ],
)
def test_what_refuses(adjustment, adverse):
    assert is_adverse(adjustment) == adverse


@pytest.mark.parametrize(
    ("proposal", "outcome"),
    [
        (PAID_VISIT, LineOutcome.APPROVED),
        (FREE, LineOutcome.APPROVED),
        (PARTLY, LineOutcome.PARTIALLY_APPROVED),
        (DENIED_ECG, LineOutcome.DENIED),
    ],
)
def test_outcome_of_a_line(proposal, outcome):
    assert outcome_of_line(proposal) == outcome


@pytest.mark.parametrize(
    ("proposals", "outcome"),
    [
        ([PAID_VISIT], LineOutcome.APPROVED),
        ([PAID_VISIT, FREE], LineOutcome.APPROVED),
        ([PAID_VISIT, DENIED_ECG], LineOutcome.PARTIALLY_APPROVED),
        ([PARTLY], LineOutcome.PARTIALLY_APPROVED),
        ([DENIED_ECG], LineOutcome.DENIED),
        ([DENIED_ECG, FREE], LineOutcome.DENIED),
    ],
)
def test_outcome_of_a_claim(proposals, outcome):
    assert outcome_of_claim(proposals) == outcome


def test_no_lines_no_outcome():
    with pytest.raises(ValueError, match="without lines"):
        outcome_of_claim([])


def test_the_main_refusal_is_the_largest():
    assert main_refusal([PARTLY, DENIED_ECG]).label == "CO-97"
    assert main_refusal([PAID_VISIT]) is None
