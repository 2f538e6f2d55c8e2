"""One person is entered once: same last name and birth date is asked about before a second row is made."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import Seen, record_access
from audit.enums import Action, SubjectKind
from claimflow.lib.permissions import Refusal
from members.models import Member, Patient
from members.querysets import birth_indexes

SHOWN = 5


class LooksKnown(Refusal):
    """The organization already has somebody with this last name and birth date: ``people``, at most five."""

    def __init__(self, people: Sequence[Patient | Member]) -> None:
        self.people = people
        super().__init__(
            _(
                "Somebody with this last name and date of birth is already on your list. Nothing was saved yet."
            ),
            code="looks_known",
        )


def refuse_a_double(model: type[Patient | Member], facts: Mapping[str, Any], by: User) -> None:
    """Raise ``LooksKnown`` when the organization has such a person. Two windows that enter the same person wait
    for each other here, and the second sees the first."""
    wanted = birth_indexes(organization_of(by), facts["last_name"], facts["birth_date"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 19))", [wanted[0]])
    found = list(model.objects.visible_to(by).found_by("birth", wanted).order_by("-created_at")[:SHOWN])
    if not found:
        return
    provider = model is Patient
    record_access(
        Action.PATIENTS_SEARCHED if provider else Action.MEMBERS_SEARCHED,
        [
            Seen(SubjectKind.PATIENT, row.pk, provider_id=row.organization_id)
            if provider
            else Seen(SubjectKind.MEMBER, row.pk, payer_id=row.organization_id)
            for row in found
        ],
    )
    raise LooksKnown(found)


def organization_of(by: User) -> UUID:
    """The organization of somebody who has one. ValueError for an administrator."""
    if by.organization_id is None:
        raise ValueError("People belong to an organization.")
    return by.organization_id
