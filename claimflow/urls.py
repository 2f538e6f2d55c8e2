"""The composition root: every app's pages under their paths."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from claimflow import gallery, health
from claimflow.home import home

handler400 = "claimflow.errors.bad_request"
handler403 = "claimflow.errors.forbidden"
handler404 = "claimflow.errors.not_found"
handler500 = "claimflow.errors.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("", include("accounts.urls")),
    path("", include("engagement.urls")),
    path("codes/", include("codes.urls")),
    path("", include("audit.urls")),
    path("", include("members.urls")),
    path("", include("claims.urls")),
    path("", include("claims.payer_urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/health", health.api_health, name="api_health"),
    path("api/health/db", health.api_health_db, name="api_health_db"),
]
if settings.CLAIMFLOW_ENV != "production":
    urlpatterns += gallery.urlpatterns
