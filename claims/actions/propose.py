"""Unfinished work of the payer: the decision form as it was typed, saved and found again (rulings 22 and 26)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.permissions import WrongState
from claims.actions.leases import renew
from claims.actions.standing import locked
from claims.enums import ProposalState
from claims.models import Claim, Proposal
from claims.policies import require_holder, require_worker


class SavedElsewhere(WrongState):
    """The same work was saved in another window since this one was opened; ``version`` is the newer one's."""

    def __init__(self, version: int) -> None:
        super().__init__(
            _(
                "This work was saved in another window after you opened this one. What you typed is still here. "
                "Send it again to replace the other version, or open the claim anew to see that one."
            ),
            code="saved_elsewhere",
        )
        self.version = version


def open_proposal(claim: Claim) -> Proposal | None:
    """The claim's unfinished work, if there is any. At most one (``claims_proposal_one_open``)."""
    found: Proposal | None = (
        Proposal.objects.filter(claim=claim, payer_id=claim.payer_id)
        .exclude(state=ProposalState.DECIDED)
        .first()
    )
    return found


def guard_version(*, claim: Claim, version: int) -> Proposal | None:
    """The unfinished work if ``version`` (0 for none yet) is still its version. Raises ``SavedElsewhere``."""
    proposal = open_proposal(claim)
    if (proposal.version if proposal else 0) != version:
        raise SavedElsewhere(proposal.version if proposal else 0)
    return proposal


def save_proposal(*, claim_id: UUID, content: Mapping[str, str], version: int, by: Any) -> Proposal:
    """Keep what was typed and renew the lease. ``version`` is that of the window it was typed in, 0 for the first.
    Raises ``NotYours`` and ``SavedElsewhere``."""
    require_worker(by)
    claim = locked(claim_id, by)
    lease = require_holder(claim, by)
    proposal = guard_version(claim=claim, version=version)
    if proposal is None:
        proposal = Proposal(**claim.as_parent(), proposer=by, content=dict(content))
        proposal.save(force_insert=True)
    else:
        proposal.proposer, proposal.content = by, dict(content)
        proposal.version += 1
        proposal.touch("proposer", "content", "version")
    renew(claim, lease, by=by)
    record(
        Action.PROPOSAL_MADE,
        SubjectKind.CLAIM,
        claim.pk,
        payer_id=claim.payer_id,
        details={Detail.VERSION: proposal.version},
    )
    return proposal


def finish_proposal(*, claim: Claim) -> None:
    """A decided claim has no unfinished work."""
    Proposal.objects.filter(claim=claim, payer_id=claim.payer_id).exclude(state=ProposalState.DECIDED).update(
        state=ProposalState.DECIDED, updated_at=timezone.now()
    )
