"""Who reads the ledger: whose suggestion it was, the payer of a claim or the provider of a draft."""

from typing import Any, Self
from uuid import UUID

from claimflow.lib.querysets import TenantQuerySet
from intelligence.enums import SuggestionKind


class LedgerQuerySet(TenantQuerySet):
    """Rows of one side alone: a payer's confidence is not its providers' to read."""

    sides = {"payer": "organization_id", "provider": "organization_id"}


class LedgerEntryQuerySet(LedgerQuerySet):
    """Suggestions."""

    def about_claim(self, claim: Any, kind: SuggestionKind) -> Self:
        """What was suggested for a claim, the newest first; what a shadow said is not among it."""
        return self.filter(
            organization=claim.payer_id, claim_id=claim.pk, kind=kind.value, is_shadow=False
        ).order_by("-made_at", "-id")

    def about_draft(self, draft_id: UUID, kind: SuggestionKind) -> Self:
        return self.filter(draft_id=draft_id, kind=kind.value, is_shadow=False).order_by("-made_at", "-id")
