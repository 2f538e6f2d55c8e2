"""Who sees which claims, and the claims of each list. Orders and pages belong to the pages that show them."""

from typing import Any, Self

from claimflow.lib.querysets import TenantQuerySet
from claims.enums import ClaimState, ProposalState

DECIDED = (
    ClaimState.APPROVED,
    ClaimState.PARTIALLY_APPROVED,
    ClaimState.DENIED,
    ClaimState.REMITTED,
    ClaimState.UNDER_APPEAL,
)


class BothSides(TenantQuerySet):
    """What provider and payer both see: the claim, what was submitted, what was decided."""

    sides = {"provider": "provider_id", "payer": "payer_id"}


class ProviderSide(TenantQuerySet):
    """What only the provider of the claim sees."""

    sides = {"provider": "provider_id"}


class PayerSide(TenantQuerySet):
    """What only the payer of the claim sees."""

    sides = {"payer": "payer_id"}


class PayersOwn(TenantQuerySet):
    """What a payer keeps about itself."""

    sides = {"payer": "organization_id"}


class DraftQuerySet(TenantQuerySet):
    """Drafts: the provider's alone, never a payer's (ruling 18)."""

    sides = {"provider": "organization_id"}


class RuleSetQuerySet(TenantQuerySet):
    """The public part of the rules: every provider reads them, a payer its own."""

    sides = {"payer": "payer_id"}
    open_to = frozenset({"provider"})


class ClaimQuerySet(BothSides):
    """Claims by the lists they stand in."""

    def waiting(self) -> Self:
        """In the payer's queue: received, nobody's yet."""
        return self.filter(state=ClaimState.RECEIVED)

    def leased_to(self, user: Any) -> Self:
        """On this adjudicator's desk."""
        return self.filter(state=ClaimState.IN_REVIEW, assignments__adjudicator=user)

    def awaiting_second(self) -> Self:
        """Proposed by somebody who may not decide it alone: a word of the payer's lists, not a state (ruling 22)."""
        return self.filter(
            state__in=(ClaimState.IN_REVIEW, ClaimState.RECEIVED),
            proposals__state=ProposalState.AWAITING_SECOND,
        )

    def pended(self) -> Self:
        return self.filter(state=ClaimState.PENDED)

    def decided(self) -> Self:
        """With a decision of any kind, also under appeal or paid."""
        return self.filter(adjudicated_at__isnull=False, state__in=DECIDED)

    def documented(self) -> Self:
        """The claims that the client's documents list: those with a public status (ruling 28)."""
        return self.filter(public_status__isnull=False)
