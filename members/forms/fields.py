"""Fields that the forms of people share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import MemorableDateField
from codes.formats import is_member_id
from codes.npi import npi_fault, tidy_npi
from members.enums import Relationship, Sex
from members.presenters import NPI_FAULTS, RELATIONSHIP, SEX

SEXES = [("", _("Choose")), *((sex.value, SEX[sex]) for sex in Sex)]
RELATIONSHIPS = [(one.value, RELATIONSHIP[one]) for one in Relationship]
AS_ON_THE_CARD = _("1 to 50 letters, digits and hyphens, as on the card.")
state_code = RegexValidator(r"\A[A-Za-z]{2}\Z", _("Enter the state as two letters, for example NY."))
zip_code = RegexValidator(
    r"\A[0-9]{5}(-?[0-9]{4})?\Z", _("Enter the ZIP code as 5 digits, or as 9 with a hyphen.")
)
taxonomy_code = RegexValidator(
    r"\A[0-9A-Za-z]{9}[Xx]\Z", _("A taxonomy code has 10 characters and ends with X, for example 207Q00000X.")
)


def text(label: Any, *, max_length: int, required: bool = False, **options: Any) -> forms.CharField:
    """One line of text. ``autocomplete`` is off: browsers must not offer the last person's data."""
    attrs = {"autocomplete": "off", **options.pop("attrs", {})}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=max_length, required=required, widget=widget, **options)


class MemberIdField(forms.CharField):
    """1 to 50 letters, digits and hyphens (ruling 41)."""

    size = "m"

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Member ID"))
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        if typed and not is_member_id(typed):
            raise ValidationError(
                _("A member ID has 1 to 50 letters, digits and hyphens. Remove everything else."),
                code="shape",
            )
        return typed


class NpiField(forms.CharField):
    """Ten digits of which the last checks the others (codes.npi)."""

    size = "s"

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("NPI"))
        options.setdefault("help_text", _("10 digits."))
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        typed = tidy_npi(super().clean(value))
        if typed and (fault := npi_fault(typed)) is not None:
            raise ValidationError(NPI_FAULTS[fault], code=fault.value)
        return typed


class BirthDateField(MemorableDateField):
    """A birth date in three boxes, in the past and less than 120 years ago."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Date of birth"))
        super().__init__(**options)


class UpperField(forms.CharField):
    """Text kept in capitals: states, taxonomy codes."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).upper()
