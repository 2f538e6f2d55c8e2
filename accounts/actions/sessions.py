"""How long a session lives, which ones a person has, and ending them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.actions.writing import writing_people
from accounts.models import Session, User
from accounts.policies import require_manage
from accounts.safeguards import Safeguards
from audit.actions import record
from audit.enums import Action, Detail, Severity, SubjectKind
from claimflow.lib.db.context import acting_as

SEEN_EVERY = timedelta(minutes=1)
"""A session's row is written at most this often."""
REMEMBERED = timedelta(hours=12)
"""For this long a session that is over still says whose it was, so that a form sent too late can be kept."""


@dataclass(frozen=True)
class Limits:
    """``idle``: without a request of the person. ``absolute``: since the second factor."""

    idle: timedelta
    absolute: timedelta


def limits_of(guards: Safeguards) -> Limits:
    """The figures of the policy in force for a person."""
    return Limits(
        idle=timedelta(minutes=guards.idle_minutes), absolute=timedelta(hours=guards.absolute_hours)
    )


def ends_at(row: Mapping[str, Any], limits: Limits) -> datetime:
    """When the session of this row is over, unless somebody works in it."""
    last: datetime = min(
        row["last_seen_at"] + limits.idle, row["created_at"] + limits.absolute, row["expire_date"]
    )
    return last


def is_seen(row: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether a request of the person, now, is written down and so renews the session."""
    return bool(now - row["last_seen_at"] > SEEN_EVERY)


@dataclass(frozen=True)
class Left:
    """Whole seconds: until the session ends, and until it ends if somebody works on in it."""

    now: int
    most: int


def time_left(row: Mapping[str, Any], limits: Limits, *, renews: bool) -> Left:
    """What is left after this answer. ``renews``: the request was the person's own and not a script's question."""
    now = timezone.now()
    end = min(row["created_at"] + limits.absolute, row["expire_date"])
    most = min(now + limits.idle, end)
    until = most if renews and is_seen(row, now=now) else ends_at(row, limits)
    return Left(now=_seconds(until - now), most=_seconds(most - now))


def _seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))


# --- A person's own ---


SHOWN = (
    "session_key",
    "address",
    "user_agent",
    "created_at",
    "last_seen_at",
    "expire_date",
    "organization_id",
)


def own_sessions(*, user: User) -> list[dict[str, Any]]:
    """Those that live, by the columns of ``SHOWN``; the last used first."""
    with acting_as("login", user=user):
        rows = list(_of(user).filter(is_verified=True).order_by("-last_seen_at").values(*SHOWN))
        limits = limits_of(user.safeguards)
    now = timezone.now()
    return [row for row in rows if ends_at(row, limits) > now]


def end_session(*, key: str, by: User) -> bool:
    """Sign out one of the person's own sessions; False if there is no such one."""
    with acting_as("login", user=by, organization=by.organization_id):
        ended, _rows = _of(by).filter(pk=key).delete()
        if ended:
            record(Action.SESSION_ENDED, SubjectKind.USER, by.pk, details={Detail.ENDED: ended})
    return bool(ended)


def end_other_sessions(*, user: User, keep: str) -> int:
    """Sign out the person everywhere but in the session of this digest (ASVS 7.4.3); how many ended."""
    with acting_as("login", user=user, organization=user.organization_id):
        ended, _rows = _of(user).exclude(pk=keep).delete()
        if ended:
            record(Action.SESSION_ENDED, SubjectKind.USER, user.pk, details={Detail.ENDED: ended})
    return ended


def end_all_sessions(*, user: User, by: User) -> int:
    """Sign out somebody else everywhere (ASVS 7.4.5); how many ended. Raises ``Forbidden`` for one's own account and for
    a stranger's."""
    require_manage(by, user)
    with writing_people(by):
        ended, _rows = _of(user).delete()
    if ended:
        record(
            Action.SESSION_ENDED,
            SubjectKind.USER,
            user.pk,
            details={Detail.ENDED: ended},
            severity=Severity.NOTICE,
        )
    return ended


def _of(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user_id=user.pk)
