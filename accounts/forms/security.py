"""The filter of the alerts, and how one is resolved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import AlertState
from accounts.presenters import ALERT_KINDS, ALERT_STATES
from audit.presenters import SEVERITIES
from claimflow.lib.forms import FilterForm, PlainForm

EVERY = "all"
SHORTEST = 10
LONGEST = 2000


class AlertFilter(FilterForm):
    """What waits for somebody stands first; an empty address means that."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Open and taken")), *ALERT_STATES.items(), (EVERY, _("All"))],
    )
    kind = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("Everything")), *ALERT_KINDS.items()]
    )
    severity = forms.ChoiceField(
        label=_("Severity"),
        required=False,
        choices=[("", _("Any")), *((str(word), label) for word, label in SEVERITIES.items())],
    )

    def apply(self, alerts: Any) -> QuerySet[Any]:
        """The alerts that fit; none for words that are not offered."""
        if not self.is_valid():
            none: QuerySet[Any] = alerts.none()
            return none
        asked = self.cleaned_data
        if asked["state"] in set(AlertState):
            alerts = alerts.filter(state=asked["state"])
        elif not asked["state"]:
            alerts = alerts.unsettled()
        found: QuerySet[Any] = alerts.filter(
            **{name: asked[name] for name in ("kind", "severity") if asked[name]}
        )
        return found


class ResolveForm(PlainForm):
    """What was found and done, in words."""

    resolution = forms.CharField(
        label=_("What was found and done?"),
        min_length=SHORTEST,
        max_length=LONGEST,
        help_text=_(
            "For example: Asked the person by phone; it was a new laptop. Leave out what concerns patients."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
