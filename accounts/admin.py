"""Accounts in the Django admin: organizations with their first user, people, rights, sessions (ruling 53)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import system_setting
from accounts.actions.change import change_organization, change_profile, change_rights, change_user
from accounts.actions.create import temporary_password
from accounts.actions.rights import change_role, compose_role, delete_role
from accounts.actions.security_policy import change_policy, sessions_outside
from accounts.actions.sessions import end_all_sessions
from accounts.actions.system_settings import change_setting
from accounts.actions.throttling import unlock
from accounts.admin_forms import (
    NewOrganizationForm,
    NewUserForm,
    PolicyForm,
    ProfileForm,
    RoleForm,
    SettingForm,
    UserForm,
)
from accounts.admin_recovery import ResetsAdmin
from accounts.models import (
    Alert,
    AlertCursor,
    EmailChange,
    KeptForm,
    Organization,
    OrganizationProfile,
    RightGrant,
    Role,
    SecurityPolicy,
    Session,
    SystemSetting,
    TotpDevice,
    User,
    UserContact,
)
from accounts.policies import can_compose_roles, can_manage, can_manage_people, user_of
from accounts.presenters import in_words
from accounts.safeguards import NAMES, Safeguards
from accounts.system_setting import SETTINGS
from accounts.views.shown_once import remember_password, remembered_password
from claimflow.lib.admin import HouseAdmin, ReadOnlyAdmin
from claimflow.lib.db.context import Actor, opened
from claimflow.lib.forms import PlainModelForm
from claimflow.lib.permissions import Forbidden, Refusal
from claimflow.middleware.gate import FRESH, own_transaction, saving_needs_fresh_proof


class ProvenAdmin(HouseAdmin):
    """Who comes in, what they may do and by which rules: whoever saves that proves first who they are. Looking needs no
    proof; what was typed is put back after it."""

    def get_urls(self) -> list[Any]:
        urls: list[Any] = super().get_urls()
        for url in urls:
            if not hasattr(url.callback, FRESH):
                saving_needs_fresh_proof(url.callback)
        return urls


class TellingAdmin(HouseAdmin):
    """Says on the page why an action refused; Django has rolled back what it began."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._told(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._told(request, super().delete_view, *args, **kwargs)

    def _told(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except Forbidden:
            raise
        except Refusal as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
            return redirect(request.path)


class CreatingAdmin(TellingAdmin):
    """An admin whose "add" page makes a person: the password is hashed before the transaction opens (ruling 6)."""

    new_form: type[NewOrganizationForm | NewUserForm]

    def has_add_permission(self, request: HttpRequest) -> bool:
        by: Any = request.user
        return bool(super().has_add_permission(request)) and can_manage_people(by)

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
        if not self.has_add_permission(request):
            raise PermissionDenied
        password, password_hash = temporary_password() if request.method == "POST" else ("", "")
        with opened(Actor("admin", user_id=request.user.pk)):
            form = self.new_form(request.POST or None)
            made = self._make(form, password_hash, request.user) if form.is_valid() else None
            if made is not None:
                remember_password(request, made, password)
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
        shown = remembered_password(request)
        if shown is None:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Temporary password"),
            "email": shown.email,
            "password": shown.password,
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


class SecondFactorFilter(admin.SimpleListFilter):
    """Who has set up a second factor, and who has not."""

    title = _("second factor")
    parameter_name = "factor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Set up")), ("no", _("Missing"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(with_factor=self.value() == "yes") if self.value() else queryset


@admin.register(User)
class UserAdmin(ProvenAdmin, ResetsAdmin, CreatingAdmin):
    list_display = [
        "email",
        "first_name",
        "last_name",
        "role",
        "organization",
        "is_active",
        "has_second_factor",
        "first_sign_in",
        "last_seen",
    ]
    list_filter = ["role", "rights__role", "is_active", "is_first_login", SecondFactorFilter, "organization"]
    search_fields = ["email", "first_name", "last_name", "organization__name"]
    list_select_related = ["organization"]
    actions = ["deactivate", "end_sessions", "unlock"]
    readonly_fields = ["email", "role", "organization", "is_first_login", "roles_in_words"]
    new_form = NewUserForm
    form = UserForm

    @admin.action(description=_("Lift the locks of the chosen users"), permissions=["manage"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Wrong tries of the chosen people are forgotten, from anywhere, password and second factor."""
        by: Any = request.user
        told = self._each(request, queryset, lambda person: unlock(user=person, by=by))
        if told:
            messages.success(
                request,
                _("%(people)d chosen, %(waiting)d of them were locked or made to wait. They may sign in now.")
                % {"people": len(told), "waiting": sum(waiting > 0 for waiting in told)},
            )

    @admin.action(description=_("End all sessions of the chosen people"), permissions=["manage"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The chosen people are signed out everywhere with their next request, and may sign in again."""
        by: Any = request.user
        told = self._each(request, queryset, lambda person: end_all_sessions(user=person, by=by))
        if told:
            done = ngettext("%(n)d session was ended.", "%(n)d sessions were ended.", sum(told))
            messages.success(request, done % {"n": sum(told)})

    def _each(self, request: HttpRequest, people: QuerySet[User], step: Callable[[User], int]) -> list[int]:
        """What the step said of each person, one after the other. Those who must stay as they are, stay, and the page
        says why."""
        told = []
        for person in people.filter(is_system=False).order_by("email"):
            try:
                told.append(step(person))
            except Refusal as refusal:
                self.message_user(request, f"{person.email}: {refusal.sentence}", messages.WARNING)
        return told

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With whether the person has a second factor, and when a living session was last seen; nobody twice, however
        many roles a filter looks through."""
        devices = TotpDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        people: QuerySet[User] = super().get_queryset(request)  # type: ignore[assignment]  # of this model
        seen = (
            Session.objects.filter(user=OuterRef("pk")).order_by("-last_seen_at").values("last_seen_at")[:1]
        )
        return people.annotate(with_factor=Exists(devices), session_seen_at=Subquery(seen))

    @admin.display(boolean=True, description=_("Second factor"))
    def has_second_factor(self, user: Any) -> bool:
        return bool(user.with_factor)

    @admin.display(description=_("Last seen"), ordering="last_seen_at")
    def last_seen(self, user: Any) -> Any:
        """Of a session that lives, or of the last one that ended."""
        return max(filter(None, (user.last_seen_at, user.session_seen_at)), default=None)

    @admin.display(description=_("First sign-in"))
    def first_sign_in(self, user: User) -> str:
        return str(_("pending")) if user.is_first_login else str(_("done"))

    def has_manage_permission(self, request: HttpRequest) -> bool:
        by: Any = request.user
        return can_manage_people(by)

    @admin.action(description=_("Deactivate the chosen people"), permissions=["manage"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """One after the other: whoever is the last administrator of an organization stays, the others go."""
        by: Any = request.user

        def close(person: User) -> int:
            person.is_active = False
            change_user(user=person, fields=["is_active"], by=by)
            return 1

        gone = sum(self._each(request, queryset.filter(is_active=True), close))
        if gone:
            done = ngettext(
                "%(n)d person was deactivated and signed out.",
                "%(n)d people were deactivated and signed out.",
                gone,
            )
            self.message_user(request, done % {"n": gone}, messages.SUCCESS)

    def _may_change_rights(self, request: HttpRequest, obj: Any) -> bool:
        by: Any = request.user
        return obj is not None and can_manage(by, obj)

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
        made: Any = super().get_form(request, obj, change, **kwargs)
        return type(made.__name__, (made,), {"by": request.user})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = [] if self._may_change_rights(request, obj) else ["is_active"]
        return [*self.readonly_fields, *own]

    @admin.display(description=_("Roles"))
    def roles_in_words(self, user: User) -> str:
        return ", ".join(grant.role.name for grant in user.rights.select_related("role"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        by: Any = request.user
        allowed = super().has_change_permission(request, obj) and can_manage_people(by)
        return allowed and not (obj and obj.is_system)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "held_roles" in form.changed_data:
            by: Any = request.user
            change_rights(user=obj, roles=form.roles, by=by)
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
class SecurityPolicyAdmin(ProvenAdmin):
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


@admin.register(SystemSetting)
class SystemSettingAdmin(TellingAdmin):
    """What holds for the whole platform (ruling 37); rows come with ``migrate``."""

    list_display = ["key", "value", "description", "changed_by", "updated_at"]
    list_select_related = ["changed_by"]
    list_filter = ["type", "is_public"]
    search_fields = ["key", "description"]
    ordering = ["key"]
    form = SettingForm
    fields = ["key", "description", "is_public", "value", "changed_by", "updated_at"]
    readonly_fields = ["key", "description", "is_public", "changed_by", "updated_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A setting that this release no longer knows is only shown."""
        return bool(super().has_change_permission(request, obj)) and (obj is None or obj.key in SETTINGS)

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        change_setting(setting=obj, value=form.cleaned_data["value"], by=request.user)
        messages.info(
            request, _("In force everywhere within %(seconds)d seconds.") % {"seconds": system_setting.AGE}
        )


@admin.register(Role)
class RoleAdmin(ProvenAdmin, TellingAdmin):
    """The shipped roles to read, further ones to compose."""

    list_display = ["name", "side", "description", "in_plain_english", "is_system"]
    list_filter = ["side", "is_system"]
    search_fields = ["name", "description"]
    form = RoleForm

    @admin.display(description=_("Permissions"))
    def in_plain_english(self, role: Role) -> str:
        return "; ".join(in_words(role.permissions))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is not None and obj.is_system:
            return ["name", "side", "description", "in_plain_english"]
        return ["side", "name", "description", "held_permissions"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return self.get_fields(request, obj) if obj.is_system else ["side"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None and obj.is_system:
            kwargs["form"] = PlainModelForm
            return super().get_form(request, obj, change, **kwargs)
        made: Any = super().get_form(request, obj, change, **kwargs)
        return type(made.__name__, (made,), {"by": request.user})

    def has_add_permission(self, request: HttpRequest) -> bool:
        by: Any = request.user
        return bool(super().has_add_permission(request)) and can_compose_roles(by)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        by: Any = request.user
        composed = obj is None or not obj.is_system
        return bool(super().has_change_permission(request, obj)) and can_compose_roles(by) and composed

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and not obj.is_system and can_compose_roles(user_of(request))

    def changed_fields(self, form: Any) -> list[str]:
        own = super().changed_fields(form)
        return [*own, "permissions"] if "held_permissions" in form.changed_data else own

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        by: Any = request.user
        obj.permissions = list(form.cleaned_data["held_permissions"])
        if obj._state.adding:
            compose_role(role=obj, by=by)
        else:
            change_role(role=obj, fields=fields, was=form.initial["held_permissions"], by=by)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        by: Any = request.user
        delete_role(role=obj, by=by)


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


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """To look at; the security page is where somebody takes and resolves one."""

    list_display = ["happened_at", "kind", "severity", "organization", "state", "owner", "times"]
    list_filter = ["kind", "severity", "state"]
    list_select_related = ["organization", "owner"]
    ordering = ["-happened_at", "-id"]


@admin.register(AlertCursor)
class AlertCursorAdmin(ReadOnlyAdmin):
    list_display = ["xid", "cluster", "updated_at", "mailed_at"]


@admin.register(KeptForm)
class KeptFormAdmin(ReadOnlyAdmin):
    """That something was kept, not what (ruling 8)."""

    list_display = ["user", "page", "because", "created_at", "until"]
    list_filter = ["because"]
    list_select_related = ["user"]


@admin.register(UserContact)
class UserContactAdmin(ReadOnlyAdmin):
    list_display = ["user", "updated_at"]
    list_select_related = ["user"]


@admin.register(EmailChange)
class EmailChangeAdmin(ReadOnlyAdmin):
    list_display = ["user", "created_at", "old_confirmed_at", "new_confirmed_at", "until"]
    list_select_related = ["user"]
    hidden_columns = ("old_token", "new_token")
