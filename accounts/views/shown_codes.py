"""Backup codes on their way from the step that made them to the one page that shows them: sealed in the session, and
gone when they were shown."""

from django.http import HttpRequest

from accounts.models import User
from claimflow.lib import phi

KEPT = "backup_codes"
LABEL = "accounts.session.backup_codes"


def keep_codes(request: HttpRequest, user: User, codes: list[str]) -> None:
    """Keep the codes until the next page shows them, once."""
    request.session[KEPT] = phi.seal(" ".join(codes), label=LABEL, row_id=user.pk).data.hex()


def are_codes_kept(request: HttpRequest) -> bool:
    return KEPT in request.session


def kept_codes(request: HttpRequest, user: User) -> list[str]:
    """What was kept, and never again; nothing if nothing was."""
    data = request.session.pop(KEPT, "")
    if not data:
        return []
    text: str = phi.open(phi.Sealed(bytes.fromhex(data), LABEL), user.pk)
    return text.split()
