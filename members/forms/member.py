"""The payer's roster and plans, typed by hand."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import MoneyField, PlainForm, PlainModelForm, ServiceDateField
from claimflow.lib.money import ZERO
from members.enums import Funding, LineOfBusiness, Relationship, Verification
from members.forms.fields import AS_ON_THE_CARD, RELATIONSHIPS, MemberIdField, UpperField, state_code, text
from members.forms.person import PersonForm
from members.models import Plan
from members.presenters import FUNDING, LINE_OF_BUSINESS, VERIFICATION
from members.roster.columns import MOST_BYTES

TOO_LARGE = _("The file is larger than 2 MB. Split it into several files.")
VERDICTS = [
    (verdict.value, VERIFICATION[verdict][0])
    for verdict in (Verification.VERIFIED, Verification.NOT_FOUND, Verification.ENDED)
]


if TYPE_CHECKING:
    ModelChoice = forms.ModelChoiceField[Plan]
else:
    ModelChoice = forms.ModelChoiceField


class PlanField(ModelChoice):
    """One of the plans; a text that is no key at all gets the same words as a foreign one."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from None


class MemberForm(PersonForm):
    """A person on the roster."""


class CoverageForm(PlainForm):
    """One coverage: plan, ids, days, cost sharing."""

    sizes = {"plan": "l", "coinsurance_percent": "xs"}

    plan = PlanField(label=_("Plan"), queryset=Plan.objects.none(), empty_label=_("Choose a plan"))
    member_id = MemberIdField(help_text=AS_ON_THE_CARD)
    group_number = text(_("Group number"), max_length=50)
    relationship = forms.ChoiceField(
        label=_("Member's relationship to the insured"),
        choices=RELATIONSHIPS,
        initial=Relationship.SELF.value,
    )
    effective_from = ServiceDateField(label=_("First day in force"))
    effective_to = ServiceDateField(label=_("Last day in force"), required=False)
    deductible = MoneyField(label=_("Deductible"), help_text=_("Dollars a year."), required=False)
    copay = MoneyField(label=_("Copay"), help_text=_("Dollars a visit."), required=False)
    coinsurance_percent = forms.DecimalField(
        label=_("Coinsurance"), help_text=_("Percent the member pays."), required=False,
        min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"}),
    )  # fmt: skip
    out_of_pocket_limit = MoneyField(
        label=_("Out-of-pocket limit"), help_text=_("Dollars a year."), required=False
    )

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        first, last = told.get("effective_from"), told.get("effective_to")
        if first and last and last < first:
            self.add_error("effective_to", _("The last day is before the first day. Check both dates."))
        limit = told.get("out_of_pocket_limit")
        if limit is not None and limit < (told.get("deductible") or ZERO):
            self.add_error("out_of_pocket_limit", _("The limit is below the deductible. Check both amounts."))
        return told

    @property
    def facts(self) -> dict[str, Any]:
        """Columns of ``Coverage``; an empty amount is none."""
        told = self.cleaned_data
        return {
            **told,
            "group_number": told["group_number"] or None,
            "deductible": told["deductible"] or ZERO,
            "copay": told["copay"] or ZERO,
            "coinsurance_percent": told["coinsurance_percent"] or Decimal("0.00"),
        }


class EndForm(PlainForm):
    last_day = ServiceDateField(
        label=_("Last day in force"), help_text=_("The member is still covered on this day.")
    )


class VerifyForm(PlainForm):
    """What the payer found out; the last day belongs to "ended" alone."""

    verdict = forms.ChoiceField(label=_("What did you find?"), choices=VERDICTS, widget=forms.RadioSelect)
    last_day = ServiceDateField(
        label=_("Last day in force"), required=False, help_text=_("Only for an ended coverage.")
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if (
            told.get("verdict") == Verification.ENDED
            and not told.get("last_day")
            and "last_day" not in self.errors
        ):
            self.add_error("last_day", _("Enter the last day of the ended coverage."))
        return told


class PlanForm(PlainModelForm):
    """A product of the payer."""

    sizes = {"name": "l", "state": "xs"}

    line_of_business = forms.ChoiceField(
        label=_("Line of business"),
        choices=[("", _("Choose")), *((one.value, LINE_OF_BUSINESS[one]) for one in LineOfBusiness)],
    )
    state = UpperField(
        label=_("State"),
        max_length=2,
        validators=[state_code],
        help_text=_("Whose law applies, two letters."),
    )
    funding = forms.ChoiceField(
        label=_("Funding"), choices=[("", _("Choose")), *((one.value, FUNDING[one]) for one in Funding)]
    )
    is_active = forms.BooleanField(label=_("In use: offered for new coverages and claims"), required=False)

    class Meta:
        model = Plan
        fields = ["name", "line_of_business", "state", "funding", "is_active"]

    def _get_validation_exclusions(self) -> set[str]:
        """The payer is no field of the form, but a name twice is this form's to explain."""
        return super()._get_validation_exclusions() - {"payer"}  # type: ignore[misc, no-any-return]  # not in the types


class RosterForm(PlainForm):
    """A CSV file of at most 2 MB; ``cleaned_data["file"]`` is its content as bytes."""

    file = forms.FileField(
        label=_("Roster file"),
        help_text=_("CSV, at most 2 MB and 5,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Start from the template."),
            "missing": _("Choose a file."),
        },
    )

    def __init__(self, *args: Any, was_skipped: bool = False, **kwargs: Any) -> None:
        """``was_skipped``: the file was too large to be taken at all (claimflow.lib.uploads)."""
        super().__init__(*args, **kwargs)
        if was_skipped:
            self.fields["file"].error_messages["required"] = TOO_LARGE

    def clean_file(self) -> bytes:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE, code="too_large")
        return bytes(upload.read())
