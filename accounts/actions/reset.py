"""What only an administrator gives back: a password to somebody whom no mail helps, and a new start for a lost second
factor. Never to oneself: whoever lost both needs somebody else (ASVS 6.4.4)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.choose import keep_earlier
from accounts.actions.create import TEMPORARY_FOR
from accounts.actions.mail import post
from accounts.enums import FactorResetReason, MailKind
from accounts.models import BackupCode, Credential, KnownBrowser, Session, TotpDevice, User
from accounts.policies import require_manage
from audit.actions import record
from audit.enums import Action, Detail, Severity, SubjectKind
from claimflow.lib.db.context import acting_as, as_system
from claimflow.lib.permissions import WrongState

RESET_FACTOR = "reset_factor"
"""The purpose of the system's step: at the door nobody may take a confirmed second factor away."""


def reset_password(*, user: User, password_hash: str, by: User) -> None:
    """Give the person a temporary password in place of their own: it works once within 24 hours and leads to choosing
    one; the second factor stays. Every session ends, open links are void, the owner is told by mail.

    ``password_hash`` is of ``accounts.actions.create.temporary_password()``, made before the transaction (ruling 6).
    Inside the request of ``by``. Raises ``Forbidden`` for oneself and for whoever is not ``by``'s to manage.
    """
    require_manage(by, user)
    now = timezone.now()
    with acting_as("login", user=user, organization=user.organization_id):
        credential = Credential.objects.select_for_update().get(user_id=user.pk)
        if credential.temporary_until is None:
            keep_earlier(user.pk, credential.password, now)
        Credential.objects.filter(user_id=user.pk).update(
            password=password_hash, changed_at=now, temporary_until=now + TEMPORARY_FOR, updated_at=now
        )
        User.objects.filter(pk=user.pk).update(is_first_login=True, updated_at=now)
        Session.objects.filter(user_id=user.pk).delete()
    user.is_first_login = True
    post(MailKind.PASSWORD_RESET, to=user)
    record(Action.PASSWORD_RESET, SubjectKind.USER, user.pk, severity=Severity.WARNING)


def reset_factor(*, user: User, reason: FactorResetReason, by: User) -> None:
    """Take the person's authenticator and backup codes away; the next sign-in sets up new ones. Every session ends,
    browsers that were known are strangers again, the owner is told by mail.

    The trail keeps the reason as a word. Nothing that was said about the person is written down: free text would be
    about somebody's loss or theft, and nobody needs it to see that the reset was right. Inside the request of ``by``.
    Raises ``Forbidden`` for oneself and for whoever is not ``by``'s to manage, ``WrongState`` if there is none.
    """
    require_manage(by, user)
    with as_system(RESET_FACTOR):
        removed, _rows = TotpDevice.objects.filter(user_id=user.pk).delete()
        if not removed:
            raise WrongState(
                _("No second factor is set up here: the next sign-in asks for one."), code="no_factor"
            )
        for model in (BackupCode, KnownBrowser, Session):
            model._default_manager.filter(user_id=user.pk).delete()
    post(MailKind.FACTOR_RESET, to=user)
    record(
        Action.FACTOR_RESET,
        SubjectKind.USER,
        user.pk,
        details={Detail.REASON_CODE: reason.value},
        severity=Severity.WARNING,
    )
