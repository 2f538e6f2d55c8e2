"""Choosing a password: the one way, for the first one, an expired one, a forgotten one and a changed one."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import passwords
from accounts.actions.mail import post
from accounts.enums import MailKind
from accounts.models import Credential, EarlierPassword, SecurityPolicy, Session, User
from accounts.models.security_policy import LIMITS
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib.db.context import acting_as

# As many as a policy can ask for, and the temporary one that may stand before them.
KEPT = LIMITS["history"][1] + 1


def choose_password(
    *, user: User, password: str, keep_session: str = "", action: Action = Action.PASSWORD_CHANGED
) -> None:
    """Give the person this password, keep the hash of the one before, and end the person's other sessions;
    ``keep_session`` is the digest of the session that stays. The owner is told by mail, but of a first password. Raises
    ``ValidationError`` with sentences for the field if the policy in force refuses it, ``passwords.Busy`` while too many
    others are at the door.

    Opens short ``login`` steps of its own and hashes between them: not for the inside of a request's transaction.
    """
    with acting_as("login", user=user, organization=user.organization_id):
        guards = SecurityPolicy.objects.in_force(user.organization_id)
        credential = Credential.objects.get(user_id=user.pk)
        earlier = list(EarlierPassword.objects.filter(user_id=user.pk).order_by("-replaced_at")[:KEPT])
        passwords.judge(password, user=user, guards=guards)
    # A temporary password that was used stands among the earlier ones already.
    refused = [row.password for row in earlier[: max(guards.history, int(user.is_first_login))]]
    with passwords.place_at_the_door():
        if passwords.matches_any(password, [credential.password, *refused]):
            raise ValidationError(
                _("You have had this password before. Choose one that you have not used here."),
                code="password_used_before",
            )
        stored = passwords.hashed(password)
    with acting_as("login", user=user, organization=user.organization_id):
        now = timezone.now()
        keep_earlier(user.pk, credential.password, now)
        Credential.objects.filter(user_id=user.pk).update(
            password=stored, changed_at=now, temporary_until=None, updated_at=now
        )
        User.objects.filter(pk=user.pk).update(is_first_login=False, updated_at=now)
        Session.objects.filter(user_id=user.pk).exclude(pk=keep_session).delete()
        if not user.is_first_login:
            post(MailKind.PASSWORD_CHANGED, to=user)
        record(action, SubjectKind.USER, user.pk)
    user.is_first_login = user.password_expired = False


def keep_earlier(user_id: uuid.UUID, stored: str, now: datetime) -> None:
    """Put a hash that is no longer the person's among the earlier ones, in the caller's step."""
    if not passwords.is_usable(stored):
        return
    EarlierPassword(user_id=user_id, password=stored, replaced_at=now).save(force_insert=True)
    newest = EarlierPassword.objects.filter(user_id=user_id).order_by("-replaced_at")
    EarlierPassword.objects.filter(user_id=user_id).exclude(
        pk__in=list(newest.values_list("pk", flat=True)[:KEPT])
    ).delete()
