"""The trail in the Django admin, to look at; and how looking at health data there is recorded (rulings 33, 48, 53)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from audit.actions import Seen, record_access
from audit.enums import Action, SubjectKind
from audit.models import Access, Checkpoint, Event
from claimflow.lib.admin import ReadOnlyAdmin


class WatchedAdmin(ReadOnlyAdmin):
    """Rows that belong to a person's care: what the administrator sees is recorded before it is shown, although names
    and everything else encrypted stay out. A page that cannot be recorded is not shown."""

    listed_as: Action
    viewed_as: Action
    subject: SubjectKind
    subject_column = "pk"

    def seen(self, row: Any) -> Seen:
        """Whose health data a row is: ``subject_column`` holds the subject's key."""
        return Seen(
            self.subject,
            getattr(row, self.subject_column),
            provider_id=getattr(row, "provider_id", None),
            payer_id=getattr(row, "payer_id", None),
        )

    def _record(self, action: Action, rows: Iterable[Model]) -> None:
        record_access(action, list(dict.fromkeys(self.seen(row) for row in rows)))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            self._record(self.listed_as, shown["cl"].result_list)
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            self._record(self.viewed_as, [row])
        return row


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "outcome", "severity", "kind", "subject_kind", "subject_id", "actor_id"]
    list_filter = ["outcome", "severity"]
    search_fields = ["action__exact", "subject_kind__exact", "request_id__exact"]
    search_help_text = _("An action such as claim_submitted, a kind of subject, or a request's id")
    ordering = ["-at", "-id"]


@admin.register(Access)
class AccessAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "kind", "subject_kind", "subject_id", "row_count", "actor_id"]
    search_fields = ["action__exact", "subject_kind__exact", "request_id__exact"]
    search_help_text = _("An action such as claims_listed, a kind of subject, or a request's id")
    ordering = ["-at", "-id"]
    exclude = ["person_bidx", "bi_key_id"]


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyAdmin):
    list_display = ["batch", "at", "epoch", "event_count", "access_count", "key_id"]
    ordering = ["-batch"]
