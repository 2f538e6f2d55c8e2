"""Sentences that pure rules say and pages translate.

Rules import no Django, so they cannot call gettext. They mark the English template with `gettext_noop`
(makemessages collects it) and keep the values apart; a presenter calls `sentence.through(gettext)`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def gettext_noop(template: str) -> str:
    """Mark a template for translation and return it unchanged."""
    return template


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with `{named}` values. `str()` gives English."""

    template: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))

    def through(self, translate: Callable[[str], str]) -> str:
        """Translate the template, then fill in the values."""
        return translate(self.template).format(**dict(self.values))


def sentence(template: str, values: Mapping[str, object] | None = None) -> Sentence:
    """Make a sentence; values are turned into text in the order given."""
    return Sentence(template, tuple((name, str(value)) for name, value in (values or {}).items()))


def us_date(day: date) -> str:
    """Return "Nov 21, 2026" whatever the server's locale."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
