"""Coming in: the password, then the one-time code. Each is a few short steps of kind ``login``: read, commit, hash,
write (ruling 4). Unknown address, wrong password, deactivated account and a place outside the allowed addresses are told
apart by nobody: the same words after the same statements and the same one hash (ruling 43)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import passwords
from accounts.actions.backup_codes import tell_of_use
from accounts.actions.browsers import browser_class, meet
from accounts.actions.choose import keep_earlier
from accounts.actions.throttling import (
    Counted,
    Keys,
    count_try,
    forgive,
    keys_of,
    lock_strictly,
    throttle_key,
)
from accounts.factors import BackupCodes, prove
from accounts.models import Credential, SecurityPolicy, User
from accounts.safeguards import Safeguards
from audit.actions import record
from audit.enums import Action, Detail, Outcome, Severity, SubjectKind
from claimflow.lib.db.context import acting_as


@dataclass(frozen=True)
class Door:
    """Where a try comes from: the client's address, its user agent, and the cookie by which a browser is known."""

    address: str
    agent: str = ""
    cookie: str = ""

    @property
    def details(self) -> dict[str, str]:
        """What of it stands in the trail: a keyed hash of the address, so that two tries from one place are seen to
        be that and nobody reads which, and the browser's class."""
        place = throttle_key("place", self.address)[:32]
        return {Detail.ADDRESS_HASH: place, Detail.AGENT: browser_class(self.agent).code}


@dataclass(frozen=True)
class CameIn:
    """By which factor somebody is in (``Detail.FACTOR``), and the cookie that the browser keeps to be known by."""

    factor: str
    cookie: str


@dataclass(frozen=True)
class WrongTries:
    """What an owner is told at the next sign-in."""

    count: int
    since: datetime


@dataclass(frozen=True)
class _Found:
    """Who a typed address belongs to (nobody: ``user`` is None), the password's row, and what guards the person."""

    user: User | None
    credential: Credential | None
    guards: Safeguards

    @property
    def stored(self) -> str | None:
        """The hash that counts now: none for nobody, and none once a temporary password is over."""
        credential = self.credential
        if credential is None or (credential.temporary_until and credential.temporary_until < timezone.now()):
            return None
        return credential.password


def address_subject(email: str) -> uuid.UUID:
    """The subject of events about a typed address: from its keyed hash, so that the trail names nobody."""
    return uuid.UUID(throttle_key("subject", email)[:32])


def with_password(*, email: str, password: str, door: Door) -> User | None:
    """The person, if address and password are right, the account is active and the place is allowed; None for every
    other case. Raises ``passwords.Busy``, before anything is looked at, while too many others are at the door."""
    email = email.strip().lower()
    keys = keys_of("password", email, door.address)
    with passwords.place_at_the_door():
        counted = count_try(keys)
        if counted.too_early:
            return None
        found = _read(email)
        right = passwords.matches(password, found.stored)
    user, credential = found.user, found.credential
    reason = ""
    if user and credential and right and counted.strict_until is None and _may_come_in(user):
        reason = "" if found.guards.admits(door.address) else "address"
        if not reason and _take(user, credential, password):
            forgive(keys)
            user.safeguards = found.guards
            return user
    _note_wrong_password(email, keys, counted, found, door, reason=reason)
    return None


def _read(email: str) -> _Found:
    """The same statements in any case: the same time for a known and an unknown address."""
    # A separator of the context's token is in no stored address; as a subject it would be refused.
    subject = "" if set(email) & {"|", "\x00"} else email
    with acting_as("login", subject=subject):
        user = User.objects.select_related("organization").filter(email=subject, is_system=False).first()
    organization = user.organization_id if user else None
    with acting_as("login", user=user.pk if user else uuid.uuid4(), organization=organization):
        credential = Credential.objects.filter(user_id=user.pk if user else uuid.uuid4()).first()
        guards = SecurityPolicy.objects.in_force(organization)
    return _Found(user, credential, guards)


def _may_come_in(user: User) -> bool:
    return user.is_active and (user.organization is None or user.organization.status == "active")


def _take(user: User, credential: Credential, password: str) -> bool:
    """Make use of the right password: a temporary one is used up, by one of two who come at once; a hash that was
    made with less work than today's is made anew. False if somebody else was faster."""
    now = timezone.now()
    if credential.temporary_until:
        with acting_as("login", user=user, organization=user.organization_id):
            taken = Credential.objects.filter(user_id=user.pk, password=credential.password).update(
                password=passwords.USED_UP, updated_at=now
            )
            if taken:
                keep_earlier(user.pk, credential.password, now)
        return bool(taken)
    if passwords.is_outdated(credential.password):
        stored = passwords.hashed(password)
        with acting_as("login", user=user, organization=user.organization_id):
            Credential.objects.filter(user_id=user.pk, password=credential.password).update(
                password=stored, updated_at=now
            )
    return True


def _note_wrong_password(
    email: str, keys: Keys, counted: Counted, found: _Found, door: Door, *, reason: str = ""
) -> None:
    """The try stays counted: in the trail, and for the owner to read."""
    user = found.user
    kind, subject = (SubjectKind.USER, user.pk) if user else (SubjectKind.ADDRESS, address_subject(email))
    with acting_as(
        "login", subject=keys.account, user=user, organization=user.organization_id if user else None
    ):
        strictly = lock_strictly(keys, counted, found.guards)
        _note_for_owner(user.pk if user else uuid.uuid4())
        # The organization's lock is one event, not two: an unknown address has no such lock and no more statements.
        action = Action.LOCKED if strictly else Action.SIGN_IN_FAILED
        _record_failure(action, kind, subject, door, reason="organization" if strictly else reason)
        if counted.locked:
            _record_failure(Action.LOCKED, kind, subject, door, reason=counted.locked)


def _note_for_owner(user_id: uuid.UUID) -> None:
    now = timezone.now()
    Credential.objects.filter(user_id=user_id).update(
        wrong_tries=Coalesce(F("wrong_tries"), 0) + 1,
        wrong_since=Coalesce(F("wrong_since"), Value(now)),
        updated_at=now,
    )


def _record_failure(
    action: Action, kind: SubjectKind, subject: uuid.UUID, door: Door, *, reason: str = "", factor: str = ""
) -> None:
    told = {Detail.REASON_CODE: reason, Detail.FACTOR: factor}
    record(
        action,
        kind,
        subject,
        details=door.details | {key: code for key, code in told.items() if code},
        outcome=Outcome.FAILURE,
        severity=Severity.WARNING,
    )


def with_code(*, user: User, code: str, door: Door) -> CameIn | None:
    """In, if the code proves this person now: of the authenticator, or a backup code. Either works once, also in a race
    (accounts/factors.py). Guesses are counted like passwords."""
    keys = keys_of("code", user.email, door.address)
    counted = count_try(keys, user=user)
    if counted.too_early:
        return None
    with acting_as("login", user=user, organization=user.organization_id):
        factor = prove(user=user, answer=code)
        if factor is None:
            note_wrong_proof(user, counted, door)
            return None
        came = _come_in(user, factor.name, door)
    forgive(keys)
    return came


def _come_in(user: User, factor: str, door: Door) -> CameIn:
    """The last beats of coming in, inside the caller's step: recorded, and told where it is out of the ordinary."""
    cookie = meet(user=user, cookie=door.cookie, agent=door.agent)
    if factor == BackupCodes.name:
        tell_of_use(user)
    record(Action.SIGN_IN, SubjectKind.USER, user.pk, details=door.details | {Detail.FACTOR: factor})
    return CameIn(factor, cookie)


def note_wrong_proof(
    user: User,
    counted: Counted,
    door: Door,
    *,
    action: Action = Action.SECOND_FACTOR_FAILED,
    factor: str = "",
) -> None:
    """A wrong proof of somebody who is known from the password, inside the caller's step: in the trail, and for the
    owner to read."""
    _note_for_owner(user.pk)
    _record_failure(action, SubjectKind.USER, user.pk, door, factor=factor)
    if counted.locked:
        _record_failure(Action.LOCKED, SubjectKind.USER, user.pk, door, reason=counted.locked)


def without_factor(*, user: User, door: Door) -> CameIn:
    """Somebody came in by the password alone, where the policy asks for no more: never in production."""
    with acting_as("login", user=user, organization=user.organization_id):
        return _come_in(user, "none", door)


def tell_wrong_tries(*, user: User) -> WrongTries | None:
    """The wrong tries since the person's last sign-in, told once: afterwards they are forgotten."""
    with acting_as("login", user=user, organization=user.organization_id):
        credential = Credential.objects.select_for_update().filter(user_id=user.pk).first()
        if credential is None or not credential.wrong_tries or credential.wrong_since is None:
            return None
        told = WrongTries(credential.wrong_tries, credential.wrong_since)
        Credential.objects.filter(user_id=user.pk).update(wrong_tries=None, wrong_since=None)
        return told
