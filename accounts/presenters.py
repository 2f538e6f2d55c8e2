"""People as other pages name them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from accounts.enums import OrganizationKind
from accounts.models import Organization, User

MOST_FOUND = 50


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Full names of these people, as far as the reader's context shows them."""
    people = User.objects.filter(pk__in=list(ids)).only("first_name", "last_name", "email")
    return {person.pk: person.full_name for person in people}


def ids_of(text: str) -> set[UUID]:
    """The people whose address or name begins with what was typed, of those whom the reader may see."""
    first, _space, last = text.partition(" ")
    fits = Q(email__istartswith=text) | Q(last_name__istartswith=text)
    fits |= Q(first_name__istartswith=first, last_name__istartswith=last)
    return set(User.objects.filter(fits).values_list("pk", flat=True)[:MOST_FOUND])


def organization_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of these organizations."""
    return dict(Organization.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def organizations_called(text: str) -> set[UUID]:
    """The organizations whose name begins with what was typed."""
    return set(Organization.objects.filter(name__istartswith=text).values_list("pk", flat=True)[:MOST_FOUND])


def payers() -> list[tuple[UUID, str]]:
    """(id, name) of every payer."""
    return list(Organization.objects.filter(kind=OrganizationKind.PAYER).values_list("pk", "name"))
