"""A biller sends a claim: draft or form in, claim out, in the caller's one transaction (rulings 6, 9, 18)."""

from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit.enums import Action, Detail
from claimflow.lib import phi
from claimflow.lib.db.context import as_system
from claimflow.lib.permissions import Refusal
from claims import policies
from claims.actions.judge import Judged, judge
from claims.actions.keep_findings import keep_findings
from claims.actions.receive import receive
from claims.actions.remember_patient import remember_patient
from claims.actions.standing import record_move
from claims.edits.entry import ClaimEntry, PartyEntry
from claims.enums import Channel, ClaimState, Stage, Turn
from claims.models import (
    Claim,
    ClaimDraft,
    ClaimSnapshot,
    Diagnosis,
    ProviderNote,
    ServiceLine,
)
from claims.models.service_line import LETTERS
from codes.formats import procedure_system
from members.enums import Relationship, Standing
from members.models import Facility, Patient, Practitioner

T = TypeVar("T")
FORM_TOKEN_ONCE = "claims_claim_form_token_once"  # noqa: S105  (a constraint)


class Unfit(Refusal):
    """The claim has findings that block it; ``findings`` are all of them, for the places where they stand,
    and ``words`` what the codes mean."""

    def __init__(self, judged: Judged) -> None:
        self.findings, self.words = judged.findings, judged.words
        blocking = [finding for finding in judged.findings if finding.blocks]
        super().__init__(f"{blocking[0].sentence} {blocking[0].mend}", code=blocking[0].code)


def submit(
    *,
    entry: ClaimEntry,
    form_token: UUID,
    draft: ClaimDraft | None = None,
    channel: Channel = Channel.WEB,
    standing: Standing | None = None,
    at: datetime | None = None,
    by: User,
) -> Claim:
    """Make a claim, have it received, and return it with its number.

    One form token makes one claim: whoever comes second with it, one after the other or at once, is given
    the first one's claim. ``standing`` is the payer's answer about the coverage, if it was asked. ``at`` is
    for the demonstration's seed. Raises ``Forbidden``, or ``Unfit`` with every finding when one of them
    blocks. So it is at the web's door; at a file's door nobody is there to mend the claim, so it is made and
    rejected at receipt (277CA), as long as payer, plan and billing provider are known.
    """
    policies.require_submit(by)
    moment = at or timezone.now()
    if earlier := _made_before(form_token, by):
        return earlier
    today = timezone.localdate(moment, timezone=by.time_zone)
    judged = judge(entry=entry, today=today, standing=standing, by=by)
    if judged.blocks and (channel == Channel.WEB or judged.plan is None or judged.billing is None):
        raise Unfit(judged)
    try:
        with transaction.atomic():
            claim = _write(entry, judged, form_token, draft, channel, moment, by)
    except IntegrityError as error:
        made = _made_before(form_token, by) if _is_second(error) else None
        if made is None:
            raise
        return made
    with as_system("receive"):
        receive(claim=claim, at=moment)
    return claim


def _made_before(form_token: UUID, by: User) -> Claim | None:
    found: Claim | None = Claim.objects.visible_to(by).filter(form_token=form_token).first()
    return found


def _is_second(error: IntegrityError) -> bool:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == FORM_TOKEN_ONCE


def _write(
    entry: ClaimEntry,
    judged: Judged,
    form_token: UUID,
    draft: ClaimDraft | None,
    channel: Channel,
    moment: datetime,
    by: User,
) -> Claim:
    assert judged.plan is not None  # noqa: S101  (no blocking finding: payer and plan are there)
    patient = remember_patient(entry=entry, plan=judged.plan, by=by)
    claim = _claim(entry, judged, patient, by)
    claim.form_token, claim.channel = form_token, channel.value
    claim.submitted_at = claim.received_at = claim.due_at = moment
    claim.prior_claim = draft.predecessor if draft else None
    phi.fill_blind_indexes(claim)
    claim.save(force_insert=True)
    ServiceLine.objects.bulk_create(_lines(claim, entry, judged))
    Diagnosis.objects.bulk_create(
        Diagnosis(**claim.as_parent(), letter=letter, code=code)
        for letter, code in zip(LETTERS, entry.diagnoses, strict=False)
    )
    keep_findings(claim=claim, findings=judged.findings, stage=Stage.SUBMISSION)
    ClaimSnapshot.of(claim, snapshot_of(entry)).save(force_insert=True)
    if entry.note:
        ProviderNote(**claim.as_parent(), author=by, body=entry.note).save(force_insert=True)
    if draft is not None:
        _finish_draft(draft)
    record_move(
        Action.CLAIM_SUBMITTED,
        claim,
        "draft",
        {
            Detail.CHANNEL: claim.channel,
            Detail.FINDINGS: len(judged.findings),
            **({Detail.PREDECESSOR: claim.prior_claim_id} if claim.prior_claim_id else {}),
        },
    )
    return claim


def _finish_draft(draft: ClaimDraft) -> None:
    """The draft has become a claim; a rejected claim that it repeats waits for nobody any more."""
    earlier = draft.predecessor
    if earlier is not None and earlier.state == ClaimState.REJECTED and earlier.turn != Turn.NONE:
        earlier.turn = Turn.NONE.value
        earlier.touch("turn")
    draft.delete()


# --- The rows -----------------------------------------------------------------------------------------------


def _claim(entry: ClaimEntry, judged: Judged, patient: Patient, by: User) -> Claim:
    plan, billing = judged.plan, judged.billing
    assert plan is not None and billing is not None  # noqa: PT018, S101  (no blocking finding)
    coverage, told, parties = entry.coverage, entry.circumstances, entry.parties
    dependent = coverage.relationship != Relationship.SELF
    auto = told.accident is not None and told.accident.value == "auto"
    return Claim(
        provider_id=by.organization_pk,
        payer=judged.payer,
        plan=plan,
        line_of_business=plan.line_of_business,
        jurisdiction=plan.state,
        claim_type=entry.claim_type.value,
        frequency_code=entry.frequency.value,
        original_reference=entry.original_number,
        rule_set=judged.rule_set,
        submitted_by=by,
        billed_amount=entry.charge,
        amount_paid_by_patient=entry.amount_paid_by_patient or Decimal("0.00"),
        service_date=_stated(entry.first_service),
        service_date_to=max(filter(None, (line.service_to or line.service_from for line in entry.lines))),
        cpt_code=entry.lines[0].procedure,
        icd10_code=entry.diagnoses[0],
        billing_provider=billing,
        billing_npi=billing.npi,
        billing_name=billing.name,
        billing_taxonomy=billing.taxonomy,
        billing_tax_id=phi.value(billing, "tax_id"),
        billing_tax_id_kind=billing.tax_id_kind if billing.tax_id is not None else "",
        **_party("rendering", parties.rendering, by),
        **_party("referring", parties.referring, by),
        referring_qualifier=(parties.referring_qualifier or "") if parties.referring.npi else "",
        **_facility(parties.facility, by),
        patient=patient,
        patient_first_name=entry.patient.first_name,
        patient_last_name=entry.patient.last_name,
        patient_birth_date=_stated(entry.patient.birth_date),
        patient_sex=_stated(entry.patient.sex),
        patient_address=asdict(entry.patient.address) if entry.patient.address else None,
        patient_phone=entry.patient.phone or None,
        patient_account_number=entry.patient.account_number or None,
        relationship=_stated(coverage.relationship),
        member_id=coverage.member_id,
        group_number=coverage.group_number or None,
        insured_first_name=(coverage.insured.first_name or None) if dependent else None,
        insured_last_name=(coverage.insured.last_name or None) if dependent else None,
        insured_birth_date=coverage.insured.birth_date if dependent else None,
        insured_sex=(coverage.insured.sex or "") if dependent else "",
        has_other_coverage=coverage.has_other_coverage,
        other_insured=_other(entry),
        authorization_number=entry.authorization_number or None,
        accident_types=[told.accident.value] if told.accident else [],
        accident_state=told.accident_state if auto else "",
        accident_date=told.accident_date if told.accident else None,
        onset_date=told.onset_date,
        onset_qualifier=(told.onset_qualifier or "") if told.onset_date else "",
        unable_to_work_from=told.unable_to_work_from,
        unable_to_work_to=told.unable_to_work_to,
        hospitalized_from=told.admitted_on,
        hospitalized_to=told.discharged_on,
        additional_information=told.additional_information or None,
        outside_lab=told.outside_lab,
        outside_lab_charge=told.outside_lab_charge if told.outside_lab else None,
        patient_signature_on_file=entry.consents.patient_signature_on_file,
        benefits_assigned=entry.consents.benefits_assigned,
        accepts_assignment=entry.consents.accepts_assignment,
    )


def _stated(value: T | None) -> T:
    """What no claim is stored without; the edits block a claim that lacks it."""
    if value is None:
        raise ValueError("A claim without a day, a charge or a birth date cannot be stored.")
    return value


def _other(entry: ClaimEntry) -> dict[str, str] | None:
    coverage = entry.coverage
    if not coverage.has_other_coverage or not (coverage.other_payer or coverage.other_member_id):
        return None
    return {"payer_name": coverage.other_payer, "member_id": coverage.other_member_id}


def _party(role: str, party: PartyEntry, by: User) -> dict[str, Any]:
    """NPI and name frozen, and the reference if the person is on the own list."""
    if not party.npi:
        return {}
    own = Practitioner.objects.visible_to(by).filter(npi=party.npi).first()
    return {
        f"{role}_npi": party.npi,
        f"{role}_name": party.name or (own.name if own else ""),
        f"{role}_practitioner": own,
    }


def _facility(party: PartyEntry, by: User) -> dict[str, Any]:
    if not party.npi:
        return {"facility_name": party.name}
    own = Facility.objects.visible_to(by).filter(npi=party.npi).first()
    return {
        "facility_npi": party.npi,
        "facility_name": party.name or (own.name if own else ""),
        "facility": own,
    }


def _lines(claim: Claim, entry: ClaimEntry, judged: Judged) -> list[ServiceLine]:
    lines = []
    for number, line in enumerate(entry.lines, start=1):
        system, answer = procedure_system(line.procedure), judged.procedures.get(line.procedure)
        lines.append(
            ServiceLine(
                **claim.as_parent(),
                line_no=number,
                procedure_system=system.value if system else "",
                procedure_code=line.procedure,
                description=answer.description if answer else "",
                modifiers=list(line.modifiers),
                pointers=list(line.pointers),
                date_from=_stated(line.service_from),
                date_to=line.service_to or _stated(line.service_from),
                place_of_service=line.place_of_service,
                units=_stated(line.units),
                unit_basis=line.unit_basis.value,
                charge=_stated(line.charge),
                rendering_npi=line.rendering_npi,
                is_emergency=line.is_emergency,
                is_epsdt=line.is_epsdt,
            )
        )
    return lines


def snapshot_of(entry: ClaimEntry) -> dict[str, Any]:
    """What was submitted, as JSON: days and amounts as text. The provider's own note is not part of the
    claim."""
    told = {field.name: getattr(entry, field.name) for field in fields(entry) if field.name != "note"}
    return {"form": 1, **{name: _plain(value) for name, value in told.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
