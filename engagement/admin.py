"""Notices in the Django admin (ruling 53)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claimflow.lib.admin import ReadOnlyAdmin
from engagement.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """A notice with who has read it: readings have a key of two columns, for which Django's admin has no pages."""

    list_display = ["happened_at", "kind", "organization", "claim"]
    list_filter = ["kind"]
    list_select_related = ["organization", "claim"]
    search_fields = ["organization__name", "claim__claim_number"]
    ordering = ["-happened_at", "-id"]
    fields = ["organization", "kind", "claim", "happened_at", "created_at", "readings_in_words"]

    @admin.display(description=_("read by"))
    def readings_in_words(self, notice: Notice) -> str:
        return ", ".join(
            f"{reading.user} ({reading.created_at:%Y-%m-%d %H:%M})"
            for reading in notice.readings.select_related("user")
        )
