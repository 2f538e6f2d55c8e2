"""What changed between two releases, and when a file is too small to be one."""

import pytest

from codes.icd10.compare import compare, refuse_too_small
from codes.icd10.rows import FileProblem


def test_the_difference():
    before = {"A": ("a", True), "B": ("b", True), "C": ("c", True), "D": ("d", False)}
    after = {"A": ("a", True), "B": ("bb", True), "D": ("d", True), "E": ("e", True)}
    difference = compare(before, after)
    assert (difference.added, difference.revised, difference.deleted) == (("E",), ("B", "D"), ("C",))
    assert str(difference) == "1 added, 2 revised, 1 deleted"


@pytest.mark.parametrize(("before", "after"), [(0, 1), (100, 80), (100, 200)])
def test_large_enough(before, after):
    refuse_too_small(before, after, release="FY2026 April")


def test_too_small():
    with pytest.raises(FileProblem, match=r"79 codes, fewer than 80 percent of the 100 of FY2026 April"):
        refuse_too_small(100, 79, release="FY2026 April")
