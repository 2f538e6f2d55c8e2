"""The forms by which an administrator makes and changes organizations and people."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.create import create_organization, create_user
from accounts.enums import KIND_OF_TYPE, OrganizationKind, OrganizationType, SettingKey, SettingType, UserRole
from accounts.forms.people import HeldRolesForm, PersonFields, RolesField
from accounts.models import Organization, OrganizationProfile, Role, SecurityPolicy, SystemSetting, User
from accounts.policies import may_give
from accounts.presenters import PERMISSIONS, SIDES
from accounts.roles import OF_SIDE, ORGANIZATION_ADMINISTRATOR
from accounts.safeguards import (
    LOWER,
    NAMES,
    STRICTER,
    TRUE,
    Safeguards,
    is_inside,
    laxer,
    overlap,
    parse_range,
)
from accounts.system_setting import SETTINGS
from claimflow.lib.choices import choices_of
from claimflow.lib.forms import PlainModelForm
from codes.npi import is_npi

FIRST_ROLES = {
    UserRole.PROVIDER: (ORGANIZATION_ADMINISTRATOR, "Billing manager"),
    UserRole.PAYER: (ORGANIZATION_ADMINISTRATOR, "Supervisor"),
}


OTHER_SIDE = {
    UserRole.PROVIDER: _("This organization is a provider. Choose roles of providers."),
    UserRole.PAYER: _("This organization is a payer. Choose roles of payers."),
    UserRole.ADMIN: _("Without an organization choose roles of the platform, or choose the organization."),
}


def _clean_zone(zone: str) -> str:
    zone = zone.strip()
    if zone not in zoneinfo.available_timezones():
        raise forms.ValidationError(_t("This is not a time zone. Write it like America/Chicago."))
    return zone


def _npi_problem(npi: str | None, kind: str | None) -> str:
    """What is wrong with an organization's NPI; empty when nothing is (45 CFR 162.406)."""
    if kind == OrganizationKind.PROVIDER and not is_npi(npi or ""):
        return _t("A provider needs its NPI: ten digits whose last one is the check digit.")
    if kind == OrganizationKind.PAYER and npi:
        return _t("An NPI is for providers. Leave this empty.")
    return ""


def _payer_code_problem(code: str | None, kind: str | None) -> str:
    if kind == OrganizationKind.PAYER and not code:
        return _t("A payer needs a code that providers know it by.")
    if kind == OrganizationKind.PROVIDER and code:
        return _t("A payer code is for payers. Leave this empty.")
    return ""


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
        label=_("Privacy contact"), max_length=254, help_text=_("Told about access to health data.")
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
        return _clean_zone(self.cleaned_data["time_zone"])

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = KIND_OF_TYPE[OrganizationType(cleaned["type"])] if cleaned.get("type") else None
        if "npi" in cleaned:
            self._judge("npi", _npi_problem(cleaned["npi"], kind), _t("Another organization has this NPI."))
        if "payer_code" in cleaned:
            problem = _payer_code_problem(cleaned["payer_code"], kind)
            self._judge("payer_code", problem, _t("Another payer has this code."))
        return cleaned

    def _judge(self, name: str, problem: str, taken: str) -> None:
        value = self.cleaned_data[name]
        if not problem and value and OrganizationProfile.objects.filter(**{name: value}).exists():
            problem = taken
        if problem:
            self.add_error(name, problem)

    def make(self, *, password_hash: str, by: User) -> User:
        """The organization with its profile, and the person who administers it."""
        organization = create_organization(organization=self.organization(), profile=self.profile(), by=by)
        user, roles = self.first_user(organization), self.first_roles(organization)
        return create_user(user=user, password_hash=password_hash, roles=roles, by=by)

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
        side = UserRole(organization.kind)
        return list(Role.objects.filter(side=side, name__in=FIRST_ROLES[side]))


class NewUserForm(PersonFields):
    """A further person of an organization, or of the platform."""

    title = _("Add user")

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        required=False,
        help_text=_("Empty for people of the platform itself."),
    )
    held_roles = RolesField(label=_("Roles"), queryset=Role.objects.none())

    field_order = ["organization", "held_roles", "email", "first_name", "last_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.order_by("name")  # type: ignore[attr-defined]  # of rows
        self.fields["held_roles"].queryset = Role.objects.order_by("side", "name")  # type: ignore[attr-defined]  # of rows

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        side = self._role(cleaned.get("organization"))
        if any(role.side != side for role in cleaned.get("held_roles") or []):
            self.add_error("held_roles", OTHER_SIDE[UserRole(side)])
        return cleaned

    @staticmethod
    def _role(organization: Organization | None) -> str:
        return organization.kind if organization else UserRole.ADMIN.value

    def make(self, *, password_hash: str, by: User) -> User:
        """The person with the chosen roles."""
        return create_user(user=self.user(), password_hash=password_hash, roles=self.roles(), by=by)

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


class UserForm(HeldRolesForm):
    """A person, and the roles held; ``by`` is set by the page."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "is_active")


def _choices_of_side(side: str) -> list[tuple[str, Any]]:
    own = OF_SIDE[UserRole(side)]
    return [(name, words) for name, words in PERMISSIONS.items() if name in own]


class RoleForm(PlainModelForm):
    """A composed role. On a new one the permissions of every side stand under their side's name."""

    by: User

    held_permissions = forms.MultipleChoiceField(
        label=_("Permissions"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only those of the role's side, and only those that are yours to give."),
    )

    class Meta:
        model = Role
        fields = ("side", "name", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding
        sides = [side.value for side in UserRole] if is_new else [self.instance.side]
        choices: Any = [(SIDES[side], _choices_of_side(side)) for side in sides]
        self.fields["held_permissions"].choices = choices if is_new else choices[0][1]  # type: ignore[attr-defined]  # of choices
        self.initial["held_permissions"] = list(self.instance.permissions)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        side = cleaned.get("side") or self.instance.side
        chosen = set(cleaned.get("held_permissions") or ())
        if not side or not chosen:
            return cleaned
        if not chosen <= {each.value for each in OF_SIDE[UserRole(side)]}:
            self.add_error("held_permissions", _t("Choose permissions of the role's own side."))
        elif not may_give(self.by, Role(side=side, permissions=sorted(chosen))):
            self.add_error(
                "held_permissions", _t("Nobody puts into a role what they do not hold. Leave those out.")
            )
        return cleaned


class ProfileForm(PlainModelForm):
    """The one-side facts of an organization."""

    privacy_contact = forms.EmailField(
        label=_("Privacy contact"), max_length=254, help_text=_("Told about access to health data.")
    )

    class Meta:
        model = OrganizationProfile
        fields = ("time_zone", "privacy_contact", "npi", "payer_code", "city", "state", "phone", "email")

    def clean_time_zone(self) -> str:
        return _clean_zone(self.cleaned_data["time_zone"])

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()

    def clean_npi(self) -> str | None:
        npi: str | None = self.cleaned_data["npi"] or None
        if problem := _npi_problem(npi, self.instance.organization.kind):
            raise forms.ValidationError(problem)
        return npi

    def clean_payer_code(self) -> str | None:
        code: str | None = self.cleaned_data["payer_code"] or None
        if problem := _payer_code_problem(code, self.instance.organization.kind):
            raise forms.ValidationError(problem)
        return code


class RangesField(forms.CharField):
    """Address ranges, one in each line; gives a list in their one spelling."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        ranges = []
        for line in str(value or "").splitlines():
            if not line.strip():
                continue
            try:
                ranges.append(parse_range(line))
            except ValueError:
                raise forms.ValidationError(
                    _t(
                        "%(line)s is no address range. Write one in each line, such as 192.0.2.0/24 or 2001:db8::/32; "
                        "the address must be the first of its range."
                    )
                    % {"line": line.strip()[:60]}
                ) from None
        return list(dict.fromkeys(ranges))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != list(initial or []))
        except forms.ValidationError:
            return True


class PolicyForm(PlainModelForm):
    """How people come in. An organization's policy may only be stricter than the platform's, and no administrator
    shuts the door behind themselves. ``address`` is where the administrator is now."""

    address = ""
    address_ranges = RangesField(
        label=_("Allowed address ranges"),
        required=False,
        help_text=_("One in each line, such as 192.0.2.0/24 or 2001:db8::/32. Empty: from anywhere."),
    )

    class Meta:
        model = SecurityPolicy
        fields = ("organization", *NAMES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "organization" in self.fields:
            self.fields["organization"].empty_label = _t("The platform")  # type: ignore[attr-defined]  # of rows

    def _platform(self) -> Safeguards | None:
        """What an organization's policy is measured by; None for the platform's own."""
        organization = self.cleaned_data.get("organization", self.instance.organization)
        return SecurityPolicy.objects.in_force(None) if organization is not None else None

    def clean_second_factor_required(self) -> bool:
        required: bool = self.cleaned_data["second_factor_required"]
        if not required and settings.CLAIMFLOW_ENV == "production":
            raise forms.ValidationError(
                _t("In production everybody needs a second factor. Keep this checked.")
            )
        return required

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        platform = self._platform()
        if platform is not None:
            self._hold_to(platform)
        ranges = cleaned.get("address_ranges") or []
        if platform is None and not is_inside(self.address, ranges):
            self.add_error(
                "address_ranges",
                _t(
                    "You come from %(address)s yourself, which is in none of these ranges. Add a range that holds it."
                )
                % {"address": self.address},
            )
        if platform is not None and not overlap(ranges, platform.address_ranges):
            self.add_error(
                "address_ranges",
                _t(
                    "None of these addresses is in the platform's ranges, so nobody of the organization could come in. "
                    "Choose ranges inside the platform's."
                ),
            )
        return cleaned

    def _hold_to(self, platform: Safeguards) -> None:
        own = {name: self.cleaned_data[name] for name in NAMES if name in self.cleaned_data}
        figures = {name: getattr(platform, name) for name in NAMES}
        for name in laxer(own, figures):
            self.add_error(name, self._too_lax(name, figures[name]))

    @staticmethod
    def _too_lax(name: str, figure: Any) -> str:
        if STRICTER[name] == TRUE:
            return _t("The platform asks for a second factor. An organization cannot do without.")
        words = (
            _t(
                "The platform allows at most %(figure)d. An organization may only be stricter: enter %(figure)d or less."
            )
            if STRICTER[name] == LOWER
            else _t(
                "The platform asks for at least %(figure)d. An organization may only be stricter: enter that or more."
            )
        )
        return words % {"figure": figure}


class SettingForm(PlainModelForm):
    """One system setting: a figure within its bounds, or a text of at most so many characters."""

    value = forms.CharField(label=_("Value"))

    class Meta:
        model = SystemSetting
        fields = ("value",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = SETTINGS[SettingKey(self.instance.key)]
        if offered.type == SettingType.NUMBER:
            self.fields["value"] = forms.IntegerField(
                label=_("Value"),
                min_value=offered.low,
                max_value=offered.high,
                help_text=_t("%(low)s to %(high)s; %(default)s if nobody chooses another.")
                % {"low": offered.low, "high": offered.high, "default": offered.default},
            )
        else:
            self.fields["value"] = forms.CharField(
                label=_("Value"),
                required=offered.low > 0,
                max_length=offered.high,
                help_text=_t("Up to %(high)d characters, without anybody's data. Empty: not shown.")
                % {"high": offered.high},
            )
