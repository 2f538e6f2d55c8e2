from datetime import date
from decimal import Decimal

import pytest

from members.eligibility import Benefits, Span, benefits_left, standing
from members.enums import Standing

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
ONE = (Span(FIRST, LAST),)
TWO = (Span(date(2026, 9, 1)), Span(FIRST, LAST))


@pytest.mark.parametrize(
    ("spans", "day", "expected"),
    [
        ((), FIRST, Standing.UNKNOWN),
        (ONE, date(2025, 12, 31), Standing.NOT_STARTED),
        (ONE, FIRST, Standing.IN_FORCE),
        (ONE, LAST, Standing.IN_FORCE),
        (ONE, date(2026, 7, 1), Standing.ENDED),
        (TWO, date(2026, 8, 31), Standing.ENDED),
        (TWO, date(2026, 9, 1), Standing.IN_FORCE),
        (TWO, date(2036, 9, 1), Standing.IN_FORCE),
        (TWO, date(2025, 9, 1), Standing.NOT_STARTED),
    ],
)
def test_standing(spans, day, expected):
    assert standing(spans, day) == expected


def coverage(**changes):
    terms = {"copay": "30.00", "deductible": "500.00", "coinsurance_percent": "20.00"} | changes
    return benefits_left(**{name: Decimal(value) for name, value in terms.items()})


def test_what_is_left_of_a_coverage():
    left = coverage(deductible_used="120.00", out_of_pocket_limit="3000.00", out_of_pocket_used="150.00")
    assert left == Benefits(Decimal("30.00"), Decimal("380.00"), Decimal("0.2"), Decimal("2850.00"))


def test_used_up_is_zero_and_no_limit_stays_none():
    left = coverage(deductible_used="700.00")
    assert left.deductible_left == 0
    assert left.out_of_pocket_left is None
    assert coverage(out_of_pocket_limit="100.00", out_of_pocket_used="130.00").out_of_pocket_left == 0


def test_a_line_uses_its_part():
    left = coverage(out_of_pocket_limit="3000.00").after(
        copay=Decimal("30.00"), deductible=Decimal("70.00"), coinsurance=Decimal("10.00")
    )
    assert (left.copay, left.deductible_left, left.out_of_pocket_left) == (
        0,
        Decimal("430.00"),
        Decimal("2890.00"),
    )
