"""The filter bar of the payer's lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from claimflow.lib.forms import FilterForm, MoneyField, ServiceDateField
from claimflow.lib.money import ZERO, dollars
from claimflow.lib.templatetags.claimflow import PRIORITIES
from claims.forms.fields import ChoiceOf, as_uuid
from intelligence.enums import Priority

AT_RISK = timedelta(hours=24)
"""A claim that is due within this time is at risk."""
USUAL, NEWEST = "due", "newest"
SORTS = [(USUAL, gettext_lazy("Most urgent first")), (NEWEST, gettext_lazy("Newest first"))]
DUES = [
    ("", gettext_lazy("Any")),
    ("soon", gettext_lazy("Within 24 hours")),
    ("overdue", gettext_lazy("Overdue")),
]


@dataclass(frozen=True)
class Chip:
    """A filter that is set: its words, and the names of the fields that clear it."""

    label: str
    names: tuple[str, ...]


class QueueFilterForm(FilterForm):
    """``apply`` narrows a queryset by whatever could be read; the rest is said beside its box."""

    priority = ChoiceOf(
        label=gettext_lazy("Priority"), choices=[("", gettext_lazy("Any")), *PRIORITIES.items()]
    )
    due = ChoiceOf(label=gettext_lazy("Due"), choices=DUES)
    provider = ChoiceOf(label=gettext_lazy("Provider"), choices=[])
    amount_min = MoneyField(label=gettext_lazy("Charge from"), required=False)
    amount_max = MoneyField(label=gettext_lazy("to"), required=False)
    age = forms.IntegerField(
        label=gettext_lazy("Days old, at least"),
        required=False,
        min_value=0,
        max_value=3650,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
        error_messages={"invalid": gettext_lazy("Enter a number of days, for example 3.")},
    )
    sort = ChoiceOf(label=gettext_lazy("Order"), choices=SORTS)
    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    sizes = {"age": "xs"}

    def __init__(self, *args: Any, providers: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.providers = providers
        self.fields["provider"].widget.choices = [
            ("", _("Any")),
            *((str(provider.pk), provider.name) for provider in providers),
        ]

    def apply(self, claims: QuerySet[Any]) -> QuerySet[Any]:
        """Each condition is on a column of the queue's indexes (performance.md section 2)."""
        self.full_clean()
        told, now = self.cleaned_data, timezone.now()
        if told.get("priority") in list(Priority):
            claims = claims.filter(rank=Priority(told["priority"]).rank)
        if told.get("due") == "soon":
            claims = claims.filter(due_at__gte=now, due_at__lt=now + AT_RISK)
        if told.get("due") == "overdue":
            claims = claims.filter(due_at__lt=now)
        if told.get("provider"):
            claims = claims.filter(provider_id=as_uuid(told["provider"]))
        if told.get("amount_min") is not None:
            claims = claims.filter(billed_amount__gte=told["amount_min"])
        if told.get("amount_max") is not None:
            claims = claims.filter(billed_amount__lte=told["amount_max"])
        if told.get("age") is not None:
            claims = claims.filter(received_at__lte=now - timedelta(days=told["age"]))
        return claims

    @property
    def newest_first(self) -> bool:
        return self.data.get("sort") == NEWEST

    @property
    def chips(self) -> list[Chip]:
        """The filters that are set and could be read."""
        told, chips = getattr(self, "cleaned_data", {}), []
        if told.get("priority") in PRIORITIES:
            chips.append(Chip(str(PRIORITIES[told["priority"]]), ("priority",)))
        if told.get("due") in ("soon", "overdue"):
            words = _("Due within 24 hours") if told["due"] == "soon" else _("Overdue")
            chips.append(Chip(words, ("due",)))
        if told.get("provider"):
            names = {str(provider.pk): provider.name for provider in self.providers}
            chips.append(Chip(names.get(told["provider"], _("Unknown provider")), ("provider",)))
        if told.get("amount_min") is not None or told.get("amount_max") is not None:
            chips.append(
                Chip(_amounts(told.get("amount_min"), told.get("amount_max")), ("amount_min", "amount_max"))
            )
        if told.get("age") is not None:
            chips.append(Chip(_("%(days)s days or older") % {"days": told["age"]}, ("age",)))
        return chips + self.own_chips(told)

    def own_chips(self, told: dict[str, Any]) -> list[Chip]:
        return []


class DecidedFilterForm(QueueFilterForm):
    """The decided claims: from which day to which, in the payer's zone; without an order to choose."""

    decided_from = ServiceDateField(label=gettext_lazy("Decided from"), required=False)
    decided_to = ServiceDateField(label=gettext_lazy("to"), required=False)
    due = sort = None  # type: ignore[assignment]  # how Django takes fields away

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def apply(self, claims: QuerySet[Any]) -> QuerySet[Any]:
        claims = super().apply(claims)
        first, last = self.cleaned_data.get("decided_from"), self.cleaned_data.get("decided_to")
        if first:
            claims = claims.filter(adjudicated_at__gte=start_of(first, self.zone))
        if last:
            claims = claims.filter(adjudicated_at__lt=start_of(last + timedelta(days=1), self.zone))
        return claims

    def own_chips(self, told: dict[str, Any]) -> list[Chip]:
        first, last = told.get("decided_from"), told.get("decided_to")
        if first and first == last == timezone.localdate(timezone=self.zone):
            return [Chip(_("Decided today"), ("decided_from", "decided_to"))]
        chips = []
        if first:
            chips.append(Chip(_("Decided from %(day)s") % {"day": f"{first:%m/%d/%Y}"}, ("decided_from",)))
        if last:
            chips.append(Chip(_("Decided until %(day)s") % {"day": f"{last:%m/%d/%Y}"}, ("decided_to",)))
        return chips


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Midnight of that day in the zone."""
    return datetime.combine(day, time.min, tzinfo=zone)


def _amounts(least: Any, most: Any) -> str:
    if most is None:
        return _("%(least)s and more") % {"least": dollars(least)}
    return _("%(least)s to %(most)s") % {"least": dollars(least or ZERO), "most": dollars(most)}
