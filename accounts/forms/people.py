"""How an administrator of an organization invites people and changes what they may do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.models.user import no_separator
from accounts.policies import may_give
from claimflow.lib.forms import FilterForm, PlainForm, PlainModelForm


def _clean_address(email: str) -> str:
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise forms.ValidationError(_t("Somebody already signs in with this address. Use another one."))
    return email


class PersonFields(PlainForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=255, validators=[no_separator])
    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100)

    def clean_email(self) -> str:
        return _clean_address(self.cleaned_data["email"])


class RolesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # it takes no types at run time
    """Check boxes, each with what the role allows."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}: {obj.description}"


def givable(by: User, side: str) -> QuerySet[Role]:
    """The roles of a side that somebody may give."""
    roles = Role.objects.filter(side=side)
    return roles.filter(pk__in=[role.pk for role in roles if may_give(by, role)])


class InviteForm(PersonFields):
    """A new person of the organization of ``by``."""

    held_roles = RolesField(label=_("Roles"), queryset=Role.objects.none())
    sizes = {"email": "xl", "first_name": "l", "last_name": "l"}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["held_roles"].queryset = givable(by, by.role)  # type: ignore[attr-defined]  # of rows

    def person(self) -> User:
        data = self.cleaned_data
        return User(
            email=data["email"],
            first_name=data["first_name"],
            last_name=data["last_name"],
            role=self.by.role,
            organization_id=self.by.organization_id,
        )

    @property
    def roles(self) -> list[Role]:
        return list(self.cleaned_data["held_roles"])


class HeldRolesForm(PlainModelForm):
    """A person and the roles held, of those that ``by`` may give. The others held stay as they are."""

    by: User

    held_roles = RolesField(label=_("Roles"), queryset=Role.objects.none(), required=False)

    def __init__(self, *args: Any, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by or self.by
        held = [grant.role for grant in self.instance.rights.select_related("role")]
        self.fields["held_roles"].queryset = givable(self.by, self.instance.role)  # type: ignore[attr-defined]  # of rows
        self.initial["held_roles"] = [role for role in held if may_give(self.by, role)]
        self.not_theirs = [role for role in held if not may_give(self.by, role)]

    @property
    def roles(self) -> list[Role]:
        return [*self.cleaned_data["held_roles"], *self.not_theirs]


class PersonForm(HeldRolesForm):
    """Names and roles of a person, for the organization's administrator."""

    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100)
    sizes = {"first_name": "l", "last_name": "l"}

    class Meta:
        model = User
        fields = ("first_name", "last_name")


class PeopleFilterForm(FilterForm):
    q = forms.CharField(label=_("Name or address"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[("", _("Active")), ("pending", _("First sign-in pending")), ("closed", _("Deactivated"))],
    )

    def apply(self, people: QuerySet[User]) -> QuerySet[User]:
        self.is_valid()
        typed = str(self.cleaned_data.get("q") or "").strip()
        state = self.cleaned_data.get("state") or ""
        people = people.filter(is_active=state != "closed")
        if state == "pending":
            people = people.filter(is_first_login=True)
        if typed:
            people = people.filter(
                Q(email__icontains=typed) | Q(first_name__icontains=typed) | Q(last_name__icontains=typed)
            )
        return people
