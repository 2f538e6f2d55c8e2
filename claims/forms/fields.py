"""What the parts of the claim form share: text becomes domain types, and nothing is required to be kept.

Whether a claim is complete is the edits' word (claims.edits), not the form's: a draft takes anything. A
field only says when it could not read what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claimflow.lib.forms import MoneyField, PlainForm, ServiceDateField
from claimflow.lib.money import MAX_AMOUNT
from codes.formats import tidy_code
from codes.npi import tidy_npi

Today = Callable[[], date]
E = TypeVar("E", bound=StrEnum)
LONGEST_UNITS = 20


class EntryForm(PlainForm):
    """A part of the claim form. ``needed`` names the fields that a claim cannot do without; the others say
    "(optional)"."""

    needed: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, today: Today, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ServiceDateField):
                field.today = field.widget.today = today

    def value(self, name: str) -> Any:
        """The cleaned value; "" for text and None for the rest if it was empty or could not be read."""
        if name in getattr(self, "cleaned_data", {}):
            return self.cleaned_data[name]
        return "" if isinstance(self.fields[name], forms.CharField) else None

    def word(self, name: str, enum: type[E]) -> E | None:
        """A member of ``enum``, None for none of its words."""
        typed = self.value(name)
        return enum(typed) if typed in list(enum) else None


def text(label: Any, **options: Any) -> forms.CharField:
    """One line of text. ``autocomplete`` is off: browsers must not offer the last patient's data."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **options.pop("attrs", {})})
    return forms.CharField(label=label, required=False, widget=widget, **options)


def flag(label: Any, **options: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **options)


def day(label: Any, **options: Any) -> ServiceDateField:
    return ServiceDateField(label=label, required=False, **options)


class ChoiceOf(forms.CharField):
    """A select whose text arrives as it is: an answer that is not on the list is kept and judged, never
    refused."""

    def __init__(self, *, label: Any, choices: list[tuple[Any, Any]], **options: Any) -> None:
        super().__init__(label=label, required=False, widget=forms.Select(choices=choices), **options)


class NpiField(forms.CharField):
    """Ten digits as typed; the check digit is an edit's business."""

    size = "s"

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", **options.pop("attrs", {})}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> str:
        return tidy_npi(super().clean(value) or "")


class CodesField(forms.CharField):
    """Several short codes in one box: "25 59", "25,59" and "2559" are the same two modifiers.

    ``width`` is the number of characters of one code.
    """

    def __init__(self, *, width: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.width = width

    def clean(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        typed = super().clean(value) or ""
        words = [word for word in re.split(r"[\s,;/]+", typed.upper()) if word]
        return tuple(part for word in words for part in self._parts(word))

    def _parts(self, word: str) -> list[str]:
        if len(word) % self.width:
            return [word]
        return [word[at : at + self.width] for at in range(0, len(word), self.width)]


class CodeField(forms.CharField):
    """One code, upper case and without white space."""

    def clean(self, value: Any) -> str:
        return tidy_code(super().clean(value) or "")


class UnitsField(forms.Field):
    """How often, with decimals: "1", "2.5", "2,5"."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "num", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **options)

    def to_python(self, value: Any) -> Decimal | None:
        typed = str(value or "").strip().replace(",", ".")
        if not typed:
            return None
        try:
            units = Decimal(typed) if len(typed) <= LONGEST_UNITS else Decimal("NaN")
        except InvalidOperation:
            units = Decimal("NaN")
        if not units.is_finite() or "e" in typed.lower():
            raise ValidationError(_("Enter the units as a number, for example 1 or 2.5."), code="invalid")
        return units


def money(label: Any, **options: Any) -> MoneyField:
    """Any amount that can be read; whether it may be negative is an edit's word."""
    return MoneyField(label=label, required=False, min_value=-MAX_AMOUNT, **options)


def as_uuid(typed: str) -> UUID | None:
    """None for what is no UUID."""
    try:
        return UUID(typed)
    except (ValueError, AttributeError, TypeError):
        return None
