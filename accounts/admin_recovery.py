"""Ways back in, in the Django admin: what was mailed and asked for, and the two things that only an administrator gives
back (ruling 53): a password and a second factor."""

from __future__ import annotations

from django.contrib import admin

from accounts.models import BackupCode, KnownBrowser, OutgoingMail, PasswordReset
from claimflow.lib.admin import ReadOnlyAdmin


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
