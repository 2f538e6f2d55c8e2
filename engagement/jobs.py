"""Background work of this app (claimflow/lib/jobs.py)."""

from uuid import UUID

from claimflow.lib import jobs
from engagement.actions import tell


@jobs.job("tell_decision")
def tell_decision(claim_id: str) -> None:
    tell.tell_decision(claim_id=UUID(claim_id))
