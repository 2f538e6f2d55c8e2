"""A biller takes a claim back before a decision (rulings 10, 27)."""

from accounts.models import User
from audit.enums import Action
from claimflow.lib import jobs
from claims import policies
from claims.actions.standing import STANDING, locked, move, record_move
from claims.enums import ClaimState
from claims.models import Claim


def withdraw(*, claim: Claim, by: User) -> Claim:
    """Void a claim that nobody works on. The payer's hold on a pended one is closed by a job after the
    commit, because no request writes another organization's rows. Raises ``Forbidden`` or ``WrongState``."""
    policies.require_withdraw(by)
    claim = locked(claim.pk, by)
    old = move(claim, "withdraw")
    claim.touch(*STANDING)
    record_move(Action.CLAIM_WITHDRAWN, claim, old)
    if old == ClaimState.PENDED:
        jobs.enqueue("close_holds", claim_id=claim.pk)
    return claim
