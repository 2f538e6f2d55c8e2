"""Who may change what the code sets say."""

from typing import Any

MANAGE_CODE_SETS = "manage_code_sets"


def can_load(user: Any) -> bool:
    """Administrators with the right to manage code sets."""
    return bool(user.is_active and MANAGE_CODE_SETS in user.permissions)
