"""Who may say which version answers, and what it may cost."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Permission, UserRole
from claimflow.lib.permissions import require
from intelligence.models import ModelVersion


def can_manage_versions(user: Any) -> bool:
    """Administrators of the platform."""
    return bool(user.role == UserRole.ADMIN and user.has(Permission.ADMINISTER))


def can_activate(user: Any, version: ModelVersion) -> bool:
    """Four eyes: not whoever proposed it."""
    return can_manage_versions(user) and version.proposed_by_id != user.pk


def require_versions(user: Any) -> None:
    require(can_manage_versions(user), _("This needs the right to administer the platform."))


def require_activate(user: Any, version: ModelVersion) -> None:
    require_versions(user)
    require(
        version.proposed_by_id != user.pk,
        _("You proposed this version, so another administrator has to activate it."),
        code="four_eyes",
    )
