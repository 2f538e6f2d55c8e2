"""A claim's standing: state, public status, turn and clock move together (rulings 27 and 28)."""

from typing import Any
from uuid import UUID

from audit.actions import record
from audit.enums import Action, SubjectKind
from claims.enums import ClaimState
from claims.models import Claim
from claims.workflow import ask, clock_of, public_status_of, turn_of

STANDING = ("state", "public_status", "turn", "clock")


def locked(claim_id: UUID, by: Any) -> Claim:
    """The claim as it is now, locked until the transaction ends. Raises ``Claim.DoesNotExist`` for a stranger's."""
    claim: Claim = Claim.objects.visible_to(by).select_for_update(of=("self",)).get(pk=claim_id)
    return claim


def move(claim: Claim, transition: str, *, waits_for_provider: bool = False) -> str:
    """Set the standing that follows from ``transition`` and return the old state. The caller saves ``STANDING``.
    Raises ``WrongState``."""
    old = str(claim.state)
    target = ask(transition, ClaimState(claim.state))
    claim.state = target
    claim.public_status = public_status_of(target)
    claim.turn = turn_of(target, waits_for_provider=waits_for_provider)
    claim.clock = clock_of(target, waits_for_provider=waits_for_provider)
    return old


def record_move(action: Action, claim: Claim, old: str, details: dict[str, Any] | None = None) -> None:
    """Tell the trail, in an event that both sides may see, that the claim went from ``old`` to where it stands."""
    record(
        action,
        SubjectKind.CLAIM,
        claim.pk,
        provider_id=claim.provider_id,
        payer_id=claim.payer_id,
        old_status=old,
        new_status=claim.state,
        details=details,
    )
