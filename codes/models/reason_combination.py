from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from codes.enums import GroupCode, Scenario
from codes.models.adjustment_reason import AdjustmentReason
from codes.querysets import ReasonCombinationQuerySet


class ReasonCombination(Identified, Timed):
    """A legal pair of group code and adjustment reason, and the remarks that may stand with it (CAQH CORE
    360). ``scenario`` is empty where nothing is refused: contract, deductible, coinsurance, copay, earlier
    payer."""

    scenario = models.CharField(max_length=30, blank=True, choices=choices_of(Scenario))
    group = models.CharField(max_length=2, choices=choices_of(GroupCode))
    reason = models.ForeignKey(AdjustmentReason, on_delete=models.PROTECT, related_name="combinations")
    remarks = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    remark_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(help_text=_("Order of the denial form."))

    objects = ReasonCombinationQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "group", "reason"], name="reason_combination_once"),
            one_of("group", GroupCode, name="reason_combination_group_known"),
            models.CheckConstraint(
                condition=models.Q(scenario="")
                | models.Q(scenario__in=sorted(one.value for one in Scenario)),
                name="reason_combination_scenario_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}-{self.reason.code}"
