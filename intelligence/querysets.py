"""Who reads the ledger: whose suggestion it was, the payer of a claim or the provider of a draft."""

from typing import Any, Self
from uuid import UUID

from django.db import models

from claimflow.lib.querysets import TenantQuerySet
from intelligence.enums import SuggestionKind, VersionKind, VersionState

NO_ANSWER = "none"
"""What the ledger keeps as the answer of a model that gave none."""


class LedgerQuerySet(TenantQuerySet):
    """Rows of one side alone: a payer's confidence is not its providers' to read."""

    sides = {"payer": "organization_id", "provider": "organization_id"}


class LedgerEntryQuerySet(LedgerQuerySet):
    """Suggestions."""

    def about_claim(self, claim: Any, kind: SuggestionKind) -> Self:
        """What was suggested for a claim, the newest first; what a shadow said is not among it, nor is silence."""
        return (
            self.filter(organization=claim.payer_id, claim_id=claim.pk, kind=kind.value, is_shadow=False)
            .exclude(answer=NO_ANSWER)
            .order_by("-made_at", "-id")
        )

    def about_draft(self, draft_id: UUID, kind: SuggestionKind) -> Self:
        return self.filter(draft_id=draft_id, kind=kind.value, is_shadow=False).order_by("-made_at", "-id")


class OwnQuerySet(TenantQuerySet):
    """What a payer's claims may cost, and have cost."""

    sides = {"payer": "organization_id"}


class VersionQuerySet(models.QuerySet[Any]):
    """Versions of rules and models: the platform's, one for all."""

    def active(self, kind: VersionKind) -> Any | None:
        """The version that answers; None when the table names none."""
        return self.filter(kind=kind.value, state=VersionState.ACTIVE.value).first()

    def in_use(self) -> Self:
        """What answers now, active or as a shadow."""
        return self.exclude(state=VersionState.RETIRED.value).order_by("kind", "created_at")
