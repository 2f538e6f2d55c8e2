"""The patient and the coverage of a claim, kept on the provider's own list so that the next claim finds them
(ruling 19). The claim freezes what was typed; this list follows the newest spelling."""

from dataclasses import asdict
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib import phi
from claims.edits.entry import ClaimEntry, CoverageEntry, InsuredEntry
from members.actions.save_patient import store
from members.enums import Relationship
from members.models import Patient, PatientCoverage, Plan


def remember_patient(*, entry: ClaimEntry, plan: Plan, by: User) -> Patient:
    """Find the patient that was picked or is known by member id, last name and birth date; else make one.

    The entry has no blocking finding. What changed is written and recorded; a known patient whose data are
    the same is left alone.
    """
    patient = _picked(entry, by) or _known(entry, plan, by) or _made_meanwhile(entry, plan, by)
    if patient is None:
        patient = Patient(organization_id=by.organization_pk)
    changed = store(patient, _facts(entry))
    covered = _remember_coverage(patient, entry.coverage, plan)
    if changed or covered:
        record(
            Action.PATIENT_SAVED,
            SubjectKind.PATIENT,
            patient.pk,
            provider_id=by.organization_pk,
            fields=[*changed, *(f"coverage.{name}" for name in covered)],
        )
    return patient


def _picked(entry: ClaimEntry, by: User) -> Patient | None:
    if entry.patient.known_as is None:
        return None
    return Patient.objects.visible_to(by).filter(pk=entry.patient.known_as).first()


def _known(entry: ClaimEntry, plan: Plan, by: User) -> Patient | None:
    members = [
        index.value for index in phi.blind_indexes("member_id", plan.payer_id, entry.coverage.member_id)
    ]
    births = [
        index.value
        for index in phi.blind_indexes(
            "birth", by.organization_pk, entry.patient.last_name, str(entry.patient.birth_date)
        )
    ]
    return (
        Patient.objects.visible_to(by)
        .filter(birth_bidx__in=births, coverages__payer_id=plan.payer_id, coverages__member_bidx__in=members)
        .order_by("created_at", "id")
        .first()
    )


def _made_meanwhile(entry: ClaimEntry, plan: Plan, by: User) -> Patient | None:
    """Two claims for the same new patient, sent at once, make one patient: whoever comes second waits here until
    the first has committed, finds it, and gives the lock back at once (a savepoint that is rolled back does)."""
    member = phi.blind_index("member_id", plan.payer_id, entry.coverage.member_id)
    before = transaction.savepoint()
    with connection.cursor() as cursor:
        key = f"{by.organization_pk}{member.value}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 19))", [key])
    patient = _known(entry, plan, by)
    if patient is None:
        transaction.savepoint_commit(before)
    else:
        transaction.savepoint_rollback(before)
    return patient


def _facts(entry: ClaimEntry) -> dict[str, Any]:
    """What is kept of a patient. An empty box of this claim does not wipe what an earlier one told."""
    patient = entry.patient
    facts = {
        "last_name": patient.last_name,
        "first_name": patient.first_name,
        "birth_date": patient.birth_date,
        "sex": patient.sex.value if patient.sex else "",
        "address": asdict(patient.address) if patient.address else None,
        "phone": patient.phone,
        "account_number": patient.account_number,
    }
    return {name: value for name, value in facts.items() if value}


def _remember_coverage(patient: Patient, coverage: CoverageEntry, plan: Plan) -> list[str]:
    members = [index.value for index in phi.blind_indexes("member_id", plan.payer_id, coverage.member_id)]
    row = PatientCoverage.objects.filter(
        patient=patient, payer_id=plan.payer_id, member_bidx__in=members
    ).first() or PatientCoverage(
        patient=patient, organization_id=patient.organization_id, payer_id=plan.payer_id
    )
    relationship = coverage.relationship or Relationship.SELF
    facts = {
        "plan_id": plan.pk,
        "member_id": coverage.member_id,
        "relationship": relationship.value,
        "insured": None if relationship == Relationship.SELF else _insured(coverage.insured),
        **({"group_number": coverage.group_number} if coverage.group_number else {}),
    }
    return store(row, facts)


def _insured(insured: InsuredEntry) -> dict[str, str]:
    return {
        "first_name": insured.first_name,
        "last_name": insured.last_name,
        "birth_date": insured.birth_date.isoformat() if insured.birth_date else "",
        "sex": insured.sex.value if insured.sex else "",
    }
