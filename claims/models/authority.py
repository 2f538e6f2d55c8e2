from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib.fields import MoneyField
from claimflow.lib.models import Identified, Timed
from claimflow.lib.money import ZERO
from claims.models.keys import to_organization, to_user
from claims.querysets import PayersOwn
from codes.enums import ProcedureCategory


class Authority(Identified, Timed):
    """How far an adjudicator of a payer decides alone: the most that one decision may pay (None: no limit of their
    own), and the services that they know well. Who keeps the payer's people sets it, never for oneself."""

    organization = to_organization()
    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    most_paid = MoneyField(null=True, blank=True)
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    set_by = to_user()

    objects = PayersOwn.as_manager()

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.CheckConstraint(
                condition=Q(most_paid__isnull=True) | Q(most_paid__gte=ZERO),
                name="claims_authority_limit",
                violation_error_message=_("The limit is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(skills__contained_by=[category.value for category in ProcedureCategory]),
                name="claims_authority_skills",
                violation_error_message=_("Skills are categories of service."),
            ),
            models.CheckConstraint(
                condition=~Q(user=models.F("set_by")),
                name="claims_authority_not_own",
                violation_error_message=_("Nobody sets their own limit."),
            ),
        ]
        indexes = [models.Index(fields=("organization",), name="claims_authority_payer")]

    def __str__(self) -> str:
        return f"Authority {self.pk}"
