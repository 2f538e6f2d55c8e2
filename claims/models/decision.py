from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.fields import MoneyField
from claimflow.lib.money import ZERO
from claimflow.lib.system_user import SYSTEM_USER_ID
from claims.enums import DecisionKind, LineOutcome
from claims.models.keys import ClaimChild, reference, to_claim, to_user
from claims.querysets import BothSides


class Decision(ClaimChild):
    """A final decision on a whole claim (ruling 26). Insert-only: a later one supersedes it, and the chain
    neither forks nor has two roots. Lines, adjustments and remarks are written before the claim names it as
    ``current_decision``, which closes it. Totals are those of its lines; a reversal's are negative."""

    claim = to_claim("decisions")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=choices_of(DecisionKind), default=DecisionKind.ORIGINAL)
    supersedes = reference("self", related_name="superseded_by")
    outcome = models.CharField(max_length=18, choices=choices_of(LineOutcome))
    decided_by = to_user()
    decided_at = models.DateTimeField()
    rule_set = reference("claims.RuleSet")
    charge = MoneyField()
    allowed = MoneyField()
    paid = MoneyField()
    patient_responsibility = MoneyField()
    denial_reason_code = models.CharField(max_length=30, blank=True)
    explanation = phi.EncryptedTextField(label="decision.explanation", max_length=4000, null=True, blank=True)

    objects = BothSides.as_manager()

    class Meta:
        ordering = ("claim", "version")
        constraints = [
            models.UniqueConstraint(fields=("id", "claim"), name="claims_decision_key"),
            models.UniqueConstraint(fields=("claim", "version"), name="claims_decision_version_once"),
            models.UniqueConstraint(
                fields=("supersedes", "claim"),
                name="claims_decision_no_fork",
                violation_error_message=_("Somebody else has already corrected this decision."),
            ),
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(supersedes=None),
                name="claims_decision_one_root",
                violation_error_message=_("Somebody else has already decided this claim."),
            ),
            one_of("kind", DecisionKind, name="claims_decision_kind"),
            one_of("outcome", LineOutcome, name="claims_decision_outcome"),
            models.CheckConstraint(
                condition=Q(kind=DecisionKind.ORIGINAL, supersedes=None, version=1)
                | (~Q(kind=DecisionKind.ORIGINAL) & Q(supersedes__isnull=False, version__gt=1)),
                name="claims_decision_kind_of_place",
                violation_error_message=_(
                    "The first decision is the original one; every other supersedes one."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(outcome=LineOutcome.DENIED)
                | (~Q(denial_reason_code="") & Q(explanation__isnull=False, allowed=ZERO, paid=ZERO)),
                name="claims_decision_denied_why",
                violation_error_message=_("A denial has a reason, an explanation and no payment."),
            ),
            models.CheckConstraint(
                condition=Q(outcome=LineOutcome.APPROVED) | ~Q(decided_by=SYSTEM_USER_ID),
                name="claims_decision_refused_by_a_person",
                violation_error_message=_("A person decides against a patient, never the system itself."),
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(kind=DecisionKind.REVERSAL)
                    & Q(charge__gt=ZERO, paid__gte=ZERO, paid__lte=F("allowed"), allowed__lte=F("charge"))
                    & Q(patient_responsibility__gte=ZERO)
                )
                | (
                    Q(kind=DecisionKind.REVERSAL)
                    & Q(charge__lt=ZERO, paid__lte=ZERO, paid__gte=F("allowed"), allowed__gte=F("charge"))
                    & Q(patient_responsibility__lte=ZERO)
                ),
                name="claims_decision_amounts",
                violation_error_message=_(
                    "Paid is within allowed, allowed within the charge; a reversal negates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.version}"
