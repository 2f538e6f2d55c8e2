from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib.fields import MoneyField
from claimflow.lib.models import Timed
from claimflow.lib.money import MAX_AMOUNT, ZERO
from intelligence.querysets import OwnQuerySet


class RemoteBudget(Timed):
    """What a payer's claims may cost at remote models, in dollars a day and a month of the payer's own time zone.
    Without a row nothing is asked for its claims. Whoever reserves money holds this row, so that two at once cannot
    both take the last of it."""

    organization = models.OneToOneField(
        "accounts.Organization", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    daily = MoneyField(_("a day, in dollars"))
    monthly = MoneyField(_("a month, in dollars"))

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget for remote models")
        verbose_name_plural = _("budgets for remote models")
        constraints = [
            models.CheckConstraint(
                condition=Q(daily__gte=ZERO, daily__lte=F("monthly"), monthly__lte=MAX_AMOUNT),
                name="intelligence_budget_in_order",
                violation_error_message=_("The amount a day is 0 or more, and at most the amount a month."),
            ),
        ]

    def __str__(self) -> str:
        return f"Budget of {self.organization_id}"
