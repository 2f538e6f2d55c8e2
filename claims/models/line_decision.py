from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.fields import MoneyField
from claimflow.lib.money import ZERO
from claims.enums import LineOutcome
from claims.models.keys import ClaimChild, reference, to_claim
from claims.querysets import BothSides

AMOUNTS = ("charge", "allowed", "paid", "deductible", "copay", "coinsurance", "patient_responsibility")


class LineDecision(ClaimChild):
    """What a decision says about one service line. charge = paid + sum of adjustments (X12 835: SVC02 - CAS
    = SVC03); allowed = paid + deductible + copay + coinsurance; patient_responsibility = the adjustments of
    group PR."""

    claim = to_claim("line_decisions")
    decision = reference("claims.Decision", related_name="lines", null=False)
    line = reference("claims.ServiceLine", related_name="decisions", null=False)
    outcome = models.CharField(max_length=18, choices=choices_of(LineOutcome))
    charge = MoneyField()
    allowed = MoneyField()
    paid = MoneyField()
    deductible = MoneyField(default=ZERO)
    copay = MoneyField(default=ZERO)
    coinsurance = MoneyField(default=ZERO)
    patient_responsibility = MoneyField(default=ZERO)

    objects = BothSides.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("decision", "line"), name="claims_linedecision_once"),
            models.UniqueConstraint(fields=("id", "claim"), name="claims_linedecision_key"),
            one_of("outcome", LineOutcome, name="claims_linedecision_outcome"),
            models.CheckConstraint(
                condition=Q(allowed=F("paid") + F("deductible") + F("copay") + F("coinsurance")),
                name="claims_linedecision_allowed",
                violation_error_message=_("Allowed is paid plus deductible, copay and coinsurance."),
            ),
            models.CheckConstraint(
                condition=(Q(**{f"{amount}__gte": ZERO for amount in AMOUNTS}) & Q(allowed__lte=F("charge")))
                | (Q(**{f"{amount}__lte": ZERO for amount in AMOUNTS}) & Q(allowed__gte=F("charge"))),
                name="claims_linedecision_amounts",
                violation_error_message=_(
                    "A line's amounts have one sign, and allowed is within the charge."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(outcome=LineOutcome.DENIED) | Q(allowed=ZERO, paid=ZERO),
                name="claims_linedecision_denied",
                violation_error_message=_("A denied line allows and pays nothing."),
            ),
        ]
        indexes = [models.Index(fields=("claim",), name="claims_linedecision_claim")]

    def __str__(self) -> str:
        return f"Line decision {self.pk}"
