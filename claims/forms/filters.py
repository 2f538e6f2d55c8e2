"""The filter bar of the provider's list, and the search by member id."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from claimflow.lib.forms import FilterForm, MoneyField, PlainForm, ServiceDateField
from claimflow.lib.money import ZERO, dollars
from claims.enums import ClaimState, PublicStatus
from claims.forms.fields import ChoiceOf, as_uuid, text
from claims.presenters import STATE_LABELS, STATUS_LABELS

PERSON_SALT = "claimflow.claims.person"
STATUSES = [
    ("", gettext_lazy("Any")),
    (gettext_lazy("Status"), [(status.value, STATUS_LABELS[status]) for status in PublicStatus]),
    (gettext_lazy("State"), [(f"is-{state.value}", STATE_LABELS[state]) for state in ClaimState]),
]


@dataclass(frozen=True)
class Chip:
    """A filter that is set: its words, and the names of the fields that clear it."""

    label: str
    names: tuple[str, ...]


def person_token(indexes: list[str]) -> str:
    """Blind indexes of one member, signed: addresses carry no member id."""
    return signing.Signer(salt=PERSON_SALT).sign_object(indexes)


class ClaimFilterForm(FilterForm):
    """``apply`` narrows a queryset by whatever could be read; the rest is said beside its box."""

    number = text(
        gettext_lazy("Claim number"), attrs={"placeholder": "CLM-20261121-0042", "spellcheck": "false"}
    )
    payer = ChoiceOf(label=gettext_lazy("Payer"), choices=[])
    status = ChoiceOf(label=gettext_lazy("Status"), choices=STATUSES)
    served_from = ServiceDateField(label=gettext_lazy("Served from"), required=False)
    served_to = ServiceDateField(label=gettext_lazy("to"), required=False)
    charge_min = MoneyField(label=gettext_lazy("Charge from"), required=False)
    charge_max = MoneyField(label=gettext_lazy("to"), required=False)
    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    person = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, payers: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payers = payers
        self.fields["payer"].widget.choices = [  # type: ignore[attr-defined]
            ("", _("Any")),
            *((str(payer.pk), payer.name) for payer in payers),
        ]

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        self.full_clean()
        return queryset.filter(self._condition())

    def _condition(self) -> Q:
        told, wanted = self.cleaned_data, Q()
        if number := told.get("number"):
            wanted &= Q(claim_number=number.strip().upper())
        if payer := told.get("payer"):
            wanted &= Q(payer_id=as_uuid(payer))
        if status := told.get("status"):
            wanted &= Q(state=status[3:]) if status.startswith("is-") else Q(public_status=status)
        for name, lookup in (
            ("served_from", "service_date__gte"),
            ("served_to", "service_date__lte"),
            ("charge_min", "billed_amount__gte"),
            ("charge_max", "billed_amount__lte"),
        ):
            if told.get(name) is not None:
                wanted &= Q(**{lookup: told[name]})
        if told.get("person"):
            wanted &= Q(member_bidx__in=self._person())
        return wanted

    def _person(self) -> list[str]:
        """Nobody for a token that is not ours."""
        try:
            return [
                str(index) for index in signing.Signer(salt=PERSON_SALT).unsign_object(self.data["person"])
            ]
        except (signing.BadSignature, ValueError, TypeError):
            return []

    @property
    def chips(self) -> list[Chip]:
        """The filters that are set and could be read."""
        told = getattr(self, "cleaned_data", {})
        chips = []
        if told.get("number"):
            chips.append(Chip(told["number"].upper()[:40], ("number",)))
        names = {str(payer.pk): payer.name for payer in self.payers}
        if told.get("payer"):
            chips.append(Chip(names.get(told["payer"], _("Unknown payer")), ("payer",)))
        if told.get("status"):
            chips.append(Chip(_status_label(told["status"]), ("status",)))
        if told.get("served_from") or told.get("served_to"):
            chips.append(
                Chip(_dates(told.get("served_from"), told.get("served_to")), ("served_from", "served_to"))
            )
        if told.get("charge_min") is not None or told.get("charge_max") is not None:
            chips.append(
                Chip(_amounts(told.get("charge_min"), told.get("charge_max")), ("charge_min", "charge_max"))
            )
        if told.get("person"):
            chips.append(Chip(_("One member"), ("person",)))
        return chips


def _status_label(status: str) -> str:
    labels: dict[str, Any] = {member.value: label for member, label in STATUS_LABELS.items()}
    labels |= {f"is-{member.value}": label for member, label in STATE_LABELS.items()}
    return str(labels.get(status, _("Unknown status")))


def _dates(first: Any, last: Any) -> str:
    if first and last:
        return _("Served %(first)s to %(last)s") % {"first": f"{first:%m/%d/%Y}", "last": f"{last:%m/%d/%Y}"}
    if first:
        return _("Served from %(first)s") % {"first": f"{first:%m/%d/%Y}"}
    return _("Served until %(last)s") % {"last": f"{last:%m/%d/%Y}"}


def _amounts(least: Any, most: Any) -> str:
    if most is None:
        return _("%(least)s and more") % {"least": dollars(least)}
    return _("%(least)s to %(most)s") % {"least": dollars(least or ZERO), "most": dollars(most)}


class MemberSearchForm(PlainForm):
    """Exact search. It is posted, so that the member id is in no address, history or log."""

    member_id = text(gettext_lazy("Member ID"), max_length=50, attrs={"spellcheck": "false"})
