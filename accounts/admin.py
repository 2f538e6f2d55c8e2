"""Accounts in the Django admin: organizations with their first user, people, rights, sessions (ruling 53)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions.create import create_organization, create_user, temporary_password
from accounts.admin_forms import NewOrganizationForm, NewUserForm
from accounts.models import Organization, OrganizationProfile, RightGrant, Role, Session, TotpDevice, User
from claimflow.lib import phi
from claimflow.lib.admin import HouseAdmin, ReadOnlyAdmin
from claimflow.lib.db.context import Actor, opened
from claimflow.middleware.gate import own_transaction

SHOWN_ONCE = "shown_once"
SHOWN_LABEL = "accounts.session.shown_once"


def _remember(request: HttpRequest, user: User, password: str) -> None:
    """Keep the temporary password sealed in the administrator's session until the next page shows it, once."""
    sealed = phi.seal(password, label=SHOWN_LABEL, row_id=user.pk)
    request.session[SHOWN_ONCE] = [str(user.pk), user.email, sealed.data.hex()]


class CreatingAdmin(HouseAdmin):
    """An admin whose "add" page makes a person: the password is hashed before the transaction opens (ruling 6)."""

    new_form: type[Any]
    new_template: str

    def make(self, form: Any, *, password_hash: str, by: User) -> User:
        raise NotImplementedError

    def get_urls(self) -> list[Any]:
        info = self.opts.app_label, self.opts.model_name
        return [
            path("add/", self.new_page, name="{}_{}_add".format(*info)),
            path(
                "created/", self.admin_site.admin_view(self.created_page), name="{}_{}_created".format(*info)
            ),
            *super().get_urls(),
        ]

    @own_transaction
    def new_page(self, request: HttpRequest) -> HttpResponse:
        """The form, and its answer: a redirect to the page that shows the temporary password once."""
        if not self.admin_site.has_permission(request):
            return redirect("home")
        password, password_hash = temporary_password() if request.method == "POST" else ("", "")
        user = request.user
        with opened(Actor("admin", user_id=user.pk)):
            form = self.new_form(request.POST or None)
            if form.is_valid():
                made = self.make(form, password_hash=password_hash, by=user)
                _remember(request, made, password)
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_created")
            context = {
                **self.admin_site.each_context(request),
                "form": form,
                "opts": self.opts,
                "title": form.title,
            }
            return TemplateResponse(request, "admin/accounts/new.html", context).render()

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

    def make(self, form: NewOrganizationForm, *, password_hash: str, by: User) -> User:
        organization = create_organization(organization=form.organization(), profile=form.profile(), by=by)
        return create_user(
            user=form.first_user(organization),
            password_hash=password_hash,
            roles=form.first_roles(organization),
            by=by,
        )


@admin.register(User)
class UserAdmin(CreatingAdmin):
    list_display = ["email", "first_name", "last_name", "role", "organization", "is_active", "is_first_login"]
    list_filter = ["role", "is_active", "is_first_login"]
    search_fields = ["email", "last_name"]
    list_select_related = ["organization"]
    fields = ["email", "first_name", "last_name", "role", "organization", "is_active", "is_first_login"]
    readonly_fields = ["email", "role", "organization", "is_first_login"]
    new_form = NewUserForm

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_system)

    def make(self, form: NewUserForm, *, password_hash: str, by: User) -> User:
        return create_user(user=form.user(), password_hash=password_hash, roles=form.roles(), by=by)


@admin.register(OrganizationProfile)
class OrganizationProfileAdmin(HouseAdmin):
    list_display = ["organization", "time_zone", "npi", "payer_code", "privacy_contact"]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "npi", "payer_code"]
    readonly_fields = ["organization"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


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
    exclude = ["session_data", "session_key"]


@admin.register(TotpDevice)
class TotpDeviceAdmin(ReadOnlyAdmin):
    list_display = ["user", "name", "confirmed", "created_at"]
    list_select_related = ["user"]
