"""Unfinished work of the payer: the decision form as it was typed, saved and found again (rulings 22 and 26)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.permissions import WrongState
from claims.actions.authority import is_second_look
from claims.actions.leases import lease_until, renew
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
        _rewrite(proposal, content, by)
    renew(claim, lease, by=by)
    record(
        Action.PROPOSAL_MADE,
        SubjectKind.CLAIM,
        claim.pk,
        payer_id=claim.payer_id,
        details={Detail.VERSION: proposal.version},
    )
    return proposal


def _rewrite(proposal: Proposal, content: Mapping[str, str], by: Any) -> None:
    """Who takes the second look may mend the work; it stays the other's proposal and keeps waiting."""
    if not is_second_look(proposal, by):
        proposal.proposer, proposal.state = by, ProposalState.SAVED
        proposal.reviewer, proposal.reviewed_at, proposal.comment = None, None, None
    proposal.content = dict(content)
    proposal.version += 1
    proposal.touch("proposer", "state", "reviewer", "reviewed_at", "comment", "content", "version")


def ask_second(*, claim_id: UUID, content: Mapping[str, str], version: int, by: Any) -> Proposal:
    """Propose a decision that one may not make alone. The claim stays in review; the lease ends now, so that any
    colleague can take it (ruling 22). Raises as ``save_proposal``."""
    proposal = save_proposal(claim_id=claim_id, content=content, version=version, by=by)
    claim = locked(claim_id, by)
    lease = require_holder(claim, by)
    if is_second_look(proposal, by):
        proposal.proposer, proposal.reviewer = by, None
    proposal.state = ProposalState.AWAITING_SECOND
    proposal.touch("proposer", "reviewer", "state")
    lease.assigned_by, lease.until = by, timezone.now()
    lease.touch("assigned_by", "until")
    record(
        Action.SECOND_LOOK_ASKED,
        SubjectKind.CLAIM,
        claim.pk,
        payer_id=claim.payer_id,
        details={Detail.VERSION: proposal.version},
    )
    return proposal


def return_proposal(*, claim_id: UUID, comment: str, by: Any) -> Proposal:
    """Send a proposed decision back to who made it, with what to change. Raises ``NotYours`` and ``WrongState``."""
    require_worker(by)
    claim = locked(claim_id, by)
    lease = require_holder(claim, by)
    proposal = open_proposal(claim)
    if proposal is None or not is_second_look(proposal, by):
        raise WrongState(_("Nobody else proposed a decision on this claim."), code="no_second_look")
    proposal.state, proposal.comment = ProposalState.RETURNED, comment
    proposal.reviewer, proposal.reviewed_at = by, timezone.now()
    proposal.touch("state", "comment", "reviewer", "reviewed_at")
    lease.adjudicator, lease.assigned_by, lease.until = proposal.proposer, by, lease_until()
    lease.touch("adjudicator", "assigned_by", "until")
    record(
        Action.PROPOSAL_RETURNED,
        SubjectKind.CLAIM,
        claim.pk,
        payer_id=claim.payer_id,
        details={Detail.ADJUDICATOR: str(proposal.proposer_id)},
    )
    return proposal


def finish_proposal(*, claim: Claim, by: Any) -> None:
    """A decided claim has no unfinished work; who decided what somebody else proposed looked at it."""
    proposal = open_proposal(claim)
    if proposal is None:
        return
    if is_second_look(proposal, by):
        proposal.reviewer, proposal.reviewed_at = by, timezone.now()
    proposal.state = ProposalState.DECIDED
    proposal.touch("state", "reviewer", "reviewed_at")
