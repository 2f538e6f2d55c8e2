"""A claim that has to wait: why, for whom, and until when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.enums import Action, Detail
from claimflow.lib.permissions import Refusal
from claims.actions.leases import lease_until
from claims.actions.standing import STANDING, locked, move, record_move
from claims.enums import ClaimState, PendReason, Turn
from claims.models import Assignment, Claim, Hold
from claims.policies import require_holder, require_room, require_worker


def pend(
    *,
    claim_id: UUID,
    reasons: Sequence[PendReason],
    note: str = "",
    until: datetime | None = None,
    no_timer_because: str = "",
    by: Any,
) -> Claim:
    """Pend a claim that is on the person's desk. At least one reason, and a timer or why there is none (product.md);
    a reason that asks the provider turns the turn and pauses the clock. Raises ``NotYours`` and ``Refusal``."""
    require_worker(by)
    if not reasons:
        raise Refusal(_("Choose at least one reason to pend."), code="no_reason")
    if until is None and not no_timer_because.strip():
        raise Refusal(
            _("Set a day on which the claim comes back, or say why there is none."), code="no_timer"
        )
    claim = locked(claim_id, by)
    lease = require_holder(claim, by)
    asks = any(reason.asks_provider for reason in reasons)
    old = move(claim, "pend", waits_for_provider=asks)
    claim.touch(*STANDING)
    lease.delete()
    Hold(
        **claim.as_parent(),
        reasons=[reason.value for reason in reasons],
        note=note.strip() or None,
        turn=Turn.PROVIDER if asks else Turn.PAYER,
        until=until,
        no_timer_because=no_timer_because.strip() or None,
        placed_by=by,
        placed_at=timezone.now(),
    ).save(force_insert=True)
    record_move(Action.CLAIM_PENDED, claim, old, {Detail.REASON_CODES: [reason.value for reason in reasons]})
    return claim


def resume(*, claim_id: UUID, by: Any) -> Claim:
    """Take a pended claim back onto the person's own desk; its open hold is resolved. Raises ``WrongState``."""
    require_worker(by)
    require_room(by)
    claim = locked(claim_id, by)
    old = move(claim, "resume")
    claim.touch(*STANDING)
    _resolve(claim, by)
    Assignment(**claim.as_parent(), adjudicator=by, assigned_by=by, until=lease_until()).save(
        force_insert=True
    )
    record_move(Action.CLAIM_RESUMED, claim, old)
    return claim


def resume_due() -> int:
    """Bring every pended claim whose timer has run out back to the person who pended it; run by the system."""
    due = (
        Hold.objects.filter(
            resolved_at__isnull=True, until__lt=timezone.now(), claim__state=ClaimState.PENDED
        )
        .select_related("claim", "placed_by")
        .select_for_update(skip_locked=True, of=("self", "claim"))
        .order_by("until")[:500]
    )
    count = 0
    for hold in due:
        claim = hold.claim
        old = move(claim, "resume")
        claim.touch(*STANDING)
        _resolve(claim, hold.placed_by)
        Assignment(
            **claim.as_parent(), adjudicator=hold.placed_by, assigned_by=hold.placed_by, until=lease_until()
        ).save(force_insert=True)
        record_move(Action.CLAIM_RESUMED, claim, old)
        count += 1
    return count


def _resolve(claim: Claim, by: Any) -> None:
    now = timezone.now()
    Hold.objects.filter(claim=claim, resolved_at__isnull=True).update(
        resolved_by=by, resolved_at=now, updated_at=now
    )
