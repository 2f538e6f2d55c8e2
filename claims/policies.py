"""Who may do what with a claim. Asked by the actions, which refuse, and by the pages, which hide the button."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Permission, UserRole
from claimflow.lib.permissions import Forbidden, Refusal, WrongState
from claims.models import Assignment, Claim

MAX_IN_HAND = 10


def can_submit(user: Any) -> bool:
    return user.role == UserRole.PROVIDER and user.has(Permission.SUBMIT_CLAIMS)


def can_withdraw(user: Any) -> bool:
    return user.role == UserRole.PROVIDER and user.has(Permission.WITHDRAW_CLAIMS)


def can_view(user: Any) -> bool:
    return bool(user.has(Permission.VIEW_CLAIMS))


def can_work_queue(user: Any) -> bool:
    return user.role == UserRole.PAYER and user.has(Permission.WORK_QUEUE)


def can_decide(user: Any) -> bool:
    return user.role == UserRole.PAYER and user.has(Permission.DECIDE_CLAIMS)


def can_supervise(user: Any) -> bool:
    return user.role == UserRole.PAYER and user.has(Permission.SUPERVISE)


def can_export(user: Any) -> bool:
    return bool(user.has(Permission.EXPORT_CLAIMS))


class NotYours(WrongState):
    """The claim is on somebody else's desk, or on nobody's."""


def require_worker(user: Any) -> None:
    """Raise ``Forbidden`` for somebody who does not work the queue."""
    if not can_work_queue(user):
        raise Forbidden(_("Only adjudicators work on claims in the queue."), code="no_queue")


def require_room(user: Any) -> None:
    """Raise ``Refusal`` when this person's desk is full: claims in hand wait for nobody else."""
    if Assignment.objects.visible_to(user).filter(adjudicator=user).count() >= MAX_IN_HAND:
        raise Refusal(
            _("You have %(limit)d claims in hand. Decide, pend or release one before you take another.")
            % {"limit": MAX_IN_HAND},
            code="desk_full",
        )


def require_holder(claim: Claim, user: Any) -> Assignment:
    """The person's lease of this claim. Raises ``NotYours`` naming what happened to it instead."""
    lease = Assignment.objects.visible_to(user).filter(claim=claim).select_for_update().first()
    if lease is not None and lease.adjudicator_id == user.pk:
        return lease
    if lease is not None:
        raise NotYours(
            _("Somebody else works on this claim now. Nothing was changed; take another claim from the queue."),
            code="not_yours",
        )
    raise NotYours(
        _("This claim is not on your desk any more. Nothing was changed; open it again to see where it stands."),
        code="not_yours",
    )
