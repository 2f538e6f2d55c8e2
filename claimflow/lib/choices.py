"""From a stdlib StrEnum to Django: choices for a form, a named CHECK for a column."""

from enum import StrEnum

from django.db import models


def choices_of(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """(value, word) pairs; presenters give nicer words where a page needs them."""
    return [(member.value, member.value.replace("_", " ").capitalize()) for member in enum]


def one_of(field: str, enum: type[StrEnum], *, name: str, null: bool = False) -> models.CheckConstraint:
    """A named CHECK that ``field`` holds a member of ``enum`` (states are text, never PostgreSQL enums: those are
    not leakproof and would lose their indexes under row-level security)."""
    condition = models.Q(**{f"{field}__in": sorted(member.value for member in enum)})
    if null:
        condition |= models.Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_message=f"{field} is not one of the allowed words."
    )
