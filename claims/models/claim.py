from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from claimflow.lib import phi
from claimflow.lib.choices import choices_of
from claimflow.lib.fields import IdentityField, MoneyField
from claimflow.lib.models import Identified, Timed
from claims.enums import (
    Channel,
    ClaimState,
    ClaimType,
    Clock,
    FrequencyCode,
    OnsetQualifier,
    PublicStatus,
    ReferringQualifier,
    Turn,
)
from claims.models.claim_constraints import CLAIM_CONSTRAINTS
from claims.models.keys import reference, to_organization, to_user
from claims.querysets import ClaimQuerySet
from intelligence.enums import Priority, PrioritySource
from members.enums import LineOfBusiness, Relationship, Sex, TaxIdKind


class Claim(Identified, Timed):
    """One claim to one payer (ruling 23): made from a draft by ``submit``, decided by rows of ``Decision``.

    What the provider typed is frozen at birth: only life-cycle columns change, each kind of caller its own
    (claims/migrations, grants), and only along ``claims_statetransition``. The children (lines, diagnoses,
    snapshot, findings of the submission) are written before the number, which seals them. A provider inserts
    with ``received_at = due_at = submitted_at``; the system stamps the true ones at receipt.

    Addresses are ``{"line1", "line2", "city", "state", "postal_code"}``, all text. ``other_insured`` is
    ``{"first_name", "last_name", "member_id", "payer_name"}`` (box 9).
    """

    provider = to_organization()
    payer = to_organization()
    plan = reference("members.Plan")
    line_of_business = models.CharField(max_length=24, choices=choices_of(LineOfBusiness))
    jurisdiction = models.CharField(max_length=2)
    channel = models.CharField(max_length=4, choices=choices_of(Channel), default=Channel.WEB)
    claim_type = models.CharField(
        max_length=13, choices=choices_of(ClaimType), default=ClaimType.PROFESSIONAL
    )
    frequency_code = models.CharField(
        max_length=1, choices=choices_of(FrequencyCode), default=FrequencyCode.ORIGINAL
    )
    form_token = models.UUIDField(editable=False)

    # Number and order. ``seq`` breaks ties in lists and is never shown.
    claim_number = models.CharField(max_length=32, null=True, blank=True)
    number_day = models.DateField(null=True, blank=True)
    number_n = models.IntegerField(null=True, blank=True)
    seq = IdentityField()

    # Where it stands
    state = models.CharField(max_length=20, choices=choices_of(ClaimState), default=ClaimState.SUBMITTED)
    public_status = models.CharField(
        max_length=9, choices=choices_of(PublicStatus), null=True, blank=True, default=PublicStatus.SUBMITTED
    )
    turn = models.CharField(max_length=8, choices=choices_of(Turn), default=Turn.PAYER)
    clock = models.CharField(max_length=7, choices=choices_of(Clock), default=Clock.STOPPED)
    priority = models.CharField(max_length=8, choices=choices_of(Priority), default=Priority.STANDARD)
    rank = models.SmallIntegerField(default=Priority.STANDARD.rank)
    rank_desc = models.SmallIntegerField(default=-Priority.STANDARD.rank)
    priority_source = models.CharField(
        max_length=12, choices=choices_of(PrioritySource), default=PrioritySource.FALLBACK
    )
    priority_reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    # Who and when
    submitted_by = to_user()
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField()
    clean_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    adjudicated_by = to_user(null=True)
    adjudicated_at = models.DateTimeField(null=True, blank=True)

    # Money, and the decision that the totals are copied from
    billed_amount = MoneyField()
    approved_amount = MoneyField(null=True, blank=True)
    paid_amount = MoneyField(null=True, blank=True)
    patient_responsibility = MoneyField(null=True, blank=True)
    amount_paid_by_patient = MoneyField(default=0)
    denial_reason_code = models.CharField(max_length=30, blank=True)
    denial_explanation = phi.EncryptedTextField(
        label="claim.denial_explanation", max_length=4000, null=True, blank=True
    )
    current_decision = reference("claims.Decision")
    rule_set = reference("claims.RuleSet")

    # The service in short: earliest and latest day, first line's procedure, first diagnosis
    service_date = models.DateField()
    service_date_to = models.DateField()
    cpt_code = models.CharField(max_length=10)
    icd10_code = models.CharField(max_length=10)

    # Who billed, rendered, referred, and where (frozen as typed, with a reference to the provider's own
    # lists)
    billing_provider = reference("members.BillingProvider")
    billing_npi = models.CharField(max_length=10)
    billing_name = models.CharField(max_length=120)
    billing_taxonomy = models.CharField(max_length=10, blank=True)
    billing_tax_id = phi.EncryptedTextField(label="claim.billing_tax_id", max_length=9, null=True, blank=True)
    billing_tax_id_kind = models.CharField(max_length=3, choices=choices_of(TaxIdKind), blank=True)
    rendering_practitioner = reference("members.Practitioner")
    rendering_npi = models.CharField(max_length=10, blank=True)
    rendering_name = models.CharField(max_length=201, blank=True)
    referring_practitioner = reference("members.Practitioner")
    referring_npi = models.CharField(max_length=10, blank=True)
    referring_name = models.CharField(max_length=201, blank=True)
    referring_qualifier = models.CharField(max_length=2, choices=choices_of(ReferringQualifier), blank=True)
    facility = reference("members.Facility")
    facility_npi = models.CharField(max_length=10, blank=True)
    facility_name = models.CharField(max_length=120, blank=True)

    # The patient and the insured, as typed
    patient = reference("members.Patient")
    coverage = reference("members.Coverage")
    patient_first_name = phi.EncryptedTextField(label="claim.patient_first_name", max_length=100)
    patient_last_name = phi.EncryptedTextField(label="claim.patient_last_name", max_length=100)
    patient_birth_date = phi.EncryptedDateField(label="claim.patient_birth_date")
    patient_sex = models.CharField(max_length=1, choices=choices_of(Sex), default=Sex.UNKNOWN)
    patient_address = phi.EncryptedJSONField(label="claim.patient_address", null=True, blank=True)
    patient_phone = phi.EncryptedTextField(label="claim.patient_phone", max_length=30, null=True, blank=True)
    relationship = models.CharField(max_length=6, choices=choices_of(Relationship), default=Relationship.SELF)
    member_id = phi.EncryptedTextField(label="claim.member_id", max_length=50)
    group_number = phi.EncryptedTextField(label="claim.group_number", max_length=50, null=True, blank=True)
    insured_first_name = phi.EncryptedTextField(
        label="claim.insured_first_name", max_length=100, null=True, blank=True
    )
    insured_last_name = phi.EncryptedTextField(
        label="claim.insured_last_name", max_length=100, null=True, blank=True
    )
    insured_birth_date = phi.EncryptedDateField(label="claim.insured_birth_date", null=True, blank=True)
    insured_sex = models.CharField(max_length=1, choices=choices_of(Sex), blank=True)
    insured_address = phi.EncryptedJSONField(label="claim.insured_address", null=True, blank=True)
    has_other_coverage = models.BooleanField(default=False)
    other_insured = phi.EncryptedJSONField(label="claim.other_insured", null=True, blank=True)
    patient_account_number = phi.EncryptedTextField(
        label="claim.patient_account_number", max_length=38, null=True, blank=True
    )
    authorization_number = phi.EncryptedTextField(
        label="claim.authorization_number", max_length=50, null=True, blank=True
    )

    # Boxes 10 and 14 to 20
    accident_types = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    accident_state = models.CharField(max_length=2, blank=True)
    accident_date = models.DateField(null=True, blank=True)
    claim_codes = models.CharField(max_length=19, blank=True)
    onset_date = models.DateField(null=True, blank=True)
    onset_qualifier = models.CharField(max_length=3, choices=choices_of(OnsetQualifier), blank=True)
    other_date = models.DateField(null=True, blank=True)
    other_date_qualifier = models.CharField(max_length=3, blank=True)
    unable_to_work_from = models.DateField(null=True, blank=True)
    unable_to_work_to = models.DateField(null=True, blank=True)
    hospitalized_from = models.DateField(null=True, blank=True)
    hospitalized_to = models.DateField(null=True, blank=True)
    additional_information = phi.EncryptedTextField(
        label="claim.additional_information", max_length=400, null=True, blank=True
    )
    outside_lab = models.BooleanField(default=False)
    outside_lab_charge = MoneyField(null=True, blank=True)

    # Boxes 12, 13 and 27: three different consents (OpenEMR once confused 13 with 27)
    patient_signature_on_file = models.BooleanField(default=False)
    benefits_assigned = models.BooleanField(default=False)
    accepts_assignment = models.BooleanField(default=False)

    # Kin (ruling 23): the case all claims of one episode share, the claim this one follows, the payer's own
    # number
    case_id = models.UUIDField(null=True, blank=True)
    prior_claim = reference("self", related_name="later_claims")
    original_reference = models.CharField(max_length=50, blank=True)

    # Exact search (ruling 31)
    member_bidx = models.CharField(max_length=32, editable=False)
    provider_name_bidx = models.CharField(max_length=32, editable=False)
    provider_birth_bidx = models.CharField(max_length=32, editable=False)
    payer_name_bidx = models.CharField(max_length=32, editable=False)
    payer_birth_bidx = models.CharField(max_length=32, editable=False)
    bi_key_id = models.SmallIntegerField(editable=False)

    blind_indexes = (
        phi.Indexed("member_bidx", "member_id", organization="payer_id", parts=("member_id",)),
        phi.Indexed(
            "provider_name_bidx",
            "name",
            organization="provider_id",
            parts=("patient_last_name", "patient_first_name"),
        ),
        phi.Indexed(
            "provider_birth_bidx",
            "birth",
            organization="provider_id",
            parts=("patient_last_name", "patient_birth_date"),
        ),
        phi.Indexed(
            "payer_name_bidx",
            "name",
            organization="payer_id",
            parts=("patient_last_name", "patient_first_name"),
        ),
        phi.Indexed(
            "payer_birth_bidx",
            "birth",
            organization="payer_id",
            parts=("patient_last_name", "patient_birth_date"),
        ),
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = CLAIM_CONSTRAINTS
        # Ruling 35 and performance.md sections 2 and 10; the tenant leads every one.
        indexes = [
            models.Index(
                fields=("payer", "rank", "due_at", "received_at", "seq"),
                name="claims_queue",
                condition=Q(state=ClaimState.RECEIVED),
            ),
            models.Index(
                fields=("payer", "-rank_desc", "-received_at", "-seq"),
                name="claims_queue_newest",
                condition=Q(state=ClaimState.RECEIVED),
            ),
            models.Index(
                fields=("payer", "provider", "rank", "due_at", "received_at", "seq"),
                name="claims_queue_provider",
                condition=Q(state=ClaimState.RECEIVED),
            ),
            models.Index(
                fields=("payer", "billed_amount"),
                name="claims_queue_amount",
                condition=Q(state=ClaimState.RECEIVED),
            ),
            models.Index(
                fields=("received_at",),
                name="claims_waiting_below_urgent",
                condition=Q(state=ClaimState.RECEIVED, rank__gt=1),
            ),
            models.Index(
                fields=("payer", "due_at", "seq"),
                name="claims_pended",
                condition=Q(state=ClaimState.PENDED),
            ),
            models.Index(
                fields=("payer", "-adjudicated_at", "-seq"),
                name="claims_decided",
                condition=Q(adjudicated_at__isnull=False),
            ),
            models.Index(
                fields=("payer", "adjudicated_by", "-adjudicated_at", "-seq"),
                name="claims_decided_mine",
                condition=Q(adjudicated_at__isnull=False),
            ),
            models.Index(
                fields=("payer", "billed_amount"),
                name="claims_decided_amount",
                condition=Q(adjudicated_at__isnull=False),
            ),
            models.Index(fields=("provider", "-created_at", "-seq"), name="claims_provider_newest"),
            models.Index(
                fields=("provider", "-adjudicated_at", "-seq"),
                name="claims_provider_decided",
                condition=Q(adjudicated_at__isnull=False),
            ),
            models.Index(fields=("provider", "number_day", "number_n"), name="claims_provider_number"),
            models.Index(fields=("provider", "service_date", "seq"), name="claims_provider_service"),
            models.Index(fields=("provider", "submitted_at", "seq"), name="claims_provider_submitted"),
            models.Index(fields=("provider", "billed_amount", "seq"), name="claims_provider_charge"),
            models.Index(fields=("provider", "state", "seq"), name="claims_provider_state"),
            models.Index(fields=("provider", "due_at", "seq"), name="claims_provider_due"),
            models.Index(fields=("payer", "member_bidx"), name="claims_payer_member"),
            models.Index(fields=("payer", "payer_name_bidx"), name="claims_payer_name"),
            models.Index(fields=("payer", "payer_birth_bidx"), name="claims_payer_birth"),
            models.Index(fields=("provider", "member_bidx"), name="claims_provider_member"),
            models.Index(fields=("provider", "provider_name_bidx"), name="claims_provider_name"),
            models.Index(fields=("provider", "provider_birth_bidx"), name="claims_provider_birth"),
        ]

    def __str__(self) -> str:
        return self.claim_number or f"Claim {self.pk}"

    def as_parent(self) -> dict[str, Any]:
        """What every child carries: ``ServiceLine(**claim.as_parent(), line_no=1, ...)``."""
        return {"claim": self, "provider_id": self.provider_id, "payer_id": self.payer_id}

    def set_priority(self, priority: Priority) -> None:
        """Priority with its two stored ranks, which the queue's indexes hold."""
        self.priority, self.rank, self.rank_desc = priority, priority.rank, -priority.rank

    def set_number(self, day: date, n: int, text: str) -> None:
        """The three spellings of one number; a CHECK holds them equal."""
        self.number_day, self.number_n, self.claim_number = day, n, text
