"""How the children of a claim point to it (ruling 22).

Each carries ``provider_id`` and ``payer_id`` beside ``claim_id``, and one composite foreign key of the
three to the claim (claims/sql/walls.sql), so that Django's single-column constraints would only check the
same thing again. Indexes are named in each model's Meta; none is made for the key alone.
"""

from typing import Any

from django.db import models

from claimflow.lib.models import Identified, Timed


def to_claim(related_name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "claims.Claim",
        on_delete=models.PROTECT,
        related_name=related_name,
        db_index=False,
        db_constraint=False,
    )


def to_organization() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "accounts.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )


def to_user(*, null: bool = False) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False, null=null, blank=null
    )


def reference(to: str, *, related_name: str = "+", null: bool = True) -> models.ForeignKey[Any, Any]:
    """A key whose constraint is composite, with the tenant in it (claims/sql/walls.sql)."""
    return models.ForeignKey(
        to,
        on_delete=models.PROTECT,
        related_name=related_name,
        db_index=False,
        db_constraint=False,
        null=null,
        blank=null,
    )


class OfBothSides(models.Model):
    """The two organizations of the claim, beside its key."""

    provider = to_organization()
    payer = to_organization()

    class Meta:
        abstract = True


class ClaimChild(Identified, OfBothSides):
    """A row of a claim that is written once."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        abstract = True


class ChangingChild(Identified, OfBothSides, Timed):
    """A row of a claim that changes: leases, holds, unfinished work."""

    class Meta:
        abstract = True
