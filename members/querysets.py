"""Who sees which people: the same answer that row-level security gives, said first in the query."""

from claimflow.lib.querysets import TenantQuerySet


class PlanQuerySet(TenantQuerySet):
    """Plans are read by every signed-in kind; a payer lists its own."""

    sides = {"payer": "payer_id"}
    open_to = frozenset({"provider"})


class ProvidersOwn(TenantQuerySet):
    """What only the provider that entered it sees."""

    sides = {"provider": "organization_id"}


class PayersOwn(TenantQuerySet):
    """What only the payer that keeps it sees."""

    sides = {"payer": "organization_id"}
