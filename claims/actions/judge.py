"""Ask everybody who knows something about a claim, and judge it by the edits.

The same rules run twice: on the provider's side before a claim is made, on the payer's side at its receipt,
both times by the rule set in force when the claim was made (product.md).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.enums import OrganizationKind, OrganizationStatus
from accounts.models import Organization, User
from claimflow.lib import phi
from claims.edits import Finding, run
from claims.edits.entry import ClaimEntry, CoverageEntry, LineEntry
from claims.edits.facts import (
    CircumstanceFacts,
    ClaimFacts,
    CodeBook,
    DiagnosisFacts,
    MemberIdShape,
    PatientFacts,
    PayerRules,
    ResubmissionFacts,
    ServiceLineFacts,
)
from claims.enums import AccidentType, ClaimState, ClaimType, FrequencyCode, Severity, UnitBasis
from claims.models import Claim, RuleSet, ServiceLine
from claims.workflow import ENDED, FINALIZED
from codes import answers
from codes.formats import is_icd10cm, is_member_id
from codes.models import Icd10Code, Modifier, PlaceOfService, Procedure
from members.enums import Relationship, Standing
from members.models import BillingProvider, Plan

STANDING_OF = {"yes": Standing.IN_FORCE, "no": Standing.NOT_IN_FORCE, "unknown": Standing.UNKNOWN}
MOST_SAME = 3
Answers = Mapping[str, answers.ProcedureAnswer | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """The facts, what the edits found in them, and the rows they came from."""

    facts: ClaimFacts
    findings: list[Finding]
    payer: Organization | None
    plan: Plan | None
    rule_set: RuleSet | None
    billing: BillingProvider | None
    procedures: Answers
    words: Mapping[str, str]
    """What each known code means."""

    @property
    def blocks(self) -> bool:
        return any(finding.blocks for finding in self.findings)


def judge(*, entry: ClaimEntry, today: date, standing: Standing | None = None, by: User) -> Judged:
    """Judge what a provider entered. ``standing`` is the payer's answer about the coverage, if it was
    asked."""
    payer = payer_of(entry.coverage)
    plan = plan_of(entry.coverage, payer)
    rule_set = rules_in_force(payer, today) if payer else None
    billing = BillingProvider.objects.visible_to(by).filter(npi=entry.parties.billing_npi).first()
    day = entry.first_service or today
    procedures = Procedure.objects.judge_many(line.procedure for line in entry.lines)
    diagnoses = answers_on(entry.diagnoses, day)
    patient = entry.patient
    facts = ClaimFacts(
        today=today,
        has_payer=payer is not None,
        has_plan=plan is not None,
        payer=payer_rules(payer, rule_set),
        patient=PatientFacts(
            last_name=patient.last_name,
            first_name=patient.first_name,
            birth_date=patient.birth_date,
            sex=patient.sex or "",
            member_id=entry.coverage.member_id,
            relationship=entry.coverage.relationship,
            insured_last_name=entry.coverage.insured.last_name,
            insured_first_name=entry.coverage.insured.first_name,
            standing=standing,
        ),
        billing_npi=entry.parties.billing_npi,
        billing_listed=billing is not None,
        rendering_npi=entry.parties.rendering.npi,
        referring_npi=entry.parties.referring.npi,
        facility_npi=entry.parties.facility.npi,
        diagnoses=_diagnosis_facts(entry.diagnoses, diagnoses),
        lines=tuple(_line_facts(line, procedures) for line in entry.lines),
        circumstances=_circumstance_facts(entry),
        resubmission=_resubmission_facts(entry, by),
        codes=code_book(),
        claim_type=entry.claim_type,
        account_number=patient.account_number,
        authorization_number=entry.authorization_number,
        same_service_claims=same_service(entry, payer, by),
    )
    words = {
        code: answer.description
        for code, answer in {**diagnoses, **procedures}.items()
        if answer and answer.known and answer.description
    }
    return Judged(facts, run(facts), payer, plan, rule_set, billing, procedures, words)


def judge_received(
    *, claim: Claim, lines: Iterable[ServiceLine], codes: Iterable[str], today: date
) -> Judged:
    """Judge what was stored, on the payer's side, by the rule set the claim was made under."""
    lines, codes = list(lines), list(codes)
    procedures = Procedure.objects.judge_many(line.procedure_code for line in lines)
    facts = ClaimFacts(
        today=today,
        payer=payer_rules(claim.payer, claim.rule_set),
        patient=PatientFacts(
            last_name=phi.value(claim, "patient_last_name"),
            first_name=phi.value(claim, "patient_first_name"),
            birth_date=phi.value(claim, "patient_birth_date"),
            sex=claim.patient_sex,
            member_id=phi.value(claim, "member_id"),
            relationship=Relationship(claim.relationship),
            insured_last_name=phi.value(claim, "insured_last_name") or "",
            insured_first_name=phi.value(claim, "insured_first_name") or "",
        ),
        billing_npi=claim.billing_npi,
        rendering_npi=claim.rendering_npi,
        referring_npi=claim.referring_npi,
        facility_npi=claim.facility_npi,
        diagnoses=_diagnosis_facts(codes, answers_on(codes, claim.service_date)),
        lines=tuple(_stored_line_facts(line, procedures) for line in lines),
        circumstances=CircumstanceFacts(
            accident=AccidentType(claim.accident_types[0]) if claim.accident_types else None,
            accident_date=claim.accident_date,
            accident_state=claim.accident_state,
            onset_date=claim.onset_date,
            unable_to_work_from=claim.unable_to_work_from,
            unable_to_work_to=claim.unable_to_work_to,
            admitted_on=claim.hospitalized_from,
            discharged_on=claim.hospitalized_to,
        ),
        resubmission=ResubmissionFacts(FrequencyCode(claim.frequency_code), claim.original_reference),
        codes=code_book(),
        claim_type=ClaimType(claim.claim_type),
    )
    return Judged(facts, run(facts), claim.payer, None, claim.rule_set, None, procedures, {})


# --- Whom and what the claim names --------------------------------------------------------------------------


def payer_of(coverage: CoverageEntry) -> Organization | None:
    """An active payer, or None."""
    if coverage.payer_id is None:
        return None
    return Organization.objects.filter(
        pk=coverage.payer_id, kind=OrganizationKind.PAYER.value, status=OrganizationStatus.ACTIVE.value
    ).first()


def plan_of(coverage: CoverageEntry, payer: Organization | None) -> Plan | None:
    """The chosen plan if it is this payer's; the payer's only plan if none was chosen."""
    if payer is None:
        return None
    plans = Plan.objects.filter(payer=payer, is_active=True)
    if coverage.plan_id is not None:
        return plans.filter(pk=coverage.plan_id).first()
    found = list(plans[:2])
    return found[0] if len(found) == 1 else None


def rules_in_force(payer: Organization, day: date) -> RuleSet | None:
    """The newest activated rule set of that day; None: the defaults of ``PayerRules`` hold."""
    return (
        RuleSet.objects.filter(payer=payer, activated_at__isnull=False, effective_from__lte=day)
        .order_by("-effective_from", "-version")
        .first()
    )


def payer_rules(payer: Organization | None, rule_set: RuleSet | None) -> PayerRules:
    """The public part of a rule set as the edits read it."""
    name = payer.name if payer else ""
    if rule_set is None:
        return PayerRules(name=name)
    return PayerRules(
        name=name,
        filing_limit_days=rule_set.filing_limit_days,
        member_id=MemberIdShape(
            rule_set.member_id_shortest, rule_set.member_id_longest, rule_set.member_id_hyphens
        ),
        severities={code: Severity(word) for code, word in rule_set.severities.items()},
    )


def local_day(user: User) -> date:
    """Today in the zone of the person's organization (ruling 17)."""
    return timezone.localdate(timezone=user.time_zone)


def same_service(entry: ClaimEntry, payer: Organization | None, by: User) -> tuple[str, ...]:
    """Numbers of own claims, open or decided, for the same member, procedure and first day of a line."""
    member_id = entry.coverage.member_id
    wanted = Q()
    for line in entry.lines:
        if line.procedure and line.service_from:
            wanted |= Q(lines__procedure_code=line.procedure, lines__date_from=line.service_from)
    if payer is None or not wanted or not is_member_id(member_id):
        return ()
    indexes = [index.value for index in phi.blind_indexes("member_id", payer.pk, member_id)]
    numbers = (
        Claim.objects.visible_to(by)
        .filter(wanted, payer=payer, member_bidx__in=indexes, claim_number__isnull=False)
        .exclude(state__in=ENDED)
        .order_by("claim_number")
        .values_list("claim_number", flat=True)
        .distinct()
    )
    return tuple(numbers[:MOST_SAME])


# --- Codes --------------------------------------------------------------------------------------------------


def code_book() -> CodeBook:
    """The short lists, whole."""
    return CodeBook(modifiers=Modifier.objects.known(), places=PlaceOfService.objects.known())


def answers_on(codes: Iterable[str], day: date) -> dict[str, answers.CodeAnswer]:
    """By code, what the release that holds on that day says; codes without the shape of ICD-10-CM are left
    out."""
    judged = Icd10Code.objects.judge_many((code, day) for code in codes if is_icd10cm(code))
    return {code: answer for (code, _day), answer in judged.items()}


def _diagnosis_facts(
    codes: Iterable[str], answered: Mapping[str, answers.CodeAnswer]
) -> tuple[DiagnosisFacts, ...]:
    return tuple(DiagnosisFacts(code, answered.get(code)) for code in codes)


# --- Parts of the facts -------------------------------------------------------------------------------------


def _line_facts(line: LineEntry, procedures: Answers) -> ServiceLineFacts:
    return ServiceLineFacts(
        procedure=line.procedure,
        answer=procedures.get(line.procedure),
        modifiers=line.modifiers,
        pointers=line.pointers,
        service_from=line.service_from,
        service_to=line.service_to,
        place_of_service=line.place_of_service,
        units=line.units,
        unit_basis=line.unit_basis,
        charge=line.charge,
        rendering_npi=line.rendering_npi,
    )


def _stored_line_facts(line: ServiceLine, procedures: Answers) -> ServiceLineFacts:
    return ServiceLineFacts(
        procedure=line.procedure_code,
        answer=procedures.get(line.procedure_code),
        modifiers=tuple(line.modifiers),
        pointers=tuple(line.pointers),
        service_from=line.date_from,
        service_to=line.date_to,
        place_of_service=line.place_of_service,
        units=line.units,
        unit_basis=UnitBasis(line.unit_basis),
        charge=line.charge,
        rendering_npi=line.rendering_npi,
    )


def _circumstance_facts(entry: ClaimEntry) -> CircumstanceFacts:
    told = entry.circumstances
    return CircumstanceFacts(
        accident=told.accident,
        accident_date=told.accident_date,
        accident_state=told.accident_state,
        onset_date=told.onset_date,
        unable_to_work_from=told.unable_to_work_from,
        unable_to_work_to=told.unable_to_work_to,
        admitted_on=told.admitted_on,
        discharged_on=told.discharged_on,
    )


def _resubmission_facts(entry: ClaimEntry, by: User) -> ResubmissionFacts:
    facts = ResubmissionFacts(entry.frequency, entry.original_number)
    if not entry.original_number:
        return facts
    state = (
        Claim.objects.visible_to(by)
        .filter(claim_number=entry.original_number)
        .values_list("state", flat=True)
        .first()
    )
    return facts if state is None else replace(facts, original_finalized=ClaimState(state) in FINALIZED)
