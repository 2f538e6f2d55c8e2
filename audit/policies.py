"""Who may read the trail. Which rows of it is the database's word (policies of kind `auditor`)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimflow.lib.permissions import require

READ_AUDIT = "read_audit"
"""The permission's name; accounts, one floor up, defines it (`Permission.READ_AUDIT`)."""


def can_read(user: Any) -> bool:
    return bool(user.is_active) and READ_AUDIT in user.permissions


def require_reader(user: Any) -> None:
    """Forbidden unless the person may read the trail."""
    require(can_read(user), _("You need the auditor's right to read the audit trail."))
