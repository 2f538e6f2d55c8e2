from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.models import Identified, Timed


class AdjustmentReason(Identified, Timed):
    """A claim adjustment reason (CARC, X12 code source 139): the number we use, in our own words."""

    code = models.CharField(max_length=3, unique=True)
    description = models.CharField(max_length=200)
    needs_remark = models.BooleanField(
        default=False, help_text=_("May stand only with a remark code (CARC 16, 96, 129, 148, 227, 252).")
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z]?[0-9]{1,3}$"), name="adjustment_reason_shape"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"
