import ast
import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.npi import NpiFault, check_digit, is_npi, npi_fault, tidy_npi
from tests.corpora import corpus

VALID = [
    "1234567893",
    "1003000126",
    "1245319599",
    "1679576722",
    "1497758544",
    "1609824747",
    "1558598797",
    "1000000004",
    "2000000002",
    "1111111112",
]
NINE = st.from_regex(r"[12][0-9]{8}", fullmatch=True)


@pytest.mark.parametrize("npi", VALID)
def test_valid(npi):
    assert is_npi(npi)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1234567890", NpiFault.CHECK_DIGIT),
        ("1234567897", NpiFault.CHECK_DIGIT),
        ("1811911138", NpiFault.CHECK_DIGIT),
        ("2123456786", NpiFault.CHECK_DIGIT),
        ("9876543210", NpiFault.FIRST_DIGIT),
        ("5234567805", NpiFault.FIRST_DIGIT),
        ("0000000000", NpiFault.FIRST_DIGIT),
        ("", NpiFault.CHARACTERS),
        ("123456789", NpiFault.LENGTH),
        ("12345678931", NpiFault.LENGTH),
        ("808401234567893", NpiFault.LENGTH),
        ("123456789O", NpiFault.CHARACTERS),
        ("1234567893\n", NpiFault.CHARACTERS),
        ("1234 567 893", NpiFault.CHARACTERS),
        ("١٢٣٤٥٦٧٨٩٣", NpiFault.CHARACTERS),
        ("".join(chr(0xFF10 + int(digit)) for digit in "1234567893"), NpiFault.CHARACTERS),
        ("123456789³", NpiFault.CHARACTERS),
        ("+123456789", NpiFault.CHARACTERS),
    ],
)
def test_invalid(text, fault):
    assert npi_fault(text) == fault


def test_public_corpus():
    path = corpus("identifiers", "npi.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = [row for row in rows if is_npi(tidy_npi(ast.literal_eval(row["value"]))) != _expected(row)]
    assert len(rows) > 40
    assert not wrong


def _expected(row):
    return row["expected"] in ("valid", "valid after trim")


@given(NINE)
def test_exactly_one_check_digit_fits(nine):
    assert [d for d in "0123456789" if is_npi(nine + d)] == [check_digit(nine)]


@given(NINE, st.integers(1, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(nine, at, more):
    npi = nine + check_digit(nine)
    changed = str((int(npi[at]) + more) % 10)
    assert is_npi(npi[:at] + changed + npi[at + 1 :]) == (changed == npi[at])


@given(st.text(max_size=15))
def test_any_text_gets_an_answer(text):
    assert is_npi(text) == (npi_fault(text) is None)
