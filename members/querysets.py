"""Who sees which people: the same answer that row-level security gives, said first in the query.

People are found by whole words alone, through blind indexes (ruling 31). A search becomes a list of indexes
once (``*_indexes``), and an address carries these instead of what was typed.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db.models import Q

from claimflow.lib import phi
from claimflow.lib.querysets import TenantQuerySet


class PlanQuerySet(TenantQuerySet):
    """Plans are read by every signed-in kind; a payer lists its own."""

    sides = {"payer": "payer_id"}
    open_to = frozenset({"provider"})


class ProvidersOwn(TenantQuerySet):
    """What only the provider that entered it sees."""

    sides = {"provider": "organization_id"}


class PayersOwn(TenantQuerySet):
    """What only the payer that keeps it sees."""

    sides = {"payer": "organization_id"}


class Patients(ProvidersOwn):
    """The provider's patients."""

    def found_by(self, kind: str, indexes: Iterable[str]) -> Self:
        return self.filter(_people(self.model, kind, list(indexes)))


class Members(PayersOwn):
    """The payer's roster."""

    def found_by(self, kind: str, indexes: Iterable[str]) -> Self:
        return self.filter(_people(self.model, kind, list(indexes)))


def _people(model: Any, kind: str, indexes: list[str]) -> Q:
    """``kind`` is ``name``, ``birth`` or ``member`` (a coverage's member id); any other finds nobody."""
    if kind == "member":
        coverage = model.coverages.rel.related_model
        person = model.coverages.field.attname
        return Q(pk__in=coverage.objects.filter(member_bidx__in=indexes).values(person))
    column = {"name": "name_bidx__in", "birth": "birth_bidx__in"}.get(kind)
    return Q(**{column: indexes}) if column else Q(pk__in=[])


def name_indexes(organization: UUID, last_name: str, first_name: str) -> list[str]:
    """What ``name_bidx`` of such a person holds, under every index key of the ring."""
    return [index.value for index in phi.blind_indexes("name", organization, last_name, first_name)]


def birth_indexes(organization: UUID, last_name: str, born: date) -> list[str]:
    """What ``birth_bidx`` of such a person holds."""
    return [index.value for index in phi.blind_indexes("birth", organization, last_name, str(born))]


def member_indexes(payers: Iterable[UUID], member_id: str) -> list[str]:
    """What ``member_bidx`` of a coverage with this member id holds, at any of these payers."""
    return [index.value for payer in payers for index in phi.blind_indexes("member_id", payer, member_id)]
