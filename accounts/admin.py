"""Accounts in the Django admin: organizations with their first user, people, rights, sessions (ruling 53)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actions.change import change_organization, change_profile, change_rights, change_user
from accounts.actions.create import temporary_password
from accounts.actions.security_policy import change_policy, sessions_outside
from accounts.actions.throttling import unlock
from accounts.admin_forms import NewOrganizationForm, NewUserForm, PolicyForm, ProfileForm, UserForm
from accounts.models import (
    Organization,
    OrganizationProfile,
    OutgoingMail,
    RightGrant,
    Role,
    SecurityPolicy,
    Session,
    TotpDevice,
    User,
)
from accounts.safeguards import NAMES, Safeguards
from claimflow.lib import phi
from claimflow.lib.admin import HouseAdmin, ReadOnlyAdmin
from claimflow.lib.db.context import Actor, opened
from claimflow.lib.forms import PlainModelForm
from claimflow.middleware.gate import own_transaction

SHOWN_ONCE = "shown_once"
SHOWN_LABEL = "accounts.session.shown_once"


def _remember(request: HttpRequest, user: User, password: str) -> None:
    """Keep the temporary password sealed in the administrator's session until the next page shows it, once."""
    sealed = phi.seal(password, label=SHOWN_LABEL, row_id=user.pk)
    request.session[SHOWN_ONCE] = [str(user.pk), user.email, sealed.data.hex()]


class CreatingAdmin(HouseAdmin):
    """An admin whose "add" page makes a person: the password is hashed before the transaction opens (ruling 6)."""

    new_form: type[NewOrganizationForm | NewUserForm]

    def get_urls(self) -> list[Any]:
        info = self.opts.app_label, self.opts.model_name
        view = self.admin_site.admin_view
        return [
            path("add/", own_transaction(view(self.new_page)), name="{}_{}_add".format(*info)),
            path("created/", view(self.created_page), name="{}_{}_created".format(*info)),
            *super().get_urls(),
        ]

    def new_page(self, request: HttpRequest) -> HttpResponse:
        """The form, and its answer: a redirect to the page that shows the temporary password once."""
        password, password_hash = temporary_password() if request.method == "POST" else ("", "")
        with opened(Actor("admin", user_id=request.user.pk)):
            form = self.new_form(request.POST or None)
            made = self._make(form, password_hash, request.user) if form.is_valid() else None
            if made is not None:
                _remember(request, made, password)
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_created")
            context = {
                **self.admin_site.each_context(request),
                "form": form,
                "opts": self.opts,
                "title": form.title,
            }
            return TemplateResponse(request, "admin/accounts/new.html", context).render()

    @staticmethod
    def _make(form: Any, password_hash: str, by: Any) -> User | None:
        """None when somebody else took the address or a number between the form's look and the database's."""
        try:
            with transaction.atomic():
                made: User = form.make(password_hash=password_hash, by=by)
                return made
        except IntegrityError:
            form.add_error(
                None,
                _("Somebody has just used this address, NPI or payer code. Look at the lists and try again."),
            )
            return None

    def created_page(self, request: HttpRequest) -> HttpResponse:
        """Shows the temporary password, and never again."""
        shown = request.session.pop(SHOWN_ONCE, None)
        if shown is None:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        user_id, email, data = shown
        password = phi.open(phi.Sealed(bytes.fromhex(data), SHOWN_LABEL), user_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Temporary password"),
            "email": email,
            "password": password,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        return TemplateResponse(request, "admin/accounts/created.html", context)


@admin.register(Organization)
class OrganizationAdmin(CreatingAdmin):
    list_display = ["name", "kind", "type", "status", "created_at"]
    list_filter = ["kind", "type", "status"]
    search_fields = ["name"]
    fields = ["name", "kind", "type", "status"]
    readonly_fields = ["kind", "type"]
    new_form = NewOrganizationForm

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        was = form.initial.get("status", obj.status)
        change_organization(organization=obj, fields=fields, was=was)


@admin.register(User)
class UserAdmin(CreatingAdmin):
    list_display = ["email", "first_name", "last_name", "role", "organization", "is_active", "is_first_login"]
    list_filter = ["role", "is_active", "is_first_login"]
    search_fields = ["email", "last_name"]
    list_select_related = ["organization"]
    readonly_fields = ["email", "role", "organization", "is_first_login", "roles_in_words"]
    new_form = NewUserForm
    form = UserForm
    actions = ["unlock"]

    @admin.action(description=_("Lift the locks of the chosen users"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Wrong tries of the chosen people are forgotten, from anywhere, password and second factor."""
        by: Any = request.user
        people = list(queryset)
        waiting = sum(unlock(user=user, by=by) > 0 for user in people)
        messages.success(
            request,
            _("%(people)d chosen, %(waiting)d of them were locked or made to wait. They may sign in now.")
            % {"people": len(people), "waiting": waiting},
        )

    def _may_change_rights(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and obj.pk != request.user.pk and not obj.is_system

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        rights = "held_roles" if self._may_change_rights(request, obj) else "roles_in_words"
        return [
            "email",
            "first_name",
            "last_name",
            "role",
            "organization",
            "is_active",
            "is_first_login",
            rights,
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if not self._may_change_rights(request, obj):
            kwargs["form"] = PlainModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = [] if self._may_change_rights(request, obj) else ["is_active"]
        return [*self.readonly_fields, *own]

    @admin.display(description=_("Roles"))
    def roles_in_words(self, user: User) -> str:
        return ", ".join(grant.role.name for grant in user.rights.select_related("role"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_system)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "held_roles" in form.changed_data:
            by: Any = request.user
            change_rights(user=obj, roles=list(form.cleaned_data["held_roles"]), by=by)
        super().save_model(request, obj, form, change)

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        by: Any = request.user
        change_user(user=obj, fields=fields, by=by)


@admin.register(OrganizationProfile)
class OrganizationProfileAdmin(HouseAdmin):
    list_display = ["organization", "time_zone", "npi", "payer_code", "privacy_contact"]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "npi", "payer_code"]
    form = ProfileForm
    fields = ["organization", *ProfileForm.Meta.fields]
    readonly_fields = ["organization"]

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        change_profile(profile=obj, fields=fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(SecurityPolicy)
class SecurityPolicyAdmin(HouseAdmin):
    list_display = ["whose", *(name for name in NAMES if name != "address_ranges")]
    list_select_related = ["organization"]
    list_filter = ["second_factor_required"]
    search_fields = ["organization__name"]
    ordering = ["organization__name"]
    form = PolicyForm
    fields = ["organization", *NAMES]

    @admin.display(description=_("of"), ordering="organization__name")
    def whose(self, policy: SecurityPolicy) -> str:
        return policy.organization.name if policy.organization else str(_("The platform"))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows where its administrator is."""
        address = request.client_address  # type: ignore[attr-defined]  # set by RequestMiddleware
        kwargs["form"] = type("PolicyForm", (PolicyForm,), {"address": address})
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["organization"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new policy begins where the platform's is: from there it can only be stricter."""
        platform = SecurityPolicy.objects.in_force(None)
        figures = {name: getattr(platform, name) for name in NAMES if name != "address_ranges"}
        return {**figures, **super().get_changeform_initial_data(request)}

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        defaults = {name: getattr(Safeguards(), name) for name in NAMES}
        change_policy(policy=obj, fields=fields, was={**defaults, **form.initial})
        outside = sessions_outside(obj)
        if outside:
            messages.warning(
                request,
                ngettext(
                    "%(n)d person who is signed in now is outside the ranges and will have to come from inside.",
                    "%(n)d people who are signed in now are outside the ranges and will have to come from inside.",
                    outside,
                )
                % {"n": outside},
            )


@admin.register(Role)
class RoleAdmin(ReadOnlyAdmin):
    list_display = ["name", "side", "description", "is_system"]
    list_filter = ["side"]


@admin.register(RightGrant)
class RightGrantAdmin(ReadOnlyAdmin):
    list_display = ["user", "role", "organization", "granted_by", "granted_at"]
    list_filter = ["role"]
    list_select_related = ["user", "role", "organization", "granted_by"]


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ["user", "organization", "is_verified", "address", "created_at", "last_seen_at"]
    list_select_related = ["user", "organization"]
    hidden_columns = ("session_data",)
    exclude = ["session_key"]
    ordering = ["-last_seen_at"]


@admin.register(TotpDevice)
class TotpDeviceAdmin(ReadOnlyAdmin):
    list_display = ["user", "name", "confirmed", "created_at"]
    list_select_related = ["user"]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "kind", "user", "sent_at", "attempts", "next_try_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    ordering = ["-created_at"]
