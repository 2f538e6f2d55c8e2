"""From a cookie to a person: one definer function, one row (ruling 4)."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.actions.sessions import REMEMBERED, ends_at, limits_of
from accounts.models import Organization, OrganizationProfile, Session, User
from accounts.models.security_policy import guards_of
from accounts.safeguards import Safeguards
from accounts.session_store import digest, digest_of_rights
from audit.actions import record
from audit.enums import Action, Detail, Outcome, Severity, SubjectKind
from claimflow.lib.db.context import acting_as

SQL = "SELECT * FROM accounts.resolve_session(%s)"


@dataclass(frozen=True)
class Resolved:
    """A session: its data, its columns, and its person (None before the password was right). One that ``is_over`` opens
    nothing; it only says whose it was. ``rights_moved``: the person may do something else than when its key was made."""

    data: str
    row: dict[str, Any]
    user: User | None
    is_over: bool = False
    rights_moved: bool = False


def resolve(cookie: str, address: str = "") -> Resolved | None:
    """The session of this cookie. None if it is unknown, belongs to somebody who was deactivated, or was over too long
    ago to matter. One that comes from outside the allowed addresses is ended."""
    key = digest(cookie)
    with acting_as("login", subject=key), connection.cursor() as cursor:
        cursor.execute(SQL, [key])
        found = cursor.fetchone()
        if found is None:
            return None
        row = dict(zip([column.name for column in cursor.description or ()], found, strict=True))
    guards = guards_of(json.loads(row.pop("policies") or "[]"))
    end, now = ends_at(row, limits_of(guards)), timezone.now()
    if now > end + REMEMBERED:
        return None
    user = _user(row, guards) if row["user_id"] is not None else None
    if user is not None and not user.is_active:
        return None
    if user is not None and not guards.admits(address):
        _end_outside(key, user)
        return None
    moved = user is not None and row["rights_digest"] != digest_of_rights(user.permissions)
    return Resolved(row.pop("session_data"), row, user, is_over=now > end, rights_moved=moved)


def _end_outside(key: str, user: User) -> None:
    with acting_as("login", subject=key, user=user, organization=user.organization_id):
        Session.objects.filter(pk=key).delete()
        record(
            Action.SESSION_ENDED,
            SubjectKind.USER,
            user.pk,
            details={Detail.REASON_CODE: "address"},
            outcome=Outcome.DENIED,
            severity=Severity.WARNING,
        )


def _user(row: dict[str, Any], guards: Safeguards) -> User:
    organization = None
    active = row["user_is_active"]
    if row["user_organization_id"] is not None:
        organization = Organization(
            id=row["user_organization_id"],
            name=row["organization_name"],
            kind=row["organization_kind"],
            type=row["organization_type"],
            status=row["organization_status"],
        )
        organization.profile = OrganizationProfile(
            organization_id=organization.pk, time_zone=row["organization_time_zone"]
        )
        active = active and row["organization_status"] == "active"
        organization._state.adding = organization.profile._state.adding = False
    user = User(
        id=row["user_id"],
        email=row["user_email"],
        first_name=row["user_first_name"],
        last_name=row["user_last_name"],
        role=row["user_role"],
        organization=organization,
        is_active=active,
        is_first_login=row["user_is_first_login"],
    )
    user.permissions = frozenset(row["user_permissions"])
    user.safeguards = guards
    user.password_expired = guards.has_expired(row["password_changed_at"], timezone.now())
    user._state.adding = False
    return user
