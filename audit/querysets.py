"""Rows of the trail. What a person may see of them is the database's word (policies in
audit/sql/schema.sql)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from audit.models import Access, Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: Any) -> Self:
        """What the policy of kind `auditor` shows this person, said once more so that indexes can be asked: a
        platform's auditor, who has no organization, sees all."""
        return self if user.organization_id is None else self.of_organizations([user.organization_id])

    def of_organizations(self, organizations: Collection[UUID]) -> Self:
        """What their people did, and what was done to their data."""
        return self.filter(
            Q(organization_id__in=organizations)
            | Q(provider_id__in=organizations)
            | Q(payer_id__in=organizations)
        )

    def about(self, subject_kind: str, subject_id: UUID) -> Self:
        """The chain of one subject, oldest first."""
        return self.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("chain_seq")

    def since(self, moment: dt.datetime) -> Self:
        """A floor on `at`: lets the database skip older partitions (performance.md section 7)."""
        return self.filter(at__gte=moment)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")


class AccessQuerySet(models.QuerySet["Access"]):
    def visible_to(self, user: Any) -> Self:
        """What the policy of kind `auditor` shows this person, said once more so that indexes can be asked."""
        return self if user.organization_id is None else self.of_organizations([user.organization_id])

    def of_organizations(self, organizations: Collection[UUID]) -> Self:
        """Reads by their people, and those of their data by nobody's people (administrator, system)."""
        theirs = Q(provider_id__in=organizations) | Q(payer_id__in=organizations)
        return self.filter(Q(organization_id__in=organizations) | Q(theirs, organization_id__isnull=True))

    def of_patient(self, subjects: Collection[UUID], person_bidxs: Collection[str]) -> Self:
        """Reads of these subjects and of the insured person with these blind indexes, one for each key."""
        return self.filter(Q(subject_id__in=subjects) | Q(person_bidx__in=person_bidxs))

    def persons_of(self, subjects: Collection[UUID]) -> set[str]:
        """The blind indexes under which the trail knows whom these claims or people are about."""
        known = self.filter(subject_id__in=subjects, person_bidx__isnull=False)
        return {person for person in known.values_list("person_bidx", flat=True).distinct() if person}

    def about(self, subject_kind: str, subject_id: UUID) -> Self:
        return self.filter(subject_kind=subject_kind, subject_id=subject_id)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")
