"""The composition root: every app's pages under their paths."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from claimflow import gallery
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
    path("", include("claims.urls")),
    path("admin/", admin.site.urls),
]
if settings.CLAIMFLOW_ENV != "production":
    urlpatterns += gallery.urlpatterns
