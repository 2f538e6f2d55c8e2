"""From the queue to a desk: the next claim, or a chosen one, under a lease (ruling 35)."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.enums import Action
from claimflow.lib.permissions import WrongState
from claims.actions.leases import begin, hand_over, lease_of, renew
from claims.actions.standing import locked
from claims.enums import ClaimState, ProposalState
from claims.models import Assignment, Claim
from claims.policies import can_supervise, require_room, require_worker

QUEUE_ORDER = ("rank", "due_at", "received_at", "seq")


def pull(*, by: Any) -> Claim | None:
    """Put the most urgent waiting claim on the person's desk; None if nothing waits.

    Rows that somebody else is taking are skipped, so that adjudicators never wait for each other and no claim goes
    to two. When nothing waits, a claim whose lease has run out is taken over. Raises ``Forbidden`` and ``Refusal``
    (desk full).
    """
    require_worker(by)
    require_room(by)
    waiting = Claim.objects.visible_to(by).waiting().order_by(*QUEUE_ORDER)
    claim = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if claim is None:
        return _take_expired(by)
    return begin(claim, transition="pull", action=Action.CLAIM_PULLED, holder=by, by=by)


def pick(*, claim_id: UUID, by: Any) -> Claim:
    """Put a chosen claim on the person's desk. Twice is harmless. Raises ``WrongState`` if somebody else has it or
    it no longer waits."""
    require_worker(by)
    claim = locked(claim_id, by)
    lease = lease_of(claim, by)
    if lease is None:
        require_room(by)
        return begin(claim, transition="pick", action=Action.CLAIM_PULLED, holder=by, by=by)
    if lease.adjudicator_id == by.pk:
        return renew(claim, lease, by=by)
    if lease.until < timezone.now() or can_supervise(by):  # also what waits for a second look
        require_room(by)
        return hand_over(claim, lease, holder=by, by=by)
    raise WrongState(
        _("Somebody else works on this claim now. Take another one, or come back when it is free."),
        code="taken",
    )


def _take_expired(by: Any) -> Claim | None:
    """Claim and lease are locked together, or not at all: whoever decides it at this moment keeps it."""
    expired = (
        Assignment.objects.visible_to(by)
        .filter(until__lt=timezone.now(), claim__payer=by.organization_id, claim__state=ClaimState.IN_REVIEW)
        .exclude(adjudicator=by)
        .exclude(claim__proposals__state=ProposalState.AWAITING_SECOND)
        .select_related("claim")
        .order_by("until")
        .select_for_update(skip_locked=True, of=("self", "claim"))
        .first()
    )
    return hand_over(locked(expired.claim_id, by), expired, holder=by, by=by) if expired else None
