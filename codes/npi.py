"""National Provider Identifier: ten digits, the first 1 or 2, the last a check digit.

Source: 45 CFR 162.406; CMS check-digit requirement: Luhn over the NPI with the card-issuer prefix 80840.
"""

import re
from enum import StrEnum

_TEN_DIGITS = re.compile(r"[0-9]{10}")  # [0-9], because \d and isdigit() also accept Arabic-Indic digits
_PREFIX_SUM = 24  # what 80840 adds to the Luhn sum


class NpiFault(StrEnum):
    """What is wrong with a text that should be an NPI."""

    LENGTH = "length"
    CHARACTERS = "characters"
    FIRST_DIGIT = "first_digit"
    CHECK_DIGIT = "check_digit"


def tidy_npi(text: str) -> str:
    """Drop the spaces around a pasted number; inner characters stay as typed."""
    return text.strip()


def is_npi(text: str) -> bool:
    """Say whether the text, exactly as it stands, is a well-formed NPI."""
    return npi_fault(text) is None


def npi_fault(text: str) -> NpiFault | None:
    """Return the first fault, or None for a well-formed NPI (whose holder may still not exist in NPPES)."""
    if not (text.isascii() and text.isdigit()):
        return NpiFault.CHARACTERS
    if not _TEN_DIGITS.fullmatch(text):
        return NpiFault.LENGTH
    if text[0] not in "12":
        return NpiFault.FIRST_DIGIT
    return None if check_digit(text[:9]) == text[9] else NpiFault.CHECK_DIGIT


def check_digit(nine: str) -> str:
    """Return the tenth digit that belongs to nine ASCII digits."""
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in nine[::2])
    plain = sum(int(digit) for digit in nine[1::2])
    return str(-(_PREFIX_SUM + doubled + plain) % 10)
