"""How far an adjudicator decides alone, and what they know well."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import MoneyField, PlainForm
from claims.models import Authority
from claims.presenters import SKILL_LABELS
from codes.enums import ProcedureCategory


class AuthorityForm(PlainForm):
    most_paid = MoneyField(
        label=_("Most that one decision may pay"),
        required=False,
        help_text=_(
            "In dollars. Leave it empty for no limit of their own; the rules of your organization hold."
        ),
    )
    skills = forms.MultipleChoiceField(
        label=_("Knows well"),
        required=False,
        choices=list(SKILL_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A hint in the queue and when work is assigned. It opens and closes nothing."),
    )

    def __init__(self, *args: Any, authority: Authority | None = None, **kwargs: Any) -> None:
        told = {"most_paid": authority.most_paid, "skills": authority.skills} if authority else {}
        super().__init__(*args, initial=told, **kwargs)

    @property
    def chosen(self) -> list[ProcedureCategory]:
        return [ProcedureCategory(skill) for skill in self.cleaned_data["skills"]]
