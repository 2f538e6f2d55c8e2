"""A biller takes a claim back before a decision (rulings 10, 27)."""

from accounts.models import User
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib import jobs
from claims import policies, workflow
from claims.enums import ClaimState
from claims.models import Claim


def withdraw(*, claim: Claim, by: User) -> Claim:
    """Void a claim that nobody works on. The payer's hold on a pended one is closed by a job after the
    commit, because no request writes another organization's rows. Raises ``Forbidden`` or ``WrongState``."""
    policies.require_withdraw(by)
    claim = Claim.objects.visible_to(by).select_for_update(of=("self",)).get(pk=claim.pk)
    old = ClaimState(claim.state)
    state = workflow.ask("withdraw", old)
    claim.state, claim.public_status = state.value, workflow.public_status_of(state)
    claim.turn, claim.clock = workflow.turn_of(state).value, workflow.clock_of(state).value
    claim.touch("state", "public_status", "turn", "clock")
    record(
        Action.CLAIM_WITHDRAWN,
        SubjectKind.CLAIM,
        claim.pk,
        provider_id=claim.provider_id,
        payer_id=claim.payer_id,
        old_status=old.value,
        new_status=claim.state,
    )
    if old == ClaimState.PENDED:
        jobs.enqueue("close_holds", claim_id=claim.pk)
    return claim
