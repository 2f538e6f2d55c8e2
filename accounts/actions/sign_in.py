"""Coming in: the password, then the one-time code. Each is a few short steps of kind ``login``: read, commit, hash,
write (ruling 4). Unknown address, wrong password and deactivated account are told apart by nobody (ruling 43)."""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from accounts import passwords
from accounts.actions.throttling import count_failure, forgive, is_locked, throttle_key
from accounts.models import Credential, TotpDevice, User
from audit.actions import record
from audit.enums import Action, Detail, Outcome, Severity, SubjectKind
from claimflow.lib.db.context import acting_as


@dataclass(frozen=True)
class Door:
    """Where a try comes from: the client's address and its class of user agent."""

    address: str
    agent: str = ""


def address_subject(email: str) -> uuid.UUID:
    """The subject of events about a typed address: from its keyed hash, so that the trail names nobody."""
    return uuid.UUID(throttle_key("subject", email)[:32])


def with_password(*, email: str, password: str, door: Door) -> User | None:
    """The person, if address and password are right and the account is active; None for every other case."""
    email = email.strip().lower()
    key = throttle_key("password", email, door.address)
    if is_locked(key):
        return None
    user, stored = _read(email)
    right = passwords.matches(password, stored)
    if user is not None and right and _may_come_in(user):
        forgive(key)
        return user
    locked = count_failure(key)
    with acting_as("login", subject=email, user=user, organization=user.organization_id if user else None):
        _record_failure(Action.SIGN_IN_FAILED, email=email, user=user)
        if locked:
            _record_failure(Action.LOCKED, email=email, user=user)
    return None


def _read(email: str) -> tuple[User | None, str | None]:
    """Two reads in any case: the same time for a known and an unknown address."""
    with acting_as("login", subject=email):
        user = User.objects.select_related("organization").filter(email=email, is_system=False).first()
    with acting_as("login", subject=email, user=user.pk if user else uuid.uuid4()):
        stored = Credential.objects.filter(user_id=user.pk if user else uuid.uuid4()).first()
    if stored is not None and stored.temporary_until and stored.temporary_until < timezone.now():
        return user, None
    return user, stored.password if stored else None


def _may_come_in(user: User) -> bool:
    return user.is_active and (user.organization is None or user.organization.status == "active")


def _record_failure(action: Action, *, email: str, user: User | None) -> None:
    record(
        action,
        SubjectKind.USER if user else SubjectKind.ADDRESS,
        user.pk if user else address_subject(email),
        outcome=Outcome.FAILURE,
        severity=Severity.WARNING,
    )


def with_code(*, user: User, code: str, door: Door) -> bool:
    """Whether the code is this person's, unused and of now. A code works once, also in a race: the device's row is
    locked while its last step is compared (ASVS 6.5.1)."""
    key = throttle_key("code", str(user.pk), door.address)
    if is_locked(key):
        return False
    with acting_as("login", user=user, organization=user.organization_id):
        device = TotpDevice.objects.select_for_update().filter(user_id=user.pk, confirmed=True).first()
        step = device.step_of(code) if device else None
        if device is not None and step is not None:
            device.last_step = step
            device.touch("last_step")
            record(Action.SIGN_IN, SubjectKind.USER, user.pk, details={Detail.FACTOR: "totp"})
        else:
            record(
                Action.SECOND_FACTOR_FAILED,
                SubjectKind.USER,
                user.pk,
                outcome=Outcome.FAILURE,
                severity=Severity.WARNING,
            )
    if step is None:
        count_failure(key)
        return False
    forgive(key)
    return True
