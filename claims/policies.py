"""Who may do what with claims on the provider's side (style.md, habit 8): asked by actions and by templates.

Scope is not asked here: rows come from ``visible_to`` and from row-level security, strangers get 404.
"""

from django.utils.translation import gettext as _

from accounts.enums import Permission, UserRole
from accounts.models import User
from claimflow.lib.permissions import require
from claims import workflow
from claims.enums import ClaimState
from claims.models import Claim


def can_view(user: User) -> bool:
    """Look at the claims of one's own organization, from the provider's side."""
    return user.role == UserRole.PROVIDER and user.has(Permission.VIEW_CLAIMS)


def can_submit(user: User) -> bool:
    """Write drafts and submit them."""
    return user.role == UserRole.PROVIDER and user.has(Permission.SUBMIT_CLAIMS)


def can_withdraw(user: User, claim: Claim) -> bool:
    """Take back a claim before it is decided, and while nobody works on it (ruling 27)."""
    return may_withdraw(user) and workflow.allows("withdraw", ClaimState(claim.state))


def may_withdraw(user: User) -> bool:
    """The same whatever the state."""
    return user.role == UserRole.PROVIDER and user.has(Permission.WITHDRAW_CLAIMS)


def can_copy(user: User, claim: Claim) -> bool:
    """Open a new draft with the data of a rejected claim."""
    return can_submit(user) and claim.state == ClaimState.REJECTED


def require_view(user: User) -> None:
    require(
        can_view(user),
        _("This page needs the right to view claims. Ask an administrator of your organization for it."),
    )


def require_submit(user: User) -> None:
    require(
        can_submit(user),
        _(
            "Entering claims needs the right to submit claims. Ask an administrator of your organization for it."
        ),
    )


def require_withdraw(user: User) -> None:
    require(
        may_withdraw(user),
        _(
            "Withdrawing needs the right to withdraw claims. Ask an administrator of your organization for it."
        ),
    )
