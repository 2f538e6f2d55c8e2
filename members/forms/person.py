"""Name, birth date, address: what patients and members have in common."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.forms import PlainForm
from members.forms.fields import SEXES, BirthDateField, UpperField, state_code, text, zip_code
from members.models import Member, Patient

ADDRESS = ("line1", "line2", "city", "state", "postal_code")


class PersonForm(PlainForm):
    """``facts`` are the columns of ``Patient`` and ``Member``; nothing typed is None."""

    sizes = {
        "line1": "l",
        "line2": "m",
        "city": "m",
        "state": "xs",
        "postal_code": "s",
        "email": "l",
        "sex": "s",
    }

    last_name = text(_("Last name"), max_length=100, required=True)
    first_name = text(_("First name"), max_length=100, required=True)
    birth_date = BirthDateField()
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES)
    line1 = text(_("Street address"), max_length=55)
    line2 = text(_("Apartment or suite"), max_length=55)
    city = text(_("City"), max_length=30)
    state = UpperField(label=_("State"), max_length=2, required=False, validators=[state_code])
    postal_code = text(_("ZIP code"), max_length=10, validators=[zip_code])
    phone = text(_("Phone"), max_length=30)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    is_another_person = forms.BooleanField(
        label=_("This is another person with the same last name and date of birth"), required=False
    )
    plain_columns: ClassVar[tuple[str, ...]] = ("last_name", "first_name", "birth_date", "sex")
    open_columns: ClassVar[tuple[str, ...]] = ("phone", "email")

    @classmethod
    def of(cls, person: Patient | Member) -> dict[str, Any]:
        """What the form starts with for somebody known."""
        stored = {name: phi.value(person, name) for name in (*cls.plain_columns, *cls.open_columns)}
        return {**(phi.value(person, "address") or {}), **stored}

    @property
    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        address = {name: told[name] for name in ADDRESS}
        return {
            **{name: told[name] for name in self.plain_columns},
            **{name: told[name] or None for name in self.open_columns},
            "address": address if any(address.values()) else None,
        }
