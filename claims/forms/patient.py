"""Patient and insured: CMS-1500 boxes 2 to 7 and 26."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import MemorableDateField
from claims.edits.entry import Address, PatientEntry
from claims.forms.fields import ChoiceOf, EntryForm, as_uuid, text
from members.enums import Sex

SEXES = [("", _("Choose")), (Sex.FEMALE, _("Female")), (Sex.MALE, _("Male")), (Sex.UNKNOWN, _("Unknown"))]
LONGEST_PHONE = 30


class BirthDateField(MemorableDateField):
    """Real days only; that it lies in the past and not too far is the edits' word."""

    def validate(self, value: Any) -> None:
        """Nothing is required of a draft."""


class PatientForm(EntryForm):
    needed = frozenset({"last_name", "first_name", "birth_date", "sex"})
    sizes = {"last_name": "m", "first_name": "m", "city": "m", "line1": "l", "line2": "l", "state": "xs"}

    patient = forms.CharField(required=False, widget=forms.HiddenInput)
    last_name = text(_("Last name"))
    first_name = text(_("First name"))
    birth_date = BirthDateField(label=_("Date of birth"), required=False)
    sex = ChoiceOf(label=_("Sex"), choices=SEXES)
    line1 = text(_("Street address"), max_length=55)
    line2 = text(_("Apartment or suite"), max_length=55)
    city = text(_("City"), max_length=30)
    state = text(_("State"), max_length=2)
    postal_code = text(_("ZIP code"), max_length=10)
    phone = text(_("Phone"), max_length=LONGEST_PHONE)
    account_number = text(
        _("Patient account number"), help_text=_("Your own number. The payer sends it back.")
    )

    def entry(self) -> PatientEntry:
        born = self.value("birth_date")
        return PatientEntry(
            last_name=self.value("last_name"),
            first_name=self.value("first_name"),
            birth_date=born if isinstance(born, date) else None,
            sex=self.word("sex", Sex),
            address=Address(
                line1=self.value("line1"),
                line2=self.value("line2"),
                city=self.value("city"),
                state=self.value("state").upper(),
                postal_code=self.value("postal_code"),
            ),
            phone=self.value("phone"),
            account_number=self.value("account_number"),
            known_as=as_uuid(self.value("patient")),
        )
