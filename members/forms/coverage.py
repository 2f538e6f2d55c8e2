"""A patient's coverages: repeating lines (CMS-1500 boxes 1a, 4, 6, 7 and 11)."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from claimflow.lib import phi
from claimflow.lib.forms import PlainForm, ServiceDateField
from claimflow.lib.kept import rows_kept
from members.actions.save_patient import CoverageFacts
from members.enums import Relationship
from members.forms.fields import (
    AS_ON_THE_CARD,
    RELATIONSHIPS,
    SEXES,
    BirthDateField,
    MemberIdField,
    text,
)
from members.models import PatientCoverage, Plan

PREFIX = "coverage"
MOST = 9
Choices = list[tuple[Any, Any]]


class PatientCoverageForm(PlainForm):
    """One coverage. Who the insured is, is asked for when it is not the patient."""

    sizes = {"payer": "l", "plan": "l", "relationship": "m", "insured_sex": "s"}

    known_as = forms.UUIDField(required=False, widget=forms.HiddenInput)
    payer = forms.ChoiceField(label=_("Payer"))
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    member_id = MemberIdField(help_text=AS_ON_THE_CARD)
    group_number = text(_("Group number"), max_length=50)
    relationship = forms.ChoiceField(
        label=_("Patient's relationship to the insured"),
        choices=RELATIONSHIPS,
        initial=Relationship.SELF.value,
    )
    effective_from = ServiceDateField(label=_("Covered from"), required=False)
    effective_to = ServiceDateField(label=_("Covered until"), required=False)
    insured_last_name = text(_("Insured's last name"), max_length=100)
    insured_first_name = text(_("Insured's first name"), max_length=100)
    insured_birth_date = BirthDateField(label=_("Insured's date of birth"), required=False)
    insured_sex = forms.ChoiceField(label=_("Insured's sex"), choices=SEXES, required=False)

    def __init__(
        self, *args: Any, payers: Choices, plans: Choices, owners: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners
        self.fields["payer"].choices = payers  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]  # a ChoiceField

    def has_changed(self) -> bool:
        """A line without payer, plan and ids is no coverage, whether it was one before or not."""
        return any(self[name].value() for name in ("payer", "plan", "member_id", "group_number"))

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("plan") and told.get("payer") and self.owners.get(told["plan"]) != told["payer"]:
            self.add_error(
                "plan", _("This plan belongs to another payer. Choose one of the payer above, or none.")
            )
        first, last = told.get("effective_from"), told.get("effective_to")
        if first and last and last < first:
            self.add_error("effective_to", _("The last day is before the first day. Check both dates."))
        if told.get("relationship", Relationship.SELF) != Relationship.SELF:
            for name in ("insured_last_name", "insured_first_name"):
                if not told.get(name) and name not in self.errors:
                    self.add_error(
                        name, ValidationError(_("Say who the insured is when it is not the patient."))
                    )
        return told

    @property
    def facts(self) -> CoverageFacts:
        told = self.cleaned_data
        is_self = told["relationship"] == Relationship.SELF
        return CoverageFacts(
            payer_id=UUID(told["payer"]),
            plan_id=UUID(told["plan"]) if told["plan"] else None,
            member_id=told["member_id"],
            group_number=told["group_number"],
            relationship=told["relationship"],
            insured=None if is_self else _insured(told),
            effective_from=told["effective_from"],
            effective_to=told["effective_to"],
            known_as=told["known_as"],
        )

    @staticmethod
    def of(row: PatientCoverage) -> dict[str, Any]:
        """What the form starts with for a coverage on file."""
        insured = phi.value(row, "insured") or {}
        return {
            "known_as": row.pk,
            "payer": str(row.payer_id),
            "plan": str(row.plan_id or ""),
            "member_id": phi.value(row, "member_id"),
            "group_number": phi.value(row, "group_number"),
            "relationship": row.relationship,
            "effective_from": row.effective_from,
            "effective_to": row.effective_to,
            "insured_last_name": insured.get("last_name", ""),
            "insured_first_name": insured.get("first_name", ""),
            "insured_birth_date": _date(insured.get("birth_date")),
            "insured_sex": insured.get("sex", ""),
        }


if TYPE_CHECKING:
    Lines = BaseFormSet[PatientCoverageForm]
else:
    Lines = BaseFormSet


class CoverageFormSet(Lines):
    """The lines. Choices of payers and plans are read once for all of them."""

    legend = _("Coverage")

    @cached_property
    def facts(self) -> list[CoverageFacts]:
        return [form.facts for form in self.forms if form.has_changed()]


def coverage_formset(
    data: QueryDict | None,
    *,
    payers: Iterable[Organization],
    plans: Iterable[Plan],
    known: Iterable[PatientCoverage] = (),
) -> CoverageFormSet:
    """Bound to ``data``, or starting with the coverages on file."""
    payers, names = list(payers), {}
    for payer in payers:
        names[payer.pk] = payer.name
    by_payer: dict[UUID, Choices] = {}
    owners: dict[str, str] = {}
    for plan in plans:
        by_payer.setdefault(plan.payer_id, []).append((str(plan.pk), plan.name))
        owners[str(plan.pk)] = str(plan.payer_id)
    lines = rows_kept(PREFIX) if data is None else None
    initial = [PatientCoverageForm.of(row) for row in known] if lines is None else []
    factory = formset_factory(
        PatientCoverageForm,
        formset=CoverageFormSet,
        extra=lines if lines is not None else 0 if initial else 1,
        min_num=0,
        max_num=MOST,
        absolute_max=MOST + 1,
        validate_max=True,
    )
    made: CoverageFormSet = factory(  # type: ignore[assignment]  # the factory's types forget which class it was given
        data,
        prefix=PREFIX,
        initial=initial or None,
        form_kwargs={
            "payers": [("", _("Choose a payer")), *((str(pk), name) for pk, name in names.items())],
            "plans": [("", _("Not known")), *((names[pk], by_payer[pk]) for pk in names if pk in by_payer)],
            "owners": owners,
        },
    )
    for form in made.forms:
        form.empty_permitted = True
    return made


def _insured(told: dict[str, Any]) -> dict[str, str]:
    born = told.get("insured_birth_date")
    return {
        "last_name": told["insured_last_name"],
        "first_name": told["insured_first_name"],
        "birth_date": born.isoformat() if born else "",
        "sex": told.get("insured_sex", ""),
    }


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
