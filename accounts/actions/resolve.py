"""From a cookie to a person: one definer function, one row (ruling 4)."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.actions.sessions import REMEMBERED, ends_at
from accounts.models import Organization, OrganizationProfile, User
from accounts.session_store import digest
from claimflow.lib.db.context import acting_as

SQL = "SELECT * FROM accounts.resolve_session(%s)"


@dataclass(frozen=True)
class Resolved:
    """A session: its data, its columns, and its person (None before the password was right). One that ``is_over``
    opens nothing; it only says whose it was."""

    data: str
    row: dict[str, Any]
    user: User | None
    is_over: bool = False


def resolve(cookie: str) -> Resolved | None:
    """The session of this cookie. None if it is unknown, belongs to somebody who was deactivated, or was over too long
    ago to matter."""
    key = digest(cookie)
    with acting_as("login", subject=key), connection.cursor() as cursor:
        cursor.execute(SQL, [key])
        found = cursor.fetchone()
        if found is None:
            return None
        row = dict(zip([column.name for column in cursor.description or ()], found, strict=True))
    end, now = ends_at(row), timezone.now()
    if now > end + REMEMBERED:
        return None
    user = _user(row) if row["user_id"] is not None else None
    if user is not None and not user.is_active:
        return None
    return Resolved(data=row.pop("session_data"), row=row, user=user, is_over=now > end)


def _user(row: dict[str, Any]) -> User:
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
    user._state.adding = False
    return user
