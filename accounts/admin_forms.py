"""The two forms by which an administrator makes people."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.enums import KIND_OF_TYPE, OrganizationType, UserRole
from accounts.models import Organization, OrganizationProfile, Role, User
from claimflow.lib.choices import choices_of
from codes.npi import is_npi

FIRST_ROLES = {
    UserRole.PROVIDER: ("Provider administrator", "Billing manager"),
    UserRole.PAYER: ("Payer administrator", "Supervisor"),
}


def _clean_address(email: str) -> str:
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise forms.ValidationError(_t("Somebody already signs in with this address. Use another one."))
    return email


class PersonFields(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=255)
    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100)

    def clean_email(self) -> str:
        return _clean_address(self.cleaned_data["email"])


class NewOrganizationForm(PersonFields):
    """An organization and its first user, who administers it."""

    title = _("Add organization and its first user")

    name = forms.CharField(label=_("Organization name"), max_length=255)
    type = forms.ChoiceField(label=_("Type"), choices=choices_of(OrganizationType))
    npi = forms.CharField(
        label=_("NPI"), max_length=10, required=False, help_text=_("Ten digits; for providers.")
    )
    payer_code = forms.CharField(
        label=_("Payer code"), max_length=10, required=False, help_text=_("For payers.")
    )
    time_zone = forms.CharField(label=_("Time zone"), initial="America/New_York")
    privacy_contact = forms.EmailField(
        label=_("Privacy contact"), help_text=_("Told about access to health data.")
    )
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    state = forms.CharField(label=_("State"), max_length=2, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)

    field_order = [
        "name",
        "type",
        "npi",
        "payer_code",
        "time_zone",
        "privacy_contact",
        "city",
        "state",
        "phone",
    ]

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"].strip()
        if zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(_t("This is not a time zone. Write it like America/Chicago."))
        return zone

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        side = self._side(cleaned)
        npi, code = cleaned.get("npi", ""), cleaned.get("payer_code", "")
        if side == UserRole.PROVIDER and not is_npi(npi):
            self.add_error(
                "npi", _t("A provider needs its NPI: ten digits whose last one is the check digit.")
            )
        elif npi and OrganizationProfile.objects.filter(npi=npi).exists():
            self.add_error("npi", _t("Another organization has this NPI."))
        if side == UserRole.PAYER and not code:
            self.add_error("payer_code", _t("A payer needs a code that providers know it by."))
        elif code and OrganizationProfile.objects.filter(payer_code=code).exists():
            self.add_error("payer_code", _t("Another payer has this code."))
        return cleaned

    @staticmethod
    def _side(cleaned: dict[str, Any]) -> UserRole | None:
        type_ = cleaned.get("type")
        return UserRole(KIND_OF_TYPE[OrganizationType(type_)].value) if type_ else None

    def organization(self) -> Organization:
        type_ = OrganizationType(self.cleaned_data["type"])
        return Organization(name=self.cleaned_data["name"], type=type_.value, kind=KIND_OF_TYPE[type_].value)

    def profile(self) -> OrganizationProfile:
        data = self.cleaned_data
        return OrganizationProfile(
            npi=data["npi"] or None,
            payer_code=data["payer_code"] or None,
            **{name: data[name] for name in ("time_zone", "privacy_contact", "city", "state", "phone")},
        )

    def first_user(self, organization: Organization) -> User:
        data = self.cleaned_data
        return User(
            email=data["email"],
            first_name=data["first_name"],
            last_name=data["last_name"],
            role=organization.kind,
            organization=organization,
        )

    def first_roles(self, organization: Organization) -> list[Role]:
        return list(Role.objects.filter(name__in=FIRST_ROLES[UserRole(organization.kind)]))


class NewUserForm(PersonFields):
    """A further person of an organization, or of the platform."""

    title = _("Add user")

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        required=False,
        help_text=_("Empty for people of the platform itself."),
    )
    held_roles = forms.ModelMultipleChoiceField(label=_("Roles"), queryset=Role.objects.none())

    field_order = ["organization", "held_roles", "email", "first_name", "last_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["held_roles"].queryset = Role.objects.order_by("side", "name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        side = self._role(cleaned.get("organization"))
        if any(role.side != side for role in cleaned.get("held_roles") or []):
            self.add_error(
                "held_roles",
                _t("A role of another side cannot be held here. Choose roles for: %(side)s.")
                % {"side": side},
            )
        return cleaned

    @staticmethod
    def _role(organization: Organization | None) -> str:
        return organization.kind if organization else UserRole.ADMIN.value

    def user(self) -> User:
        data = self.cleaned_data
        organization = data["organization"]
        return User(
            email=data["email"],
            first_name=data["first_name"],
            last_name=data["last_name"],
            role=self._role(organization),
            organization=organization,
        )

    def roles(self) -> list[Role]:
        return list(self.cleaned_data["held_roles"])
