"""What must never be true of one row of ``claims_claim``. Sums across rows: claims/sql/balances.sql."""

from django.db.models import CheckConstraint, F, Func, IntegerField, Q, UniqueConstraint, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat, ExtractDay, ExtractMonth, ExtractYear, Length, LPad
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import one_of
from claimflow.lib.money import MAX_AMOUNT, ZERO
from claims.enums import (
    AccidentType,
    Channel,
    ClaimState,
    ClaimType,
    Clock,
    FrequencyCode,
    PublicStatus,
    Turn,
)
from intelligence.enums import Priority, PrioritySource
from members.enums import LineOfBusiness, Relationship, Sex
from members.models.constraints import STATE, in_order, npi

OPEN = (ClaimState.SUBMITTED, ClaimState.RECEIVED, ClaimState.IN_REVIEW, ClaimState.PENDED)
DECIDED = (ClaimState.APPROVED, ClaimState.PARTIALLY_APPROVED, ClaimState.DENIED)
AFTER_DECISION = (ClaimState.REMITTED, ClaimState.UNDER_APPEAL)
ENDED = (ClaimState.REJECTED, ClaimState.VOIDED, ClaimState.REPLACED)

_UNDECIDED = Q(
    adjudicated_by=None,
    adjudicated_at=None,
    approved_amount=None,
    paid_amount=None,
    patient_responsibility=None,
    current_decision=None,
)
_WITH_DECISION = Q(
    adjudicated_by__isnull=False,
    adjudicated_at__isnull=False,
    approved_amount__isnull=False,
    paid_amount__isnull=False,
    patient_responsibility__isnull=False,
    current_decision__isnull=False,
)
_NUMBER = Concat(
    Value("CLM-"),
    Cast(
        ExtractYear("number_day") * 10_000 + ExtractMonth("number_day") * 100 + ExtractDay("number_day"),
        CharField(),
    ),
    Value("-"),
    # At least four digits and growing: lpad(..., 4) alone would cut 10000 to 1000 (performance.md 5).
    LPad(
        Cast("number_n", CharField()),
        Func(
            Value(4),
            Length(Cast("number_n", CharField())),
            function="GREATEST",
            output_field=IntegerField(),
        ),
        Value("0"),
    ),
)


def _has_status(states: tuple[ClaimState, ...], *statuses: PublicStatus) -> Q:
    return Q(state__in=states, public_status__isnull=False, public_status__in=statuses)


CLAIM_CONSTRAINTS = [
    UniqueConstraint(fields=("id", "provider", "payer"), name="claims_claim_key"),
    UniqueConstraint(
        fields=("provider", "form_token"),
        name="claims_claim_form_token_once",
        violation_error_message=_("This form was already submitted."),
    ),
    # Not unique=True, which would add a second index for LIKE. Day and count are once by this as well: the number
    # spells both, one way only (``claims_claim_number_spelled``).
    UniqueConstraint(fields=("claim_number",), name="claims_claim_number_once"),
    one_of("line_of_business", LineOfBusiness, name="claims_claim_line_of_business"),
    one_of("channel", Channel, name="claims_claim_channel"),
    one_of("frequency_code", FrequencyCode, name="claims_claim_frequency"),
    one_of("state", ClaimState, name="claims_claim_state"),
    one_of("turn", Turn, name="claims_claim_turn"),
    one_of("clock", Clock, name="claims_claim_clock"),
    one_of("priority_source", PrioritySource, name="claims_claim_priority_source"),
    one_of("patient_sex", Sex, name="claims_claim_patient_sex"),
    one_of("relationship", Relationship, name="claims_claim_relationship"),
    CheckConstraint(
        condition=Q(claim_type=ClaimType.PROFESSIONAL),
        name="claims_claim_open_types",
        violation_error_message=_("Only professional claims are open yet."),
    ),
    CheckConstraint(
        condition=Q(jurisdiction__regex=STATE),
        name="claims_claim_jurisdiction",
        violation_error_message=_("The jurisdiction is a state, two capital letters."),
    ),
    CheckConstraint(
        condition=Q(claim_number=None, number_day=None, number_n=None)
        | Q(
            Exact(F("claim_number"), _NUMBER),
            claim_number__isnull=False,
            number_day__isnull=False,
            number_n__gte=1,
        ),
        name="claims_claim_number_spelled",
        violation_error_message=_("The number, its day and its count do not agree."),
    ),
    # Not a deferred check: those run at every change of context, and a claim is born in the provider's
    # (ruling 9).
    CheckConstraint(
        condition=Q(state=ClaimState.SUBMITTED) | Q(claim_number__isnull=False),
        name="claims_claim_numbered",
        violation_error_message=_("A claim has its number once it is received or rejected."),
    ),
    CheckConstraint(
        condition=_has_status(OPEN, PublicStatus.SUBMITTED)
        | _has_status((ClaimState.APPROVED, ClaimState.PARTIALLY_APPROVED), PublicStatus.APPROVED)
        | _has_status((ClaimState.DENIED,), PublicStatus.DENIED)
        | _has_status(AFTER_DECISION, PublicStatus.APPROVED, PublicStatus.DENIED)
        | Q(state__in=ENDED, public_status=None),
        name="claims_claim_public_status",
        violation_error_message=_("The public status does not follow from the state."),
    ),
    # claims.workflow.turn_of and clock_of say the same; a pended claim may wait for either side.
    CheckConstraint(
        condition=Q(state=ClaimState.SUBMITTED, turn=Turn.PAYER, clock=Clock.STOPPED)
        # Nobody's once the provider has sent a corrected one.
        | Q(state=ClaimState.REJECTED, turn__in=(Turn.PROVIDER, Turn.NONE), clock=Clock.STOPPED)
        | Q(
            state__in=(ClaimState.RECEIVED, ClaimState.IN_REVIEW, ClaimState.UNDER_APPEAL),
            turn=Turn.PAYER,
            clock=Clock.RUNNING,
        )
        | Q(state=ClaimState.PENDED, clock__in=(Clock.RUNNING, Clock.PAUSED))
        | Q(
            state__in=(*DECIDED, ClaimState.REMITTED, ClaimState.VOIDED, ClaimState.REPLACED),
            turn=Turn.NONE,
            clock=Clock.STOPPED,
        ),
        name="claims_claim_turn_and_clock",
        violation_error_message=_("Turn and clock do not follow from the state."),
    ),
    CheckConstraint(
        condition=Q(priority=Priority.URGENT, rank=1, rank_desc=-1)
        | Q(priority=Priority.STANDARD, rank=2, rank_desc=-2)
        | Q(priority=Priority.ROUTINE, rank=3, rank_desc=-3),
        name="claims_claim_priority",
        violation_error_message=_("Priority and rank do not agree."),
    ),
    CheckConstraint(
        condition=Q(billed_amount__gt=ZERO) & Q(billed_amount__lte=MAX_AMOUNT),
        name="claims_claim_billed",
        violation_error_message=_("The total charge is above 0 and at most 99,999,999.99."),
    ),
    CheckConstraint(
        condition=Q(approved_amount=None)
        | (Q(approved_amount__gte=ZERO) & Q(approved_amount__lte=F("billed_amount"))),
        name="claims_claim_approved",
        violation_error_message=_("The approved amount is at most the billed amount."),
    ),
    CheckConstraint(
        condition=Q(paid_amount=None) | (Q(paid_amount__gte=ZERO) & Q(paid_amount__lte=F("approved_amount"))),
        name="claims_claim_paid",
        violation_error_message=_("The paid amount is at most the approved amount."),
    ),
    CheckConstraint(
        condition=Q(patient_responsibility=None)
        | (Q(patient_responsibility__gte=ZERO) & Q(patient_responsibility__lte=F("billed_amount"))),
        name="claims_claim_patient_share",
        violation_error_message=_("The patient's share is at most the billed amount."),
    ),
    CheckConstraint(
        condition=Q(amount_paid_by_patient__gte=ZERO)
        & (Q(outside_lab_charge=None) | Q(outside_lab_charge__gte=ZERO)),
        name="claims_claim_small_amounts",
        violation_error_message=_("Amounts are not negative."),
    ),
    CheckConstraint(
        condition=(Q(state__in=(*OPEN, ClaimState.REJECTED)) & _UNDECIDED)
        | (Q(state__in=(*DECIDED, *AFTER_DECISION)) & _WITH_DECISION)
        | (Q(state__in=(ClaimState.VOIDED, ClaimState.REPLACED)) & (_UNDECIDED | _WITH_DECISION)),
        name="claims_claim_decided_by_whom",
        violation_error_message=_("A decided claim names its decision, its amounts, who decided and when."),
    ),
    CheckConstraint(
        condition=~Q(state=ClaimState.DENIED)
        | (
            ~Q(denial_reason_code="")
            & Q(denial_explanation__isnull=False, approved_amount=ZERO, paid_amount=ZERO)
        ),
        name="claims_claim_denied_why",
        violation_error_message=_("A denied claim has a reason, an explanation and no payment."),
    ),
    CheckConstraint(
        condition=~Q(state__in=(ClaimState.APPROVED, ClaimState.PARTIALLY_APPROVED))
        | Q(denial_reason_code="", denial_explanation__isnull=True),
        name="claims_claim_approved_without_denial",
        violation_error_message=_("An approved claim carries no denial reason."),
    ),
    CheckConstraint(
        condition=Q(frequency_code=FrequencyCode.ORIGINAL) | ~Q(original_reference=""),
        name="claims_claim_original_reference",
        violation_error_message=_("A replacement or void names the payer's original claim number."),
    ),
    CheckConstraint(
        condition=Q(due_at__gte=F("received_at")) & Q(received_at__gte=F("submitted_at")),
        name="claims_claim_times_in_order",
        violation_error_message=_("A claim is submitted, then received, then due."),
    ),
    CheckConstraint(
        condition=~Q(billing_npi=""),
        name="claims_claim_has_billing_npi",
        violation_error_message=_("Enter the billing provider's NPI."),
    ),
    npi("billing_npi", name="claims_claim_billing_npi"),
    npi("rendering_npi", name="claims_claim_rendering_npi"),
    npi("referring_npi", name="claims_claim_referring_npi"),
    npi("facility_npi", name="claims_claim_facility_npi"),
    in_order("service_date", "service_date_to", name="claims_claim_service_dates"),
    in_order("unable_to_work_from", "unable_to_work_to", name="claims_claim_unable_to_work_dates"),
    in_order("hospitalized_from", "hospitalized_to", name="claims_claim_hospital_dates"),
    CheckConstraint(
        condition=Q(accident_types__contained_by=[kind.value for kind in AccidentType]),
        name="claims_claim_accident_types",
        violation_error_message=_("An accident is employment, auto or other."),
    ),
    CheckConstraint(
        condition=(~Q(accident_types__contains=[AccidentType.AUTO.value]) & Q(accident_state=""))
        | Q(accident_state__regex=STATE),
        name="claims_claim_accident_state",
        violation_error_message=_("Enter the state where the auto accident happened."),
    ),
]
