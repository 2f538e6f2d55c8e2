"""Who may do what with people, coverage and the organization's own lists (style.md, habit 8).

Scope is not asked here: rows come from ``visible_to`` and from row-level security, strangers get 404.
"""

from django.utils.translation import gettext as _

from accounts.enums import Permission, UserRole
from accounts.models import User
from claimflow.lib.permissions import require


def can_manage_patients(user: User) -> bool:
    """Keep the provider's patients, their coverages, and its own lists."""
    return user.role == UserRole.PROVIDER and user.has(Permission.MANAGE_PATIENTS)


def can_check_coverage(user: User) -> bool:
    """Ask a payer whether a member id is covered on a day (ruling 19)."""
    return user.role == UserRole.PROVIDER and user.has(Permission.CHECK_COVERAGE)


def can_manage_members(user: User) -> bool:
    """Keep the payer's roster and its plans."""
    return user.role == UserRole.PAYER and user.has(Permission.MANAGE_MEMBERS)


def can_save_plans(user: User) -> bool:
    """The payer's own people on their page, a platform administrator in the administration (ruling 53)."""
    return can_manage_members(user) or (user.role == UserRole.ADMIN and user.has(Permission.ADMINISTER))


def require_manage_patients(user: User) -> None:
    require(
        can_manage_patients(user),
        _("This page needs the right to manage patients. Ask an administrator of your organization for it."),
    )


def require_check_coverage(user: User) -> None:
    require(
        can_check_coverage(user),
        _(
            "Asking a payer needs the right to check coverage. Ask an administrator of your organization for it."
        ),
    )


def require_manage_members(user: User) -> None:
    require(
        can_manage_members(user),
        _("This page needs the right to manage members. Ask an administrator of your organization for it."),
    )


def require_save_plans(user: User) -> None:
    require(
        can_save_plans(user),
        _("Plans are kept by whoever manages the payer's members, or by a platform administrator."),
    )
