"""A supervisor gives a claim to somebody: one that waits, or one that a colleague has (product.md, transitions)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from audit.enums import Action, Detail
from claimflow.lib.permissions import WrongState
from claims.actions.leases import begin, hand_over, lease_of, renew
from claims.actions.standing import locked
from claims.models import Claim
from claims.policies import require_assign, require_assignable, require_room_of


def assign(*, claim_id: UUID, adjudicator: Any, instead_of: UUID | None = None, by: Any) -> Claim:
    """Put a claim on the desk of ``adjudicator``. Twice is harmless.

    ``instead_of`` is whom the supervisor saw working on it, None for nobody: whoever took it meanwhile keeps it.
    Raises ``Forbidden``, ``Refusal`` (not a colleague who works the queue, or desk full) and ``WrongState``.
    """
    require_assign(by)
    require_assignable(adjudicator, by)
    claim = locked(claim_id, by)
    lease = lease_of(claim, by)
    if lease is None:
        require_room_of(adjudicator)
        return begin(
            claim,
            transition="assign",
            action=Action.CLAIM_ASSIGNED,
            holder=adjudicator,
            details={Detail.ADJUDICATOR: str(adjudicator.pk)},
            by=by,
        )
    if lease.adjudicator_id == adjudicator.pk:
        return renew(claim, lease, by=by)
    if lease.adjudicator_id != instead_of:
        raise WrongState(
            _(
                "Somebody else took this claim after you opened it. Nothing was changed; see who has it now, "
                "and assign it again if it should go to another person."
            ),
            code="taken",
        )
    require_room_of(adjudicator)
    return hand_over(claim, lease, holder=adjudicator, by=by)
