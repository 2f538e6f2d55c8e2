"""A temporary password on its way from the form that made it to the one page that shows it: sealed in the session of
the administrator who asked, and gone when it was shown."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.models import User
from claimflow.lib import phi

SHOWN_ONCE = "shown_once"
SHOWN_LABEL = "accounts.session.shown_once"


@dataclass(frozen=True)
class Shown:
    email: str
    password: str


def remember_password(request: HttpRequest, user: User, password: str) -> None:
    """Keep the password until the next page shows it, once."""
    sealed = phi.seal(password, label=SHOWN_LABEL, row_id=user.pk)
    request.session[SHOWN_ONCE] = [str(user.pk), user.email, sealed.data.hex()]


def remembered_password(request: HttpRequest) -> Shown | None:
    """What was kept, and never again; None if nothing was."""
    kept = request.session.pop(SHOWN_ONCE, None)
    if kept is None:
        return None
    user_id, email, data = kept
    return Shown(email, phi.open(phi.Sealed(bytes.fromhex(data), SHOWN_LABEL), user_id))
