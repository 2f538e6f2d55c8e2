from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib.fields import MoneyField
from claimflow.lib.models import Identified, Timed
from claimflow.lib.money import ZERO
from claims.models.keys import reference, to_organization
from claims.querysets import PayerSide


class RuleSetInternal(Identified, Timed):
    """The part of a rule set that no provider reads (ruling 29): automatic approval, authority, priority."""

    payer = to_organization()
    rule_set = reference("claims.RuleSet", related_name="internal", null=False)
    auto_approve = models.BooleanField(default=False)
    auto_approve_limit = MoneyField(default=ZERO)
    authority = models.JSONField(default=dict, blank=True)
    priority = models.JSONField(default=dict, blank=True)

    objects = PayerSide.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("rule_set",), name="claims_rulesetinternal_once"),
            models.CheckConstraint(
                condition=Q(auto_approve_limit__gte=ZERO),
                name="claims_rulesetinternal_limit",
                violation_error_message=_("The limit is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"Internal rules {self.pk}"
