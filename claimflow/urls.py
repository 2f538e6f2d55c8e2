"""The composition root: every app's pages under their paths."""

from django.contrib import admin
from django.urls import path

handler400 = "claimflow.errors.bad_request"
handler403 = "claimflow.errors.forbidden"
handler404 = "claimflow.errors.not_found"
handler500 = "claimflow.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
]
