"""Wrong tries slow down and then lock, whether or not such an account exists (ruling 43).

Counted is twice, in rows that name nobody:

- for the typed address and the client's address. After the first wrong try the next is looked at at once; after the
  second it is not looked at for 2 seconds, after the third for 4, after the fourth for 8; the fifth (``attempts`` of
  the platform's policy) locks for 30 minutes (``lock_minutes``). A second lock lasts twice as long, a third four times,
  every further one eight times; a day without a wrong try forgets the locks. 30 minutes after the first wrong try the
  count begins anew.
- for the typed address from anywhere: the twentieth wrong try within an hour of the first locks it for an hour.

Second-factor guesses are counted likewise, in rows of their own. A try that comes too early is answered at once, is not
looked at and counts for nothing: the wait is a time in the row, nobody sleeps. A try is counted *before* the password
is compared and forgiven if it was right, so that many at once are not more than one after the other.

The policy of the person's organization may lock sooner or for longer. Nobody outside may notice that, because only an
account that exists has an organization: such a lock refuses after the full work of a wrong password (``strict_until``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import SecurityPolicy, Throttle, User
from accounts.policies import require_manage
from accounts.safeguards import Safeguards
from audit.actions import record
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.db.context import acting_as

WINDOW = timedelta(minutes=30)
FORGOTTEN = timedelta(days=1)
MOST_DOUBLINGS = 3
ACCOUNT_TRIES, ACCOUNT_WINDOW = 20, timedelta(hours=1)


def throttle_key(scope: str, *parts: str) -> str:
    """A keyed hash, so that the table names nobody."""
    return salted_hmac(f"accounts.throttle.{scope}", "\x00".join(parts), algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Keys:
    """What one try counts for: address and place, address from anywhere, and by what the account's rows are found."""

    pair: str
    anywhere: str
    account: str


@dataclass(frozen=True)
class Counted:
    """What became of one try. ``too_early``: it may not be looked at. ``locked``: it closed the pair ("address") or the
    account ("account"). ``strict_until``: the lock of the person's organization."""

    too_early: bool = False
    locked: str = ""
    failures: int = 0
    locks: int = 0
    strict_until: datetime | None = None


def keys_of(scope: str, email: str, address: str) -> Keys:
    """``scope`` is password or code; ``email`` the typed address, in lower case."""
    return Keys(
        pair=throttle_key(scope, email, address),
        anywhere=throttle_key(f"{scope}.anywhere", email),
        account=throttle_key("account", email),
    )


def count_try(keys: Keys, *, user: User | None = None) -> Counted:
    """Count one try as wrong until ``forgive`` says otherwise. ``user`` is known already, from the password; otherwise
    the platform's figures count, so that a typed address shows nothing of its account."""
    now = timezone.now()
    organization = user.organization_id if user else None
    both = Throttle.objects.filter(key__in=[keys.pair, keys.anywhere])
    with acting_as("login", subject=keys.account, user=user, organization=organization):
        if both.filter(locked_until__gt=now).exists():  # without a write: a flood of locked tries stays cheap
            return Counted(too_early=True)
        guards = user.safeguards if user else SecurityPolicy.objects.in_force(None)
        Throttle.objects.bulk_create(
            [
                Throttle(key=key, account=keys.account, window_started_at=now)
                for key in sorted([keys.pair, keys.anywhere])
            ],
            ignore_conflicts=True,
        )
        rows = {row.key: row for row in both.select_for_update().order_by("key")}
        if any(row.locked_until and row.locked_until > now for row in rows.values()):
            return Counted(too_early=True)
        pair, anywhere = rows[keys.pair], rows[keys.anywhere]
        strict_until = pair.strict_until
        locked_pair, locked_anywhere = _count_pair(pair, now, guards), _count_anywhere(anywhere, now)
        return Counted(
            locked="address" if locked_pair else "account" if locked_anywhere else "",
            failures=pair.failures,
            locks=pair.locks,
            strict_until=strict_until if strict_until and strict_until > now else None,
        )


def delay_after(failures: int) -> timedelta:
    """How long the next try is not looked at, below the lock: 0, 2, 4, 8, ... seconds."""
    return timedelta(seconds=2 ** (failures - 1) if failures > 1 else 0)


def lock_after(locks: int, minutes: int) -> timedelta:
    """How long the lock lasts that follows so many others: once, twice, four and eight times the policy's minutes."""
    return timedelta(minutes=minutes * 2 ** min(locks, MOST_DOUBLINGS))


def _count_pair(row: Throttle, now: datetime, guards: Safeguards) -> bool:
    """Count a wrong try of an address from a place; True if it locked."""
    if now - row.updated_at > FORGOTTEN:
        row.locks = 0
    if row.failures == 0 or now - row.window_started_at > WINDOW:
        row.failures, row.window_started_at = 0, now
    row.failures += 1
    locked = row.failures >= guards.attempts
    if locked:
        row.locked_until = now + lock_after(row.locks, guards.lock_minutes)
        row.failures, row.window_started_at, row.locks = 0, now, row.locks + 1
    else:
        row.locked_until = now + delay_after(row.failures)
    row.touch("failures", "window_started_at", "locked_until", "locks")
    return locked


def _count_anywhere(row: Throttle, now: datetime) -> bool:
    """Count a wrong try of an address from anywhere; True if it locked."""
    if row.failures == 0 or now - row.window_started_at > ACCOUNT_WINDOW:
        row.failures, row.window_started_at = 0, now
    row.failures += 1
    locked = row.failures >= ACCOUNT_TRIES
    if locked:
        row.failures, row.window_started_at, row.locked_until = 0, now, now + ACCOUNT_WINDOW
    row.touch("failures", "window_started_at", "locked_until")
    return locked


def lock_strictly(keys: Keys, counted: Counted, guards: Safeguards) -> bool:
    """After a wrong try, inside the caller's step (subject: the account's key): the lock of the organization's policy,
    if it comes before the platform's. One statement in any case; True if it locked."""
    locked = not counted.locked and counted.strict_until is None and counted.failures >= guards.attempts
    until = (
        timezone.now() + lock_after(counted.locks, guards.lock_minutes) if locked else counted.strict_until
    )
    Throttle.objects.filter(pk=keys.pair).update(strict_until=until)
    return locked


def forgive(keys: Keys) -> None:
    """The try was right: the pair begins anew; of the account's count only this try is taken back, so that guessing
    from elsewhere goes on counting."""
    with acting_as("login", subject=keys.account):
        _begin_anew(Throttle.objects.filter(pk=keys.pair))
        row = Throttle.objects.select_for_update().filter(pk=keys.anywhere).first()
        if row is not None:
            closed = row.failures == 0
            row.failures = ACCOUNT_TRIES - 1 if closed else row.failures - 1
            row.locked_until = None if closed else row.locked_until
            row.touch("failures", "locked_until")


def _begin_anew(rows: QuerySet[Throttle]) -> None:
    """Rows stay, so that nobody who counts at this moment misses theirs; the nightly job takes old ones away."""
    rows.update(failures=0, locks=0, locked_until=None, strict_until=None, updated_at=timezone.now())


def unlock(*, user: User, by: User) -> int:
    """Lift every lock and forget every wrong try of this person's account, password and second factor, from anywhere.
    Returns how many places were waiting. Raises ``Forbidden`` for one's own account and for a stranger's."""
    require_manage(by, user)
    key = throttle_key("account", user.email)
    with acting_as("login", subject=key, user=by, organization=by.organization_id):
        rows = Throttle.objects.filter(account=key)
        waiting = rows.filter(locked_until__gt=timezone.now()).count()
        _begin_anew(rows)
    record(Action.UNLOCKED, SubjectKind.USER, user.pk, details={Detail.ROWS: waiting})
    return waiting


def clear_old() -> None:
    """Take away the rows that nobody has touched for longer than any lock lasts and is remembered. For the system."""
    Throttle.objects.filter(updated_at__lt=timezone.now() - 2 * FORGOTTEN).delete()
