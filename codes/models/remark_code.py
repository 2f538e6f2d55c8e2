from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.models import Identified, Timed


class RemarkCode(Identified, Timed):
    """A remittance advice remark (RARC, X12 code source 411): the number we use, in our own words."""

    code = models.CharField(max_length=5, unique=True)
    description = models.CharField(max_length=200)
    is_alert = models.BooleanField(
        default=False, help_text=_("Informs only; explains no adjustment and satisfies no need for a remark.")
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z]{1,2}[0-9]{1,3}$"), name="remark_code_shape"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"
