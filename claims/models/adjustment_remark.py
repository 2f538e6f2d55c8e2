from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.keys import ClaimChild, reference, to_claim
from claims.querysets import BothSides


class AdjustmentRemark(ClaimChild):
    """A remittance advice remark code (RARC) that explains an adjustment; CARC 16, 96, 129 and 148 need
    one."""

    claim = to_claim("remarks")
    adjustment = reference("claims.Adjustment", related_name="remarks", null=False)
    code = models.CharField(max_length=5)

    objects = BothSides.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("adjustment", "code"), name="claims_adjustmentremark_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^(M|MA|N)[0-9]{1,4}$"),
                name="claims_adjustmentremark_code",
                violation_error_message=_("This is not the form of a remark code."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
