"""The provider's own lists (ruling 21)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.forms import PlainModelForm, ServiceDateField
from codes.models import PlaceOfService
from members.enums import TaxIdKind
from members.forms.fields import NpiField, UpperField, state_code, taxonomy_code, text, zip_code
from members.models import BillingProvider, Facility, Practitioner

TAX_KINDS = [
    (TaxIdKind.EIN.value, _("EIN, of a business")),
    (TaxIdKind.SSN.value, _("Social security number")),
]


class OwnForm(PlainModelForm):
    """What all three have: an NPI once in the organization, and the days in use."""

    sizes = {
        "name": "l", "line1": "l", "line2": "m", "city": "m", "state": "xs", "postal_code": "s", "taxonomy": "s",
        "place_of_service": "l", "tax_id": "s",
    }  # fmt: skip

    active_from = ServiceDateField(label=_("In use from"), required=False)
    active_to = ServiceDateField(
        label=_("In use until"), required=False, help_text=_("Leave empty while it is in use.")
    )

    def _get_validation_exclusions(self) -> set[str]:
        """The organization is no field of the form, but its constraints are this form's to explain."""
        return super()._get_validation_exclusions() - {"organization"}  # type: ignore[misc, no-any-return]  # not in the types

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if not told.get("active_from") and told.get("active_to"):
            self.add_error("active_from", _("Enter the first day as well."))
        return told


class AddressForm(OwnForm):
    line1 = text(_("Street address"), max_length=55)
    line2 = text(_("Suite or floor"), max_length=55)
    city = text(_("City"), max_length=30)
    state = UpperField(label=_("State"), max_length=2, required=False, validators=[state_code])
    postal_code = text(_("ZIP code"), max_length=10, validators=[zip_code])


ADDRESS = ["line1", "line2", "city", "state", "postal_code"]
DAYS = ["active_from", "active_to"]


class BillingProviderForm(AddressForm):
    """In whose name the organization bills."""

    npi = NpiField()
    taxonomy = UpperField(
        label=_("Taxonomy code"), max_length=10, required=False, validators=[taxonomy_code],
        help_text=_("10 characters, for example 207Q00000X."),
    )  # fmt: skip
    tax_id = text(_("Tax ID"), max_length=11, help_text=_("9 digits; hyphens do not matter."))
    tax_id_kind = forms.ChoiceField(label=_("Kind of tax ID"), choices=TAX_KINDS)
    is_default = forms.BooleanField(label=_("Use it for new claims unless another is chosen"), required=False)

    class Meta:
        model = BillingProvider
        fields = ["name", "npi", "taxonomy", "tax_id", "tax_id_kind", *ADDRESS, "phone", *DAYS, "is_default"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["tax_id"] = phi.value(self.instance, "tax_id")

    def _get_validation_exclusions(self) -> set[str]:
        """The action takes the mark of the usual one away from another, so one more is no fault."""
        return super()._get_validation_exclusions() | {"is_default"}

    def clean_tax_id(self) -> str | None:
        digits = self.cleaned_data["tax_id"].replace("-", "").replace(" ", "")
        if digits and not (len(digits) == 9 and digits.isascii() and digits.isdigit()):
            raise forms.ValidationError(_("A tax ID has 9 digits. Count them again."), code="tax_id")
        return digits or None


class PractitionerForm(OwnForm):
    """Who renders or refers."""

    npi = NpiField()
    taxonomy = UpperField(
        label=_("Taxonomy code"), max_length=10, required=False, validators=[taxonomy_code],
        help_text=_("10 characters, for example 207Q00000X."),
    )  # fmt: skip
    is_referring_only = forms.BooleanField(label=_("Only refers to us; does not work here"), required=False)

    class Meta:
        model = Practitioner
        fields = ["last_name", "first_name", "npi", "taxonomy", "is_referring_only", *DAYS]


class FacilityForm(AddressForm):
    """Where services are given."""

    npi = NpiField(required=False)
    place_of_service = forms.ChoiceField(label=_("Usual place of service"), required=False)

    class Meta:
        model = Facility
        fields = ["name", "npi", "place_of_service", *ADDRESS, *DAYS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = PlaceOfService.objects.order_by("code").values_list("code", "name")
        self.fields["place_of_service"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("Choose")),
            *((code, f"{code} {name}") for code, name in places),
        ]
