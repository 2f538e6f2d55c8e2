from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.fields import MoneyField
from claimflow.lib.models import Identified, Timed
from codes.enums import ProcedureCategory
from codes.querysets import ProcedureQuerySet


class Procedure(Identified, Timed):
    """A demonstration procedure of our own, X0001 and on (ruling 39): no CPT or HCPCS text may be shipped.
    ``usual_charge`` and ``usual_place`` serve the demonstration's seed alone; charges come from the
    organization."""

    code = models.CharField(max_length=5, unique=True)
    description = models.CharField(max_length=200)
    category = models.CharField(max_length=20, choices=choices_of(ProcedureCategory))
    is_emergency = models.BooleanField(default=False)
    is_preventive = models.BooleanField(default=False)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text=_("The last day in force."))
    usual_place = models.CharField(max_length=2)
    usual_charge = MoneyField()

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            one_of("category", ProcedureCategory, name="procedure_category_known"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^X[0-9]{4}$"), name="procedure_code_shape"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to__isnull=True)
                | models.Q(effective_to__gte=models.F("effective_from")),
                name="procedure_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"
