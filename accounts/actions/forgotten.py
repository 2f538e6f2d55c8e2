"""A forgotten password. Whoever asks is answered in the same words after the same statements, whether or not the address
has an account: a request, an event and a job in any case. Only the worker, out of sight, knows whether a mail follows.

The link opens for one hour, once. It proves the mailbox and nothing more: the second factor is asked for as always.
Nothing is mailed to the deactivated, to people of an inactive organization, and to whoever has not finished the first
sign-in or has no second factor yet: there the mailbox alone would open the account, so an administrator must help.
"""

import secrets
import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.actions.choose import choose_password
from accounts.actions.mail import post
from accounts.actions.sign_in import Door, address_subject
from accounts.actions.throttling import throttle_key
from accounts.enums import MailKind
from accounts.models import Credential, PasswordReset, SecurityPolicy, Throttle, TotpDevice, User
from accounts.passwords import Busy
from accounts.session_store import digest
from audit.actions import record
from audit.enums import Action, SubjectKind
from audit.models import Event
from claimflow.lib import jobs
from claimflow.lib.db.context import acting_as

OPENS_FOR = timedelta(hours=1)
MOST, MOST_FROM_A_PLACE, WINDOW = 3, 30, timedelta(hours=1)
"""So many requests for one typed address; more from one client's address, behind which a whole hospital may sit."""
KEPT_FOR = timedelta(days=7)
SEPARATORS = {"|", "\x00"}


def ask(*, email: str, door: Door) -> bool:
    """Take a request. False, for known and unknown addresses alike, when there were too many."""
    email = email.strip().lower()
    too_many = [
        _count(throttle_key("forgotten.email", email), MOST) > MOST,
        _count(throttle_key("forgotten.client", door.address), MOST_FROM_A_PLACE) > MOST_FROM_A_PLACE,
    ]
    if any(too_many):
        return False
    user = _entitled(email)
    reset = PasswordReset(user=user, expires_at=timezone.now() + OPENS_FOR)
    with acting_as("login", user=user, organization=user.organization_id if user else None):
        reset.save(force_insert=True)
        jobs.enqueue("answer_forgotten", reset_id=reset.pk)
        record(
            Action.PASSWORD_FORGOTTEN,
            SubjectKind.USER if user else SubjectKind.ADDRESS,
            user.pk if user else address_subject(email),
        )
    return True


def _count(key: str, most: int) -> int:
    """How many requests this one makes within the hour of the first; above ``most`` it counts no further."""
    now = timezone.now()
    with acting_as("login", subject=key):
        Throttle.objects.bulk_create(
            [Throttle(key=key, account=key, window_started_at=now)], ignore_conflicts=True
        )
        row = Throttle.objects.select_for_update().get(pk=key)
        if now - row.window_started_at >= WINDOW:
            row.failures, row.window_started_at = 0, now
        row.failures = min(row.failures + 1, most + 1)
        row.touch("failures", "window_started_at")
        return row.failures


def _entitled(email: str) -> User | None:
    """Who may have a link: the same statements for a known and an unknown address."""
    # A separator of the context's token is in no stored address; as a subject it would be refused.
    subject = "" if SEPARATORS & set(email) else email
    with acting_as("login", subject=subject):
        user = User.objects.select_related("organization").filter(email=subject, is_system=False).first()
    return user if _has_come_in(user) and user and _is_active(user) else None


def _has_come_in(user: User | None) -> bool:
    """Whether nothing of the first sign-in is missing: the second factor, unless the policy asks for none."""
    key, organization = (user.pk, user.organization_id) if user else (uuid.uuid4(), None)
    with acting_as("login", user=key, organization=organization):
        has_factor = TotpDevice.objects.filter(user_id=key, confirmed=True).exists()
        guards = SecurityPolicy.objects.in_force(organization)
    if user is None or user.is_first_login:
        return False
    user.safeguards = guards
    return has_factor or not guards.second_factor_required


def _is_active(user: User) -> bool:
    return user.is_active and (user.organization is None or user.organization.status == "active")


def answer(*, reset_id: uuid.UUID) -> bool:
    """In the worker: make the token and promise its mail, if the request is somebody's. True if a mail follows."""
    reset = (
        PasswordReset.objects.select_for_update(of=("self",))
        .select_related("user__organization")
        .filter(pk=reset_id, token_hash=None, expires_at__gt=timezone.now())
        .first()
    )
    if reset is None or reset.user is None or not _is_active(reset.user):
        return False
    token = secrets.token_urlsafe(32)
    reset.token_hash = digest(token)
    reset.touch("token_hash")
    post(MailKind.PASSWORD_FORGOTTEN, to=reset.user, path=reverse("accounts:forgotten_link", args=[token]))
    return True


def whose(token_hash: str) -> User | None:
    """Whose password may be chosen with this token now; None if it is unknown, used or too old, if the password or the
    e-mail address was changed since, or if the person may not have a link any more."""
    with acting_as("login", subject=token_hash):
        reset = _open_resets(token_hash).first()
    if reset is None or reset.user_id is None:
        return None
    with acting_as("login", user=reset.user_id):
        user = User.objects.select_related("organization").get(pk=reset.user_id)
        changed_at = Credential.objects.values_list("changed_at", flat=True).get(user_id=user.pk)
        moved = Event.objects.filter(
            subject_kind=SubjectKind.USER,
            subject_id=user.pk,
            action=Action.USER_CHANGED,
            fields__contains=["email"],
            at__gt=reset.created_at,
        ).exists()
    good = not moved and changed_at < reset.created_at and _is_active(user) and _has_come_in(user)
    return user if good else None


def choose(*, token_hash: str, user: User, password: str) -> bool:
    """Give the person this password and end every session; False if somebody else was faster with the same link.
    Raises ``ValidationError`` for a password that the policy refuses, ``Busy`` while too many others are at the door; the
    link still opens then."""
    if not _use(token_hash):
        return False
    try:
        choose_password(user=user, password=password, action=Action.PASSWORD_RESET)
    except (ValidationError, Busy):
        _give_back(token_hash)
        raise
    return True


def _use(token_hash: str) -> bool:
    now = timezone.now()
    with acting_as("login", subject=token_hash):
        return bool(_open_resets(token_hash).update(used_at=now, updated_at=now))


def _give_back(token_hash: str) -> None:
    with acting_as("login", subject=token_hash):
        PasswordReset.objects.filter(token_hash=token_hash).update(used_at=None, updated_at=timezone.now())


def _open_resets(token_hash: str) -> QuerySet[PasswordReset]:
    return PasswordReset.objects.filter(
        token_hash=token_hash, used_at__isnull=True, expires_at__gt=timezone.now()
    )


def forget_old() -> int:
    """Requests that nobody needs any more go; the trail keeps that they were. In the worker."""
    return PasswordReset.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]
