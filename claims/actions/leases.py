"""Whose desk a claim is on, and until when (ruling 35): a lease begins, is renewed, or goes to somebody else."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts import system_setting
from accounts.enums import SettingKey
from audit.enums import Action, Detail
from claims.actions.standing import STANDING, move, record_move
from claims.models import Assignment, Claim


def lease_until() -> datetime:
    """When a lease that begins now ends."""
    return timezone.now() + timedelta(minutes=system_setting.figure(SettingKey.LEASE_MINUTES))


def lease_of(claim: Claim, by: Any) -> Assignment | None:
    """The claim's lease, locked; None if nobody works on it."""
    lease: Assignment | None = (
        Assignment.objects.visible_to(by).filter(claim=claim).select_for_update().first()
    )
    return lease


def begin(
    claim: Claim,
    *,
    transition: str,
    action: Action,
    holder: Any,
    details: dict[str, Any] | None = None,
    by: Any,
) -> Claim:
    """Put a waiting claim on the holder's desk. Raises ``WrongState``."""
    old = move(claim, transition)
    claim.touch(*STANDING)
    Assignment(**claim.as_parent(), adjudicator=holder, assigned_by=by, until=lease_until()).save(
        force_insert=True
    )
    record_move(action, claim, old, details)
    return claim


def renew(claim: Claim, lease: Assignment, *, by: Any) -> Claim:
    """Let the lease last anew. Whoever renews signs for it: row-level security takes no other's name, so the trail
    alone keeps who gave the claim at first."""
    lease.assigned_by, lease.until = by, lease_until()
    lease.touch("assigned_by", "until")
    return claim


def hand_over(claim: Claim, lease: Assignment, *, holder: Any, by: Any) -> Claim:
    """Give a claim in review to another holder; the event names both by id. Raises ``WrongState``."""
    old, earlier = move(claim, "take_over"), lease.adjudicator_id
    lease.adjudicator, lease.assigned_by, lease.until = holder, by, lease_until()
    lease.touch("adjudicator", "assigned_by", "until")
    details: dict[str, Any] = {Detail.ADJUDICATOR: str(holder.pk), Detail.EARLIER_ADJUDICATOR: str(earlier)}
    record_move(Action.CLAIM_ASSIGNED, claim, old, details)
    return claim
