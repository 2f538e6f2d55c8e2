"""The administrator's site: Django's own, behind the same door as every other page (ruling 53)."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class ClaimFlowAdminSite(AdminSite):
    site_header = _("ClaimFlow administration")
    site_title = _("ClaimFlow")
    index_title = _("Administration")
    index_template = "admin/door.html"
    empty_value_display = "—"
    enable_nav_sidebar = False  # the first page is the door to everything; lists need the width

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_staff)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Somebody signed in without the right is told so, instead of being asked to sign in again."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise PermissionDenied(_("You need an administrator's right to open the administration."))
            return inner(request, *args, **kwargs)

        return cast("View", update_wrapper(guarded, inner))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The door to everything (ruling 53); to accounts alone for support."""
        from accounts.enums import Permission
        from accounts.policies import user_of
        from claimflow.admin_door import rooms

        shown = rooms() if user_of(request).has(Permission.ADMINISTER) else []
        return super().index(request, {"rooms": shown, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        return [
            path("operations/", self.admin_view(self.operations), name="operations"),
            *super().get_urls(),
        ]

    def operations(self, request: HttpRequest) -> Any:
        """The machinery; POST puts the failed jobs of one name back into the queue."""
        from accounts.enums import Permission
        from accounts.policies import user_of
        from claimflow import admin_operations

        if not user_of(request).has(Permission.ADMINISTER):
            raise PermissionDenied
        if request.method == "POST":
            again = admin_operations.retry_failed(name=request.POST.get("name", ""))
            words = ngettext("%(n)d job waits again.", "%(n)d jobs wait again.", again) % {"n": again}
            messages.info(request, words)
            return redirect("admin:operations")
        context = {**self.each_context(request), **admin_operations.page(), "title": _("Operations")}
        return TemplateResponse(request, "admin/operations.html", context)

    # Signing in and out and changing a password happen at the one door.
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect("accounts:sign_in")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """307 keeps the POST and its form token."""
        return HttpResponseRedirect(reverse("accounts:sign_out"), status=307)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        raise Http404

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        raise Http404


class AdminConfig(DjangoAdminConfig):
    default_site = "claimflow.admin_site.ClaimFlowAdminSite"

    def ready(self) -> None:
        super().ready()
        from claimflow import admin_packages

        admin_packages.settle()
