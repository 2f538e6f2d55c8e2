"""The administrator's site: Django's own, behind the same door as every other page (ruling 53)."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ClaimFlowAdminSite(AdminSite):
    site_header = _("ClaimFlow administration")
    site_title = _("ClaimFlow")
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_staff)


class AdminConfig(DjangoAdminConfig):
    default_site = "claimflow.admin_site.ClaimFlowAdminSite"
