from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.keys import ChangingChild, to_claim, to_user
from claims.querysets import PayerSide


class Assignment(ChangingChild):
    """The lease of a claim in review (rulings 22 and 35): who works on it, and until when. One a claim;
    deleted when the claim is decided, pended or given back, taken over when it has expired."""

    claim = to_claim("assignments")
    adjudicator = to_user()
    assigned_by = to_user()
    until = models.DateTimeField()

    objects = PayerSide.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("claim",),
                name="claims_assignment_once",
                violation_error_message=_("Somebody else is working on this claim."),
            ),
        ]
        indexes = [
            models.Index(fields=("payer", "adjudicator", "created_at"), name="claims_assignment_mine"),
            models.Index(fields=("until",), name="claims_assignment_until"),
        ]

    def __str__(self) -> str:
        return f"Assignment {self.pk}"
