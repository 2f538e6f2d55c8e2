"""What people type for a date, and what is no date."""

from datetime import date

import pytest

from claimflow.lib.dates import NoSuchDay, NotADate, month_number, read_date

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("today", TODAY),
        (" Today ", TODAY),
        ("t", TODAY),
        ("yesterday", date(2026, 11, 20)),
        ("y", date(2026, 11, 20)),
        ("-3", date(2026, 11, 18)),
        ("3 days ago", date(2026, 11, 18)),
        ("11/21", TODAY),
        ("11/22", date(2025, 11, 22)),
        ("1/5", date(2026, 1, 5)),
        ("11-21-2026", TODAY),
        ("11.21.26", TODAY),
        ("11/21/27", date(2027, 11, 21)),
        ("11/21/28", date(1928, 11, 21)),
        ("1121", TODAY),
        ("112126", TODAY),
        ("11212026", TODAY),
        ("20261121", TODAY),
        ("2026-11-21", TODAY),
        ("2026/1/5", date(2026, 1, 5)),
        ("Nov 21", TODAY),
        ("nov. 21, 2026", TODAY),
        ("November 21st 2025", date(2025, 11, 21)),
        ("21 Nov 2026", TODAY),
        ("2/29", date(2024, 2, 29)),
    ],
)
def test_understood(typed: str, expected: date) -> None:
    assert read_date(typed, today=TODAY) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "11/", "1/2/3/4", "11/21/202", "99", "Foo 21", "Nov", "21 Nov 21", "\u0661\u0661/\u0662"],
)
def test_not_a_date(typed: str) -> None:
    with pytest.raises((NotADate, NoSuchDay)):
        read_date(typed, today=TODAY)


@pytest.mark.parametrize("typed", ["02/30/2026", "13/01", "2026-02-29", "00/10", "31/31"])
def test_no_such_day(typed: str) -> None:
    with pytest.raises(NoSuchDay):
        read_date(typed, today=TODAY)


def test_leap_day_without_year_is_the_latest_one() -> None:
    assert read_date("2/29", today=date(2024, 3, 1)) == date(2024, 2, 29)
    assert read_date("2/29", today=date(2024, 2, 28)) == date(2020, 2, 29)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("3", 3), ("03", 3), ("Mar", 3), ("march", 3), ("13", None), ("0", None), ("x", None)],
)
def test_month(typed: str, expected: int | None) -> None:
    assert month_number(typed) == expected
