"""The auditor's filter."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.presenters import OUTCOMES, SENTENCES, actors_like, subjects_called
from claimflow.lib.forms import FilterForm, ServiceDateField


def _choices(words: dict[str, Any], first: Any) -> list[tuple[str, Any]]:
    return [("", first), *((str(word), label) for word, label in words.items())]


class TrailFilter(FilterForm):
    """Narrows events or accesses. Days are those of the reader's zone, both inclusive."""

    actor = forms.CharField(label=_("Who"), required=False, max_length=255)
    action = forms.ChoiceField(label=_("What"), required=False, choices=_choices(SENTENCES, _("Everything")))
    subject = forms.CharField(
        label=_("Claim number or ID"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"placeholder": "CLM-20261120-0042", "spellcheck": "false"}),
    )
    first_day = ServiceDateField(label=_("From"), required=False)
    last_day = ServiceDateField(label=_("To"), required=False)
    sizes = {"actor": "m", "subject": "m"}

    def clean_subject(self) -> set[UUID]:
        """The ids that are meant; empty when nothing was asked for."""
        typed: str = self.cleaned_data["subject"]
        found = subjects_called(typed) if typed else set()
        if typed and not found:
            raise forms.ValidationError(
                gettext(
                    "No claim of this number is in the trail that you may read. Check the number, such as"
                    " CLM-20261120-0042, or enter an ID."
                )
            )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Enter a day that is not before the first one."))
        return cleaned

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that fit; none when what was typed makes no sense, so that no mistake looks like an answer."""
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        if asked["actor"]:
            rows = rows.filter(actor_id__in=actors_like(asked["actor"].strip()))
        if asked["action"]:
            rows = rows.filter(action=asked["action"])
        if asked["subject"]:
            rows = rows.filter(subject_id__in=asked["subject"])
        if asked["first_day"]:
            rows = rows.filter(at__gte=_start_of(asked["first_day"]))
        if asked["last_day"]:
            rows = rows.filter(at__lt=_start_of(asked["last_day"] + dt.timedelta(days=1)))
        return rows


class EventFilter(TrailFilter):
    """Events have an outcome besides."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=_choices(OUTCOMES, _("Any")))

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().apply(rows)
        outcome = self.cleaned_data.get("outcome")
        return rows.filter(outcome=outcome) if outcome else rows


def _start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_current_timezone())
