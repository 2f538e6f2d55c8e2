from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimflow.lib import money

CENTS = st.integers(min_value=-9_999_999_999, max_value=9_999_999_999)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("1234,50", "1234.50"),
        ("$1 234.5", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567", "1234567.00"),
        ("1,234,567.89", "1234567.89"),
        ("1,234", "1234.00"),
        ("100", "100.00"),
        ("100.", "100.00"),
        (".5", "0.50"),
        (",5", "0.50"),
        ("1\u202f234,5", "1234.50"),
        ("1'234.50", "1234.50"),
        (" 0 ", "0.00"),
        ("-0", "0.00"),
        ("-12.3", "-12.30"),
        ("-$12.30", "-12.30"),
        ("0012.30", "12.30"),
        ("99,999,999.99", "99999999.99"),
    ],
)
def test_typed_money_is_understood(typed, amount):
    assert str(money.parse_money(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter an amount"),
        ("   ", "Enter an amount"),
        ("abc", "Use only digits"),
        ("1e5", "Use only digits"),
        ("١٢٣", "Use only digits"),
        ("12 USD", "Use only digits"),
        ("--5", "Use only digits"),
        ("NaN", "Use only digits"),
        ("$", "Use only digits"),
        ("1.234", "at most two digits"),
        ("12.345", "at most two digits"),
        ("1,23,4.00", "do not fit"),
        ("1,2,3", "do not fit"),
        ("1.2.3", "do not fit"),
        (".", "do not fit"),
        ("1,234,50", "do not fit"),
        ("100000000", "too large"),
        ("-100,000,000.00", "too large"),
    ],
)
def test_what_is_not_money_gets_a_sentence(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        money.parse_money(typed)


@given(CENTS)
def test_cents_and_dollars_are_the_same_money(cents):
    assert money.to_cents(money.from_cents(cents)) == cents
    assert -money.from_cents(cents).as_tuple().exponent == 2


@given(CENTS)
def test_what_is_printed_can_be_typed_again(cents):
    amount = money.from_cents(cents)
    assert money.parse_money(money.format_money(amount)) == amount
    assert money.parse_money(money.dollars(amount)) == amount


@given(st.text(max_size=12) | st.from_regex(r"[-$]?[0-9.,]{0,9}", fullmatch=True))
def test_any_text_is_money_or_a_sentence(typed):
    try:
        amount = money.parse_money(typed)
    except ValueError as error:
        words = str(error)
    else:
        words = f"{money.to_cents(amount)} cents."
    assert words.endswith(".")


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "1E-3"])
def test_a_fraction_of_a_cent_is_refused(amount):
    with pytest.raises(ValueError, match=r"money|cent"):
        money.to_cents(Decimal(amount))


def test_rounding_is_half_up():
    assert money.round_cents(Decimal("2.345")) == Decimal("2.35")
    assert money.round_cents(Decimal("-2.345")) == Decimal("-2.35")


def test_the_sum_of_nothing_is_zero():
    assert str(money.total([])) == "0.00"


def test_words():
    assert money.format_money(Decimal("1234567.5")) == "1,234,567.50"
    assert money.dollars(Decimal("-5")) == "-$5.00"
