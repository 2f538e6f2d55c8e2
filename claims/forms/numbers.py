"""What the numbers page is about, and which suggestions stand behind one of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from claimflow.lib.forms import FilterForm
from claimflow.lib.sentences import us_date
from claimflow.lib.templatetags.claimflow import PRIORITIES
from claims.forms.filters import Chip
from intelligence.enums import Priority, Verdict
from intelligence.numbers import Entries, Period, judged, suggested

SPANS = (7, 30, 90)
USUAL_SPAN = 30
JUDGED = "judged"
ANSWERS = [(priority.value, PRIORITIES[priority]) for priority in Priority]
VERDICTS = [
    (JUDGED, gettext_lazy("judged by a person")),
    (Verdict.AGREED.value, gettext_lazy("agreed with")),
    (Verdict.OVERRODE.value, gettext_lazy("changed by a person")),
]


class SpanForm(FilterForm):
    """The days that are looked at. What cannot be read is the usual 30."""

    days = forms.TypedChoiceField(
        choices=[(days, days) for days in SPANS], coerce=int, empty_value=None, required=False
    )

    def period(self, user: User) -> Period:
        return Period.of_days(self.span, zone=user.time_zone)

    @property
    def span(self) -> int:
        self.is_valid()
        return int(self.cleaned_data.get("days") or USUAL_SPAN)


class SuggestionFilterForm(SpanForm):
    """The rows behind a number. ``apply`` narrows by whatever could be read."""

    answer = forms.ChoiceField(choices=ANSWERS, required=False)
    ended = forms.ChoiceField(choices=ANSWERS, required=False)
    verdict = forms.ChoiceField(choices=VERDICTS, required=False)
    provider = forms.UUIDField(required=False)
    person = forms.UUIDField(required=False)
    low = forms.DecimalField(required=False, min_value=0, max_value=1)
    high = forms.DecimalField(required=False, min_value=0, max_value=1)
    day = forms.DateField(required=False)
    model = forms.CharField(required=False, max_length=60)
    version = forms.CharField(required=False, max_length=60)
    failed = forms.BooleanField(required=False)

    def apply(self, user: User) -> Entries:
        period = self.period(user)
        chosen = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}
        if "day" in chosen:
            period = Period(chosen["day"], chosen["day"], period.zone)
        if "verdict" in chosen:
            return self._judged(suggested(user, period), chosen)
        entries = everything(user, period)
        if "failed" in chosen:
            entries = entries.exclude(failure="")
        if "model" in chosen:
            entries = entries.filter(model=chosen["model"], model_version=chosen.get("version", ""))
        return entries

    @property
    def is_about_a_group(self) -> bool:
        """Narrowed to a group that the numbers page would hide when it is small."""
        return any(self.cleaned_data.get(name) for name in SMALL_GROUPS)

    @staticmethod
    def _judged(entries: Entries, chosen: dict[str, Any]) -> Entries:
        groups = {name: chosen[name] for name in GROUPS if name in chosen}
        found = judged(entries, **groups)
        if chosen["verdict"] == Verdict.AGREED:
            return found.filter(ended=F("answer"))
        return found.exclude(ended=F("answer")) if chosen["verdict"] == Verdict.OVERRODE else found

    @property
    def chips(self) -> list[Chip]:
        """What narrows the list, in words."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}
        chips = [Chip(str(WORDS[name](value)), (name,)) for name, value in chosen.items() if name in WORDS]
        if "model" in chosen:
            chips.append(Chip(f"{chosen['model']} {chosen.get('version', '')}".strip(), ("model", "version")))
        if "low" in chosen and "high" in chosen:
            span = {"low": f"{100 * chosen['low']:.0f}", "high": f"{100 * chosen['high']:.0f}"}
            chips.append(Chip(_("confidence %(low)s to %(high)s %%") % span, ("low", "high")))
        return chips


def everything(user: User, period: Period) -> Entries:
    """Used suggestions and shadows': what latency, failures and cost are counted over."""
    return suggested(user, period) | suggested(user, period, shadow=True)


def _organization(key: Any) -> str:
    name = Organization.objects.filter(pk=key).values_list("name", flat=True).first()
    return name or _("another organization")


def _person(key: Any) -> str:
    person = User.objects.filter(pk=key).first()
    return person.full_name if person else _("another person")


GROUPS = ("answer", "ended", "provider", "person", "low", "high")
SMALL_GROUPS = ("provider", "person", "low", "high")
WORDS: dict[str, Callable[[Any], Any]] = {
    "answer": lambda value: _("suggested %(answer)s") % {"answer": PRIORITIES[value]},
    "ended": lambda value: _("became %(answer)s") % {"answer": PRIORITIES[value]},
    "verdict": lambda value: dict(VERDICTS)[value],
    "provider": _organization,
    "person": _person,
    "day": us_date,
    "failed": lambda _value: _("failed"),
}
