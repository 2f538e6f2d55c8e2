"""Which release answers for a day (ruling 38)."""

from dataclasses import dataclass
from datetime import date

import pytest

from codes.answers import fiscal_start, in_force, is_past, release_label


@dataclass(frozen=True)
class Release:
    effective_from: date

    @property
    def in_force_from(self) -> date:
        return fiscal_start(self.effective_from)


FY2025 = Release(date(2024, 10, 1))
OCTOBER = Release(date(2025, 10, 1))
APRIL = Release(date(2026, 4, 1))
FY2028 = Release(date(2027, 10, 1))


@pytest.mark.parametrize(
    ("loaded", "on", "answers"),
    [
        ([], date(2026, 1, 1), None),
        ([APRIL], date(2025, 9, 30), None),
        ([APRIL], date(2025, 10, 1), APRIL),
        ([APRIL], date(2026, 6, 1), APRIL),
        ([APRIL], date(2030, 1, 1), APRIL),
        ([OCTOBER, APRIL], date(2026, 3, 31), OCTOBER),
        ([OCTOBER, APRIL], date(2026, 4, 1), APRIL),
        ([APRIL, FY2025], date(2025, 9, 30), FY2025),
        ([APRIL, FY2025], date(2025, 10, 1), APRIL),
        ([FY2025, FY2028, APRIL], date(2027, 9, 30), APRIL),
        ([FY2025, FY2028, APRIL], date(2027, 10, 1), FY2028),
    ],
)
def test_in_force(loaded, on, answers):
    assert in_force(loaded, on) is answers


def test_a_release_is_past_after_its_fiscal_year():
    assert not is_past(APRIL, date(2026, 9, 30))
    assert is_past(APRIL, date(2026, 10, 1))


def test_labels():
    assert release_label(date(2026, 4, 1)) == "FY2026 April"
    assert release_label(date(2026, 10, 1)) == "FY2027 October"
