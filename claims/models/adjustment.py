from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib.fields import MoneyField
from claims.models.keys import ClaimChild, reference, to_claim
from claims.querysets import BothSides
from codes.enums import GroupCode


class Adjustment(ClaimChild):
    """Why a line is not paid in full: group, claim adjustment reason code (CARC) and amount (X12 835 CAS).
    Positive reduces the payment. CR left CAS with version 5010 and is never stored."""

    claim = to_claim("adjustments")
    line_decision = reference("claims.LineDecision", related_name="adjustments", null=False)
    group = models.CharField(max_length=2, choices=[(each.value, each.value) for each in GroupCode])
    reason_code = models.CharField(max_length=5)
    amount = MoneyField()

    objects = BothSides.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("line_decision", "group", "reason_code"),
                name="claims_adjustment_once",
                violation_error_message=_("Each reason stands once on a line; add the amounts."),
            ),
            models.UniqueConstraint(fields=("id", "claim"), name="claims_adjustment_key"),
            models.CheckConstraint(
                condition=Q(group__in=[each.value for each in GroupCode]),
                name="claims_adjustment_group",
                violation_error_message=_("The group is CO, PR, OA or PI."),
            ),
            models.CheckConstraint(
                condition=Q(reason_code__regex=r"^[A-Z]?[0-9]{1,3}$"),
                name="claims_adjustment_reason",
                violation_error_message=_("This is not the form of an adjustment reason code."),
            ),
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="claims_adjustment_amount",
                violation_error_message=_("An adjustment is not zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}-{self.reason_code}"
