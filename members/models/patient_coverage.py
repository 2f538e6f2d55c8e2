from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from members.enums import Relationship
from members.models.constraints import in_order
from members.querysets import ProvidersOwn


class PatientCoverage(Identified, Timed):
    """A patient's insurance as the provider knows it, one row per payer and member id (ruling 19).

    ``insured`` is the subscriber when that is not the patient:
    ``{"first_name", "last_name", "birth_date", "sex", "address"}``, dates as ISO text.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    patient = models.ForeignKey(
        "members.Patient",
        on_delete=models.PROTECT,
        related_name="coverages",
        db_index=False,
        db_constraint=False,
    )
    payer = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    plan = models.ForeignKey(
        "members.Plan",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        null=True,
        blank=True,
    )
    member_id = phi.EncryptedTextField(label="patient_coverage.member_id", max_length=50)
    group_number = phi.EncryptedTextField(
        label="patient_coverage.group_number", max_length=50, null=True, blank=True
    )
    relationship = models.CharField(max_length=6, choices=choices_of(Relationship), default=Relationship.SELF)
    insured = phi.EncryptedJSONField(label="patient_coverage.insured", null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=1, help_text=_("1 is billed first."))
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    member_bidx = models.CharField(max_length=32, editable=False)
    bi_key_id = models.SmallIntegerField(editable=False)
    is_active = models.BooleanField(default=True)

    blind_indexes = (phi.Indexed("member_bidx", "member_id", organization="payer_id", parts=("member_id",)),)

    objects = ProvidersOwn.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("patient", "payer", "member_bidx"),
                name="members_patientcoverage_once",
                violation_error_message=_("The patient already has this coverage."),
            ),
            one_of("relationship", Relationship, name="members_patientcoverage_relationship"),
            in_order("effective_from", "effective_to", name="members_patientcoverage_dates"),
            models.CheckConstraint(
                condition=Q(position__gte=1) & Q(position__lte=9),
                name="members_patientcoverage_position",
                violation_error_message=_("The order of payers is a number from 1 to 9."),
            ),
            models.CheckConstraint(
                condition=Q(relationship=Relationship.SELF) | Q(insured__isnull=False),
                name="members_patientcoverage_insured",
                violation_error_message=_("Say who the insured is when it is not the patient."),
            ),
        ]
        indexes = [models.Index(fields=("organization", "member_bidx"), name="members_patientcoverage_id")]

    def __str__(self) -> str:
        return f"Patient coverage {self.pk}"
