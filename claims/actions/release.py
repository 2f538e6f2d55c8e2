"""Back to the queue: given back by hand, or by the clock."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.enums import Action
from claims.actions.standing import STANDING, locked, move, record_move
from claims.enums import ClaimState, NoteKind, ProposalState
from claims.models import Assignment, Claim, PayerNote
from claims.policies import require_holder, require_worker


def release(*, claim_id: UUID, reason: str, by: Any) -> Claim:
    """Give a claim back to the queue with a reason, kept as the payer's note. Raises ``NotYours``."""
    require_worker(by)
    claim = locked(claim_id, by)
    lease = require_holder(claim, by)
    old = move(claim, "release")
    claim.touch(*STANDING)
    lease.delete()
    if reason.strip():
        note = PayerNote(**claim.as_parent(), author=by, kind=NoteKind.GENERAL, body=reason.strip())
        note.save(force_insert=True)
    record_move(Action.CLAIM_RELEASED, claim, old)
    return claim


def expire_leases() -> int:
    """Return every claim whose lease ran out to its queue, unless it waits for a second look; run by the system each
    minute. Returns how many."""
    expired = (
        Assignment.objects.filter(until__lt=timezone.now(), claim__state=ClaimState.IN_REVIEW)
        .exclude(claim__proposals__state=ProposalState.AWAITING_SECOND)
        .select_related("claim")
        .select_for_update(skip_locked=True, of=("self", "claim"))
        .order_by("until")[:500]
    )
    count = 0
    for lease in expired:
        claim = lease.claim
        old = move(claim, "expire_lease")
        claim.touch(*STANDING)
        lease.delete()
        record_move(Action.LEASE_EXPIRED, claim, old)
        count += 1
    return count
