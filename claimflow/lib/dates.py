"""Dates as people type them. Pure: "today" is given by the caller, in the zone that counts for the page."""

import re
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TODAY = {"today", "t", "now"}
_YESTERDAY = {"yesterday", "y"}
_AGO = re.compile(r"-\s*(\d{1,3})|(\d{1,3})\s*(?:d|days?)(?:\s*ago)?", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?", re.ASCII)
_DIGITS = re.compile(r"\d{4}|\d{6}|\d{8}", re.ASCII)
_WORDS = re.compile(
    r"(?:(\d{1,2})\.?\s+)?([a-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?(?:,?\s+(\d{4}))?", re.ASCII
)


class NotADate(ValueError):
    """The text has no form that we know."""


class NoSuchDay(ValueError):
    """The text is a date, but the calendar has no such day (02/30/2026)."""


def read_date(text: str, *, today: date) -> date:
    """Read a date typed by an American office.

    Understood: today, t, yesterday, y, -3 (three days ago), 11/21, 11/21/26, 11/21/2026, 112126, 11212026,
    2026-11-21, 20261121, Nov 21, November 21, 2026. Without a year it is the latest such day that is not in
    the future, because services lie in the past; two-digit years are of this century unless that is later
    than next year.
    Raises NotADate or NoSuchDay.
    """
    typed = " ".join(text.strip().lower().split())
    if typed in _TODAY:
        return today
    if typed in _YESTERDAY:
        return today - timedelta(days=1)
    if ago := _AGO.fullmatch(typed):
        return today - timedelta(days=int(ago[1] or ago[2]))
    year, month, day = _parts(typed)
    if year is None:
        return _latest(month, day, today=today)
    return _real(_century(year, today=today), month, day)


def month_number(text: str) -> int | None:
    """1 to 12 for "3", "03", "Mar" or "March"; None for anything else."""
    typed = text.strip().lower().rstrip(".")
    if typed.isascii() and typed.isdigit():
        return int(typed) if 1 <= int(typed) <= 12 else None
    if len(typed) >= 3 and typed[:3] in _MONTHS:
        return _MONTHS.index(typed[:3]) + 1
    return None


def _parts(typed: str) -> tuple[int | None, int, int]:
    """Year (None when left out), month and day, not yet known to be a real day."""
    if iso := _ISO.fullmatch(typed):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if american := _AMERICAN.fullmatch(typed):
        return (int(american[3]) if american[3] else None), int(american[1]), int(american[2])
    if _DIGITS.fullmatch(typed):
        return _packed(typed)
    words = _WORDS.fullmatch(typed)
    month = month_number(words[2]) if words else None
    if not words or month is None or bool(words[1]) == bool(words[3]):
        raise NotADate(typed)
    return (int(words[4]) if words[4] else None), month, int(words[1] or words[3])


def _packed(digits: str) -> tuple[int | None, int, int]:
    if len(digits) == 8 and digits[:2] in {"19", "20"}:
        return int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return (int(digits[4:]) if len(digits) > 4 else None), int(digits[:2]), int(digits[2:4])


def _century(year: int, *, today: date) -> int:
    if year >= 100:
        return year
    full = today.year - today.year % 100 + year
    return full if full <= today.year + 1 else full - 100


def _latest(month: int, day: int, *, today: date) -> date:
    if (month, day) == (2, 29):
        year = today.year
        while year % 4 or (not year % 100 and year % 400) or date(year, 2, 29) > today:
            year -= 1
        return date(year, 2, 29)
    found = _real(today.year, month, day)
    return found if found <= today else found.replace(year=today.year - 1)


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDay(f"{month:02d}/{day:02d}/{year:04d}") from error
