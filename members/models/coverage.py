from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.fields import MoneyField
from claimflow.lib.models import Identified, Timed
from claimflow.lib.money import ZERO
from members.enums import Relationship, Verification
from members.models.constraints import in_order
from members.querysets import PayersOwn


class Coverage(Identified, Timed):
    """What a payer owes a member and when (ruling 19): plan, ids, effective range, cost sharing, verdict.

    Money is per benefit year (deductible, out-of-pocket) or per visit (copay), in dollars;
    ``coinsurance_percent`` is the member's share of the allowed amount.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        "members.Member",
        on_delete=models.PROTECT,
        related_name="coverages",
        db_index=False,
        db_constraint=False,
    )
    plan = models.ForeignKey(
        "members.Plan", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    member_id = phi.EncryptedTextField(label="coverage.member_id", max_length=50)
    group_number = phi.EncryptedTextField(label="coverage.group_number", max_length=50, null=True, blank=True)
    relationship = models.CharField(max_length=6, choices=choices_of(Relationship), default=Relationship.SELF)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    deductible = MoneyField(default=ZERO)
    copay = MoneyField(default=ZERO)
    coinsurance_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("0.00"))
    out_of_pocket_limit = MoneyField(null=True, blank=True)
    verification = models.CharField(
        max_length=10, choices=choices_of(Verification), default=Verification.UNVERIFIED
    )
    verified_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    member_bidx = models.CharField(max_length=32, editable=False)
    bi_key_id = models.SmallIntegerField(editable=False)

    blind_indexes = (
        phi.Indexed("member_bidx", "member_id", organization="organization_id", parts=("member_id",)),
    )

    objects = PayersOwn.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("id", "organization"), name="members_coverage_key"),
            models.UniqueConstraint(
                fields=("person", "plan", "effective_from"),
                name="members_coverage_once",
                violation_error_message=_("The member already has this coverage from that day."),
            ),
            one_of("relationship", Relationship, name="members_coverage_relationship"),
            one_of("verification", Verification, name="members_coverage_verification"),
            in_order("effective_from", "effective_to", name="members_coverage_dates"),
            models.CheckConstraint(
                condition=Q(verification=Verification.UNVERIFIED, verified_by=None, verified_at=None)
                | (
                    ~Q(verification=Verification.UNVERIFIED)
                    & Q(verified_by__isnull=False, verified_at__isnull=False)
                ),
                name="members_coverage_verified_by_whom",
                violation_error_message=_("A verification names who made it and when."),
            ),
            models.CheckConstraint(
                condition=~Q(verification=Verification.ENDED) | Q(effective_to__isnull=False),
                name="members_coverage_ended_when",
                violation_error_message=_("An ended coverage has a last day."),
            ),
            models.CheckConstraint(
                condition=Q(deductible__gte=ZERO)
                & Q(copay__gte=ZERO)
                & (Q(out_of_pocket_limit__isnull=True) | Q(out_of_pocket_limit__gte=F("deductible"))),
                name="members_coverage_money",
                violation_error_message=_(
                    "Amounts are not negative, and the out-of-pocket limit is at least the deductible."
                ),
            ),
            models.CheckConstraint(
                condition=Q(coinsurance_percent__gte=0) & Q(coinsurance_percent__lte=100),
                name="members_coverage_coinsurance",
                violation_error_message=_("Coinsurance is between 0 and 100 percent."),
            ),
        ]
        indexes = [models.Index(fields=("organization", "member_bidx"), name="members_coverage_member_id")]

    def __str__(self) -> str:
        return f"Coverage {self.pk}"
