"""Rows of the trail. What a person may see of them is the database's word (policies in
audit/sql/schema.sql)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from audit.models import Access, Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, subject_kind: str, subject_id: UUID) -> Self:
        """The chain of one subject, oldest first."""
        return self.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("chain_seq")

    def since(self, moment: dt.datetime) -> Self:
        """A floor on `at`: lets the database skip older partitions (performance.md section 7)."""
        return self.filter(at__gte=moment)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")


class AccessQuerySet(models.QuerySet["Access"]):
    def of_person(self, person_bidxs: list[str]) -> Self:
        """Who saw one insured person; the blind index under every key of the ring."""
        return self.filter(person_bidx__in=person_bidxs)

    def about(self, subject_kind: str, subject_id: UUID) -> Self:
        return self.filter(subject_kind=subject_kind, subject_id=subject_id)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")
