from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from members.enums import Funding, LineOfBusiness
from members.models.constraints import STATE
from members.querysets import PlanQuerySet


class Plan(Identified, Timed):
    """A payer's product (ruling 20). A claim freezes its plan, line of business and jurisdiction."""

    payer = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="plans", db_index=False
    )
    name = models.CharField(max_length=120)
    line_of_business = models.CharField(max_length=24, choices=choices_of(LineOfBusiness))
    state = models.CharField(max_length=2, help_text=_("The state whose law applies, two letters."))
    funding = models.CharField(max_length=12, choices=choices_of(Funding))
    is_active = models.BooleanField(default=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("payer", "name"),
                name="members_plan_name_once",
                violation_error_message=_("This payer already has a plan of that name."),
            ),
            models.UniqueConstraint(fields=("id", "payer"), name="members_plan_key"),
            one_of("line_of_business", LineOfBusiness, name="members_plan_line_of_business"),
            one_of("funding", Funding, name="members_plan_funding"),
            models.CheckConstraint(
                condition=models.Q(state__regex=STATE),
                name="members_plan_state",
                violation_error_message=_("Enter a state as two capital letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
