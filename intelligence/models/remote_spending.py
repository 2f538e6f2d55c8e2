from django.db import models
from django.db.models import Q

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from intelligence.enums import SpendingPeriod
from intelligence.querysets import OwnQuerySet


class RemoteSpending(Identified, Timed):
    """What a payer's claims have cost at remote models in one day, and again in one month, in micro-dollars.
    ``reserved`` is for calls that have begun: it counts like spent money, also when a process died over one."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    period = models.CharField(max_length=5, choices=choices_of(SpendingPeriod))
    begins_on = models.DateField()
    reserved = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    calls = models.IntegerField(default=0)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("period", SpendingPeriod, name="intelligence_spending_period"),
            models.UniqueConstraint(
                fields=("organization", "period", "begins_on"), name="intelligence_spending_once"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, spent__gte=0, calls__gte=0),
                name="intelligence_spending_not_negative",
                violation_error_message="Nobody spends less than nothing.",
            ),
            models.CheckConstraint(
                condition=~Q(period=SpendingPeriod.MONTH) | Q(begins_on__day=1),
                name="intelligence_spending_month_begins",
                violation_error_message="A month begins on its first day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.begins_on}"
