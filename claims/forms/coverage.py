"""Payer, plan and member: CMS-1500 boxes 1, 1a, 4, 6, 9 and 11."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from claims.edits.entry import CoverageEntry, InsuredEntry
from claims.forms.fields import ChoiceOf, EntryForm, as_uuid, flag, text
from claims.forms.patient import SEXES, BirthDateField
from members.enums import Relationship, Sex
from members.models import Plan

RELATIONSHIPS = [
    (Relationship.SELF, _("Self")),
    (Relationship.SPOUSE, _("Spouse")),
    (Relationship.CHILD, _("Child")),
    (Relationship.OTHER, _("Other")),
]
LONGEST_GROUP = 50


class CoverageForm(EntryForm):
    needed = frozenset(
        {"payer", "plan", "member_id", "relationship", "insured_last_name", "insured_first_name"}
    )
    sizes = {"payer": "l", "plan": "l", "member_id": "m", "group_number": "m"}

    payer = ChoiceOf(label=_("Payer"), choices=[])
    plan = ChoiceOf(label=_("Plan"), choices=[])
    member_id = text(_("Member ID"), help_text=_("As on the insurance card."), attrs={"spellcheck": "false"})
    group_number = text(_("Group number"), max_length=LONGEST_GROUP)
    relationship = ChoiceOf(
        label=_("Patient's relationship to the insured"), choices=RELATIONSHIPS, initial=Relationship.SELF
    )
    insured_last_name = text(_("Insured's last name"))
    insured_first_name = text(_("Insured's first name"))
    insured_birth_date = BirthDateField(label=_("Insured's date of birth"), required=False)
    insured_sex = ChoiceOf(label=_("Insured's sex"), choices=SEXES)
    has_other_coverage = flag(_("The patient has another health plan"))
    other_payer = text(_("Name of the other plan"), max_length=120)
    other_member_id = text(_("Member ID there"), max_length=50)

    def __init__(
        self, *args: Any, payers: Iterable[Organization], plans: Iterable[Plan], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        payers = list(payers)
        by_payer: dict[Any, list[tuple[str, str]]] = {}
        for plan in plans:
            by_payer.setdefault(plan.payer_id, []).append((str(plan.pk), plan.name))
        self.fields["payer"].widget.choices = [  # type: ignore[attr-defined]
            ("", _("Choose a payer")),
            *((str(payer.pk), payer.name) for payer in payers),
        ]
        self.fields["plan"].widget.choices = [  # type: ignore[attr-defined]
            ("", _("Choose a plan")),
            *((payer.name, by_payer[payer.pk]) for payer in payers if payer.pk in by_payer),
        ]

    def entry(self) -> CoverageEntry:
        born = self.value("insured_birth_date")
        return CoverageEntry(
            payer_id=as_uuid(self.value("payer")),
            plan_id=as_uuid(self.value("plan")),
            member_id=self.value("member_id"),
            group_number=self.value("group_number"),
            relationship=self.word("relationship", Relationship),
            insured=InsuredEntry(
                last_name=self.value("insured_last_name"),
                first_name=self.value("insured_first_name"),
                birth_date=born if isinstance(born, date) else None,
                sex=self.word("insured_sex", Sex),
            ),
            has_other_coverage=bool(self.value("has_other_coverage")),
            other_payer=self.value("other_payer"),
            other_member_id=self.value("other_member_id"),
        )
