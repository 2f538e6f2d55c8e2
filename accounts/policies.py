"""Who asks, and who handles alerts. What else a person may is the policies' of the app whose thing it is."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from claimflow.lib.permissions import require


def user_of(request: HttpRequest) -> User:
    """The person behind a request that the gate has let through. Raises ``PermissionDenied`` for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def require_alert_handler(user: User) -> None:
    """Forbidden unless the person answers security alerts."""
    require(
        user.has(Permission.HANDLE_ALERTS),
        _(
            "Security alerts are answered by administrators and security officers. Ask one of them for that right."
        ),
    )
