"""What the worker does for claims. Arguments are ids alone."""

from uuid import UUID

from claimflow.lib import jobs
from claims.actions.close_holds import close_holds


@jobs.job("close_holds")
def close_holds_of(claim_id: str) -> None:
    """A provider withdrew a pended claim: the payer's hold has nothing to wait for."""
    close_holds(claim_id=UUID(claim_id))
