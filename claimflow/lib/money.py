"""Money is a `Decimal` of US dollars with exactly two places, and whole cents in the database.

Amounts are compared by value, never by spelling: "100", "100.00" and "$100" are the same money.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MAX_AMOUNT = Decimal("99999999.99")

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f']")
_PLAIN = re.compile(r"(?P<sign>-?)\$?(?P<number>[0-9.,]+)")
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
_DIGITS = re.compile(r"[0-9]+")


def to_cents(amount: Decimal) -> int:
    """Return whole cents. Raises ValueError for a fraction of a cent, infinity or NaN."""
    if not amount.is_finite():
        raise ValueError("An amount of money must be a number.")
    cents = amount.scaleb(2)
    whole = int(cents)
    if cents != whole:
        raise ValueError(f"{amount} has a fraction of a cent. Round it to two decimals.")
    return whole


def from_cents(cents: int) -> Decimal:
    """Return dollars with two places."""
    return Decimal(cents).scaleb(-2)


def round_cents(amount: Decimal) -> Decimal:
    """Round half up to the cent, as payers print it."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Add amounts; the sum of none is $0.00."""
    return sum(amounts, ZERO)


def parse_money(text: str) -> Decimal:
    """Read what a person typed: "1,234.50", "1234,50", "1.234,50", "$1 234.5", ".5", "-12".

    A lone comma before exactly three digits groups thousands ("1,234"); a lone point is always the
    decimal point. Raises ValueError with a sentence for the reader.
    """
    cleaned = _SPACES.sub("", text)
    if not cleaned:
        raise ValueError("Enter an amount, for example 1,234.50.")
    match = _PLAIN.fullmatch(cleaned)
    if match is None:
        raise ValueError("Use only digits, a decimal point and commas, for example 1,234.50.")
    whole, cents = _split(match["number"])
    amount = Decimal(f"{match['sign']}{whole or '0'}.{cents:0<2}")
    if abs(amount) > MAX_AMOUNT:
        raise ValueError(f"The amount is too large. The largest amount is {format_money(MAX_AMOUNT)}.")
    return amount + ZERO  # turns -0.00 into 0.00


def _split(number: str) -> tuple[str, str]:
    """Return the digits before and after the decimal mark."""
    at = max(number.rfind("."), number.rfind(","))
    whole, tail = (number[:at], number[at + 1 :]) if at >= 0 else (number, "")
    grouped = _GROUPED.fullmatch(number)
    if grouped and (grouped["mark"] == "," or number.count(".") > 1):
        return _digits_of(number), ""
    if len(tail) > 2:
        raise ValueError("Use at most two digits after the decimal point, for example 1,234.50.")
    if not _is_whole(whole, mark=number[at] if at >= 0 else "") or not (whole or tail):
        raise ValueError("The commas and points do not fit together. Write it like 1,234.50.")
    return _digits_of(whole), tail


def _is_whole(whole: str, *, mark: str) -> bool:
    if not whole or _DIGITS.fullmatch(whole):
        return True
    grouped = _GROUPED.fullmatch(whole)
    return grouped is not None and grouped["mark"] != mark


def _digits_of(number: str) -> str:
    return number.replace(",", "").replace(".", "")


def format_money(amount: Decimal) -> str:
    """Return "1,234.50" (no currency sign), rounded to the cent."""
    return f"{round_cents(amount):,.2f}"


def dollars(amount: Decimal) -> str:
    """Return "$1,234.50" or "-$5.00", for sentences."""
    sign = "-" if amount < 0 else ""
    return f"{sign}${format_money(abs(amount))}"
