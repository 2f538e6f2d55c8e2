"""The ledger in the Django admin, to look at: nobody changes what was suggested or judged.

A suggestion tells something of a patient's care, so what the administrator sees is recorded as seen of the claim or
draft that it is about."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.actions import Seen
from audit.admin import WatchedAdmin
from audit.enums import Action, SubjectKind
from intelligence.models import LedgerEntry, LedgerOutcome


class LedgerAdmin(WatchedAdmin):
    listed_as, viewed_as = Action.CLAIMS_LISTED, Action.CLAIM_VIEWED

    def seen(self, row: Any) -> Seen:
        entry = getattr(row, "entry", row)
        return Seen(
            SubjectKind.CLAIM if entry.claim_id else SubjectKind.DRAFT,
            entry.claim_id or entry.draft_id,
            provider_id=entry.provider_id,
            payer_id=entry.payer_id,
        )


@admin.register(LedgerEntry)
class LedgerEntryAdmin(LedgerAdmin):
    list_display = [
        "kind",
        "answer",
        "confidence",
        "organization",
        "model",
        "model_version",
        "latency",
        "failure",
        "made_at",
    ]
    list_filter = ["kind", "model", "is_shadow"]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "failure__exact"]
    search_help_text = _("A payer's or provider's name, or the code of a failure")
    ordering = ["-made_at", "-id"]


@admin.register(LedgerOutcome)
class LedgerOutcomeAdmin(LedgerAdmin):
    list_display = ["entry", "verdict", "answer", "reason", "organization", "decided_by", "decided_at"]
    list_filter = ["verdict", "reason"]
    list_select_related = ["entry", "organization", "decided_by"]
    search_fields = ["organization__name", "decided_by__email__startswith"]
    search_help_text = _("An organization's name or a person's address")
    ordering = ["-decided_at", "-id"]
