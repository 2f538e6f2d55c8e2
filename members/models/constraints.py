"""Constraints that several tables share, spelled once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

NPI = r"^[12][0-9]{9}$"
STATE = r"^[A-Z]{2}$"


def npi(field: str, *, name: str) -> models.CheckConstraint:
    """Ten digits, the first 1 or 2, or nothing; the check digit is the form's business (codes)."""
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": NPI}),
        name=name,
        violation_error_message=_("An NPI has 10 digits and starts with 1 or 2."),
    )


def in_order(start: str, end: str, *, name: str) -> models.CheckConstraint:
    """``end`` may be open (NULL); if it is there, it is not before ``start``."""
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message=_("The end date is before the start date."),
    )
