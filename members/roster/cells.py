"""One cell of a roster: from text to what is kept, or a sentence that says what is wrong and how to mend it.

Every reader takes text without spaces around it, never empty, and gives what JSON holds: text, or an ISO date,
or money as ``"1234.50"``. It raises ``Faulty``.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from claimflow.lib.money import parse_money
from claimflow.lib.sentences import Sentence, gettext_noop, sentence
from codes.formats import is_member_id

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?", re.ASCII)
_FORMULA = "=+@\t"
MOST_YEARS = 120
SEXES = {"f": "F", "female": "F", "m": "M", "male": "M", "u": "U", "unknown": "U", "x": "U"}
RELATIONSHIPS = {"self": "self", "18": "self", "spouse": "spouse", "child": "child", "other": "other"}


class Faulty(ValueError):
    """The cell cannot be kept; ``sentence`` says why and what to do."""

    def __init__(self, template: str, **values: object) -> None:
        self.sentence: Sentence = sentence(template, values)
        super().__init__(template)


def plain(text: str, longest: int) -> str:
    """Text as people write it: no control characters, nothing that a spreadsheet would run as a formula."""
    if text[0] in _FORMULA or (text[0] == "-" and len(text) > 1 and not text[1].isalnum()):
        raise Faulty(
            gettext_noop(
                "The cell begins with {sign}, which a spreadsheet takes for a formula. Remove the sign."
            ),
            sign=text[0] if text[0] != "\t" else "a tab",
        )
    if any(unicodedata.category(char) in {"Cc", "Cs", "Co"} for char in text):
        raise Faulty(gettext_noop("The cell has a character that cannot be printed. Type the cell again."))
    if "\ufffd" in text:
        raise Faulty(
            gettext_noop("A letter was lost when the file was saved. Type the cell again, and save as UTF-8.")
        )
    if len(text) > longest:
        raise Faulty(
            gettext_noop("The cell has {count} characters; at most {longest} fit. Shorten it."),
            count=len(text),
            longest=longest,
        )
    return text


def member_id(text: str) -> str:
    if _SHORTENED.fullmatch(text):
        raise Faulty(
            gettext_noop(
                "A spreadsheet shortened this member ID. Format the column as text and enter it again."
            )
        )
    if not is_member_id(text):
        raise Faulty(
            gettext_noop("A member ID has 1 to 50 letters, digits and hyphens. Remove everything else.")
        )
    return text


def day(text: str) -> str:
    if match := _ISO.fullmatch(text):
        year, month, number = match.groups()
    elif match := _AMERICAN.fullmatch(text):
        month, number, year = match.groups()
    else:
        raise Faulty(
            gettext_noop("This is no date that we can read. Write it like 2026-01-31 or 01/31/2026.")
        )
    try:
        found = date(int(year), int(month), int(number))
    except ValueError:
        raise Faulty(gettext_noop("The calendar has no such day. Check day and month.")) from None
    if not 1900 <= found.year <= 2200:
        raise Faulty(gettext_noop("The year is not between 1900 and 2200. Check it."))
    return found.isoformat()


def birth_date(text: str, today: date) -> str:
    found = day(text)
    if found > today.isoformat():
        raise Faulty(gettext_noop("The birth date is in the future. Check the year."))
    if today.year - int(found[:4]) > MOST_YEARS:
        raise Faulty(gettext_noop("The birth date is more than 120 years ago. Check the year."))
    return found


def sex(text: str) -> str:
    return _word(text, SEXES, gettext_noop("Write F, M or U, or leave the cell empty."))


def relationship(text: str) -> str:
    return _word(
        text, RELATIONSHIPS, gettext_noop("Write self, spouse, child or other, or leave the cell empty.")
    )


def amount(text: str) -> str:
    try:
        found = parse_money(text)
    except ValueError as error:
        raise Faulty("{problem}", problem=error) from None
    if found < 0:
        raise Faulty(gettext_noop("An amount here is not negative. Remove the minus sign."))
    return str(found)


def percent(text: str) -> str:
    wrong = gettext_noop("Write a number from 0 to 100 with at most two decimals, for example 20.")
    try:
        found = Decimal(text.rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        raise Faulty(wrong) from None
    if not found.is_finite() or not 0 <= found <= 100 or found != round(found, 2):
        raise Faulty(wrong)
    return f"{found:.2f}"


def state(text: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", text):
        raise Faulty(gettext_noop("Write the state as two letters, for example NY."))
    return text.upper()


def postal_code(text: str) -> str:
    # A spreadsheet drops the zero that New England's ZIP codes begin with.
    padded = f"0{text}" if re.fullmatch(r"\d{4}", text, re.ASCII) else text
    if not _ZIP.fullmatch(padded):
        raise Faulty(gettext_noop("A ZIP code has 5 digits, or 9 with a hyphen."))
    return padded


def _word(text: str, words: dict[str, str], wrong: str) -> str:
    found = words.get(text.lower())
    if found is None:
        raise Faulty(wrong)
    return found


READERS: dict[str, Callable[[str], str]] = {
    "member_id": member_id,
    "sex": sex,
    "relationship": relationship,
    "effective_from": day,
    "effective_to": day,
    "deductible": amount,
    "copay": amount,
    "coinsurance_percent": percent,
    "out_of_pocket_limit": amount,
    "state": state,
    "postal_code": postal_code,
}
