"""From the queue to a desk: the next claim, or a chosen one, under a lease (ruling 35)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.enums import Action
from claimflow.lib.permissions import WrongState
from claims.actions.standing import STANDING, locked, move, record_move
from claims.enums import ClaimState
from claims.models import Assignment, Claim
from claims.policies import can_supervise, require_room, require_worker

QUEUE_ORDER = ("rank", "due_at", "received_at", "seq")


def lease_until() -> Any:
    duration: timedelta = settings.LEASE_DURATION
    return timezone.now() + duration


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
    return _lease(claim, "pull", by)


def pick(*, claim_id: UUID, by: Any) -> Claim:
    """Put a chosen claim on the person's desk. Twice is harmless. Raises ``WrongState`` if somebody else has it or
    it no longer waits."""
    require_worker(by)
    claim = locked(claim_id, by)
    lease = Assignment.objects.visible_to(by).filter(claim=claim).select_for_update().first()
    if lease is None:
        require_room(by)
        return _lease(claim, "pick", by)
    if lease.adjudicator_id == by.pk:
        return _renew(claim, lease)
    if lease.until < timezone.now() or can_supervise(by):
        require_room(by)
        return _take_over(claim, lease, by)
    raise WrongState(
        _("Somebody else works on this claim now. Take another one, or come back when it is free."),
        code="taken",
    )


def _lease(claim: Claim, transition: str, by: Any) -> Claim:
    old = move(claim, transition)
    claim.touch(*STANDING)
    Assignment(**claim.as_parent(), adjudicator=by, assigned_by=by, until=lease_until()).save(
        force_insert=True
    )
    record_move(Action.CLAIM_PULLED, claim, old)
    return claim


def _renew(claim: Claim, lease: Assignment) -> Claim:
    lease.until = lease_until()
    lease.touch("until")
    return claim


def _take_expired(by: Any) -> Claim | None:
    """Claim and lease are locked together, or not at all: whoever decides it at this moment keeps it."""
    expired = (
        Assignment.objects.visible_to(by)
        .filter(until__lt=timezone.now(), claim__payer=by.organization_id, claim__state=ClaimState.IN_REVIEW)
        .exclude(adjudicator=by)
        .select_related("claim")
        .order_by("until")
        .select_for_update(skip_locked=True, of=("self", "claim"))
        .first()
    )
    return _take_over(locked(expired.claim_id, by), expired, by) if expired else None


def _take_over(claim: Claim, lease: Assignment, by: Any) -> Claim:
    move(claim, "take_over")
    lease.adjudicator, lease.assigned_by, lease.until = by, by, lease_until()
    lease.touch("adjudicator", "assigned_by", "until")
    record_move(Action.CLAIM_ASSIGNED, claim, claim.state)
    return claim
