"""What an organization's administrator does with its people beside changing them (accounts/actions/change.py): invites
them, and sees how they come in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from accounts.actions.create import create_user
from accounts.actions.writing import writing_people
from accounts.models import Role, Session, TotpDevice, User
from accounts.policies import require_manage_people


@dataclass(frozen=True)
class Signs:
    """When somebody was last seen (None: never) and whether a second factor is set up."""

    last_seen: datetime | None
    has_factor: bool


def invite(*, user: User, password_hash: str, roles: Collection[Role], by: User) -> User:
    """Store a new person of the organization of ``by``, with a temporary password that leads to choosing one's own.
    Raises ``Forbidden`` and ``IntegrityError`` as ``create_user``."""
    require_manage_people(by)
    user.role, user.organization_id = by.role, by.organization_id
    return create_user(user=user, password_hash=password_hash, roles=list(roles), by=by)


def signs_of(*, people: Collection[User], by: User) -> dict[UUID, Signs]:
    """How these people of one's own organization come in: two questions, whatever their number. Sessions and second
    factors are nobody's to read but the door's and, here, the system's."""
    require_manage_people(by)
    own = [person.pk for person in people if person.organization_id == by.organization_id]
    with writing_people(by):
        seen = dict(
            Session.objects.filter(user__in=own).values_list("user").annotate(Max("last_seen_at")).order_by()
        )
        factors = set(
            TotpDevice.objects.filter(user__in=own, confirmed=True).values_list("user_id", flat=True)
        )
    return {
        person.pk: Signs(
            last_seen=max(filter(None, (person.last_seen_at, seen.get(person.pk))), default=None),
            has_factor=person.pk in factors,
        )
        for person in people
        if person.pk in own
    }
