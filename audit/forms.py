"""The auditor's filters, and the question who saw a patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.presenters import (
    OUTCOMES,
    SENTENCES,
    SEVERITIES,
    actors_like,
    organizations_called,
    payers,
    subjects_called,
)
from claimflow.lib import phi
from claimflow.lib.forms import FilterForm, PlainForm, ServiceDateField

LONGEST = 2000
"""Characters of a signed question; a longer one is not ours."""


def _choices(words: dict[str, Any], first: Any) -> list[tuple[str, Any]]:
    return [("", first), *((str(word), label) for word, label in words.items())]


class SubjectField(forms.CharField):
    """A claim number or an id, read as the ids that are meant; an empty set when nothing was asked for."""

    def __init__(self, **options: Any) -> None:
        attrs = {"placeholder": "CLM-20261120-0042", "spellcheck": "false"}
        super().__init__(max_length=64, required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> set[UUID]:
        typed: str = super().clean(value)
        found = subjects_called(typed) if typed else set()
        if typed and not found:
            raise forms.ValidationError(
                gettext(
                    "No claim of this number is in the trail that you may read. Check the number, such as"
                    " CLM-20261120-0042, or enter an ID."
                )
            )
        return found


class Days(forms.Form):
    """A range of days of the reader's zone, both inclusive and both open."""

    first_day = ServiceDateField(label=_("From"), required=False)
    last_day = ServiceDateField(label=_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Enter a day that is not before the first one."))
        return cleaned

    def within(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the days asked for; the form is valid."""
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        if first:
            rows = rows.filter(at__gte=_start_of(first))
        if last:
            rows = rows.filter(at__lt=_start_of(last + dt.timedelta(days=1)))
        return rows


class TrailFilter(FilterForm, Days):
    """Narrows events or accesses. Only the platform's auditors, who read every organization's, choose one."""

    actor = forms.CharField(label=_("Who"), required=False, max_length=255)
    organization = forms.CharField(label=_("Organization"), required=False, max_length=255)
    action = forms.ChoiceField(label=_("What"), required=False, choices=_choices(SENTENCES, _("Everything")))
    subject = SubjectField(label=_("Claim number or ID"))
    sizes = {"actor": "m", "organization": "m", "subject": "m"}
    field_order = ["actor", "organization", "action", "subject"]

    def __init__(self, data: Any, *, is_platform: bool) -> None:
        super().__init__(data)
        if not is_platform:
            del self.fields["organization"]

    def apply(self, rows: Any) -> QuerySet[Any]:
        """The rows that fit; none when what was typed makes no sense, so that no mistake looks like an answer."""
        if not self.is_valid():
            none: QuerySet[Any] = rows.none()
            return none
        asked = self.cleaned_data
        if asked.get("organization"):
            rows = rows.of_organizations(organizations_called(asked["organization"].strip()))
        if asked["actor"]:
            rows = rows.filter(actor_id__in=actors_like(asked["actor"].strip()))
        if asked["action"]:
            rows = rows.filter(action=asked["action"])
        if asked["subject"]:
            rows = rows.filter(subject_id__in=asked["subject"])
        return self.within(rows)


class EventFilter(TrailFilter):
    """Events have an outcome and a severity besides."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=_choices(OUTCOMES, _("Any")))
    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=_choices(SEVERITIES, _("Any")))
    field_order = [*TrailFilter.field_order, "outcome", "severity"]

    def apply(self, rows: Any) -> QuerySet[Any]:
        found = super().apply(rows)
        asked = self.cleaned_data
        narrowed = {name: asked[name] for name in ("outcome", "severity") if asked.get(name)}
        return found.filter(**narrowed) if narrowed else found


# --- Who saw this patient -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Patient:
    """Whom a question is about: subjects of the trail, or an insured person by the blind indexes of the member ID."""

    subjects: Collection[UUID] = field(default_factory=tuple)
    persons: Collection[str] = field(default_factory=tuple)

    SALT = "claimflow.audit.patient"

    def token(self) -> str:
        """For an address: signed, and without what was typed."""
        return signing.dumps([sorted(map(str, self.subjects)), sorted(self.persons)], salt=self.SALT)

    @classmethod
    def of_token(cls, text: str) -> Patient | None:
        """None for a token that is not ours."""
        if len(text) > LONGEST:
            return None
        try:
            subjects, persons = signing.loads(text, salt=cls.SALT)
        except signing.BadSignature:
            return None
        return cls([UUID(each) for each in subjects], persons)


class WhoSawForm(PlainForm, Days):
    """Who saw this patient between two days? By a claim's number, or by a member ID at a payer. It is posted: a
    member ID stands in no address."""

    claim = SubjectField(label=_("Claim number or ID"))
    payer = forms.ChoiceField(label=_("Payer"), required=False)
    member_id = forms.CharField(
        label=_("Member ID"),
        max_length=60,
        required=False,
        help_text=_("The whole ID as the payer issued it. Instead of a claim number."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    field_order = ["claim", "payer", "member_id", "first_day", "last_day"]
    needed = ("claim", "payer", "member_id")

    def __init__(self, data: Any = None, *, user: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        known = payers()
        if user.role == "payer":
            known = [(pk, name) for pk, name in known if pk == user.organization_id]
        self.fields["payer"].choices = [("", _("Choose one")), *known]  # type: ignore[attr-defined]
        if len(known) == 1:
            self.initial.setdefault("payer", known[0][0])

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        if self.errors:
            return asked
        if asked["member_id"] and not asked["payer"]:
            self.add_error("payer", _("Choose the payer that issued the member ID."))
        elif asked["member_id"] and not any(map(str.isalnum, asked["member_id"])):
            self.add_error("member_id", _("A member ID has letters or digits. Enter the whole ID."))
        elif not asked["member_id"] and not asked["claim"]:
            self.add_error("claim", _("Enter a claim number, or a payer and a member ID."))
        return asked

    def patient(self) -> Patient:
        """The form is valid."""
        asked = self.cleaned_data
        persons: list[str] = []
        if asked["member_id"]:
            indexes = phi.blind_indexes("member_id", UUID(asked["payer"]), asked["member_id"])
            persons = [index.value for index in indexes]
        return Patient(asked["claim"], persons)


def _start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_current_timezone())
