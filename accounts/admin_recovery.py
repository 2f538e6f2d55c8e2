"""Ways back in, in the Django admin: what was mailed and asked for, and the two things that only an administrator gives
back (ruling 53): a password and a second factor."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.actions.create import temporary_password
from accounts.actions.reset import reset_factor, reset_password
from accounts.forms.recovery import FactorResetForm
from accounts.fresh import needs_fresh_factor, needs_fresh_proof
from accounts.models import BackupCode, KnownBrowser, OutgoingMail, PasswordReset, User
from accounts.policies import can_manage, can_manage_people
from accounts.views.shown_once import remember_password
from claimflow.lib.admin import HouseAdmin, ReadOnlyAdmin
from claimflow.lib.db.context import Actor, opened
from claimflow.lib.permissions import WrongState
from claimflow.middleware.gate import own_transaction


class ResetsAdmin(HouseAdmin):
    """A person's page with two steps behind it. Both ask the administrator for a fresh proof first: a session that
    somebody walked away from resets nobody."""

    change_form_template = "admin/accounts/user_change_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path(
                "<uuid:user_id>/reset-password/",
                needs_fresh_proof(own_transaction(view(self.reset_password_page))),
                name="accounts_user_reset_password",
            ),
            path(
                "<uuid:user_id>/reset-factor/",
                needs_fresh_factor(view(self.reset_factor_page)),
                name="accounts_user_reset_factor",
            ),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        person, by = kwargs.get("obj"), request.user
        context["may_reset"] = isinstance(by, User) and isinstance(person, User) and can_manage(by, person)
        return super().render_change_form(request, context, *args, **kwargs)

    def reset_password_page(self, request: HttpRequest, user_id: Any) -> HttpResponse:
        """Asks once more, and leads to the page that shows the temporary password."""
        by: Any = request.user
        if not can_manage_people(by):
            raise PermissionDenied
        password, password_hash = temporary_password() if request.method == "POST" else ("", "")
        with opened(Actor("admin", user_id=by.pk)):
            person = self._person(request, user_id)
            if request.method == "POST":
                reset_password(user=person, password_hash=password_hash, by=by)
                remember_password(request, person, password)
                return redirect("admin:accounts_user_created")
            text = _(
                "Every session of this person ends. You are shown a temporary password, which works once within 24 "
                "hours. The second factor stays as it is."
            )
            return self._step(request, person, _("Reset password"), text).render()

    def reset_factor_page(self, request: HttpRequest, user_id: Any) -> HttpResponse:
        """Asks for the reason; the person sets up a new second factor at the next sign-in."""
        by: Any = request.user
        person = self._person(request, user_id)
        form = FactorResetForm(request.POST or None)
        if form.is_valid():
            try:
                reset_factor(user=person, reason=form.cleaned_data["reason"], by=by)
            except WrongState as refusal:
                messages.warning(request, refusal.sentence)
            else:
                done = _("The second factor of %(who)s is gone. The next sign-in sets up a new one.")
                messages.success(request, done % {"who": person.email})
            return redirect("admin:accounts_user_change", person.pk)
        text = _(
            "Be sure that you speak to the person themself: see them, or call a number that you knew before. "
            "Authenticator and backup codes go, every session ends, and the person is told by mail."
        )
        return self._step(request, person, _("Reset second factor"), text, form)

    def _person(self, request: HttpRequest, user_id: Any) -> User:
        by: Any = request.user
        person = self.get_object(request, str(user_id))
        if not isinstance(person, User):
            raise Http404
        if not can_manage(by, person):
            raise PermissionDenied
        return person

    def _step(
        self, request: HttpRequest, person: User, title: Any, text: Any, form: Any = None
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "person": person,
            "text": text,
            "form": form,
        }
        return TemplateResponse(request, "admin/accounts/step.html", context)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "kind", "user", "sent_at", "attempts", "next_try_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    ordering = ["-created_at"]


@admin.register(BackupCode)
class BackupCodeAdmin(ReadOnlyAdmin):
    list_display = ["user", "created_at", "used_at"]
    list_select_related = ["user"]
    hidden_columns = ("code_hash",)


@admin.register(PasswordReset)
class PasswordResetAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "user", "expires_at", "used_at"]
    list_select_related = ["user"]
    hidden_columns = ("token_hash",)
    ordering = ["-created_at"]


@admin.register(KnownBrowser)
class KnownBrowserAdmin(ReadOnlyAdmin):
    list_display = ["user", "created_at", "updated_at"]
    list_select_related = ["user"]
    hidden_columns = ("cookie_hash",)
