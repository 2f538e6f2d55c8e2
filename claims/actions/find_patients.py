"""Exact search among the organization's own patients (rulings 19, 31), recorded with whom it found."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from audit.actions import Seen, record_access
from audit.enums import Action, SubjectKind
from claimflow.lib import phi
from codes.formats import member_key
from members.models import Patient, PatientCoverage

MOST = 10


@dataclass(frozen=True)
class PatientHit:
    """A patient and one of the coverages that are kept for it (None if there is none)."""

    patient: Patient
    coverage: PatientCoverage | None


def find_patients(
    *,
    member_id: str = "",
    last_name: str = "",
    birth_date: date | None = None,
    first_name: str = "",
    by: User,
) -> list[PatientHit]:
    """By member id; else by last name and birth date, or by last and first name. At most ten, the newest
    first."""
    coverages = PatientCoverage.objects.visible_to(by).filter(is_active=True, patient__is_active=True)
    if member_key(member_id):
        hits = [
            PatientHit(each.patient, each)
            for each in _newest(coverages.filter(member_bidx__in=_member_indexes(member_id, by)))
        ]
    else:
        hits = _by_name(last_name, birth_date, first_name, coverages, by)
    record_access(
        Action.PATIENTS_SEARCHED,
        [
            Seen(
                SubjectKind.PATIENT,
                hit.patient.pk,
                by.organization_id,
                None,
                hit.coverage.member_bidx if hit.coverage else None,
                hit.coverage.bi_key_id if hit.coverage else None,
            )
            for hit in hits
        ],
    )
    return hits


def get_patient(*, patient_id: Any, coverage_id: Any, by: User) -> PatientHit | None:
    """The patient that was picked, recorded as seen; None for one that is not the organization's."""
    patient = Patient.objects.visible_to(by).filter(pk=patient_id).first()
    if patient is None:
        return None
    coverage = (
        PatientCoverage.objects.visible_to(by).filter(pk=coverage_id, patient=patient).first()
        if coverage_id
        else None
    )
    record_access(
        Action.PATIENT_VIEWED,
        [
            Seen(
                SubjectKind.PATIENT,
                patient.pk,
                by.organization_id,
                None,
                coverage.member_bidx if coverage else None,
                coverage.bi_key_id if coverage else None,
            )
        ],
    )
    return PatientHit(patient, coverage)


def _member_indexes(member_id: str, by: User) -> list[str]:
    """A member id is indexed under its payer: ask for each payer that the organization has patients with."""
    payers = PatientCoverage.objects.visible_to(by).order_by().values_list("payer_id", flat=True).distinct()
    return [index.value for payer in payers for index in phi.blind_indexes("member_id", payer, member_id)]


def _by_name(
    last_name: str, birth_date: date | None, first_name: str, coverages: Any, by: User
) -> list[PatientHit]:
    patients = Patient.objects.visible_to(by).filter(is_active=True)
    if not last_name or not (birth_date or first_name):
        return []
    purpose, second = ("birth", str(birth_date)) if birth_date else ("name", first_name)
    indexes = [index.value for index in phi.blind_indexes(purpose, by.organization_pk, last_name, second)]
    found = list(patients.filter(**{f"{purpose}_bidx__in": indexes}).order_by("-created_at", "-id")[:MOST])
    theirs: dict[Any, list[PatientCoverage | None]] = {}
    for coverage in _newest(coverages.filter(patient__in=found)):
        theirs.setdefault(coverage.patient_id, []).append(coverage)
    return [
        PatientHit(patient, coverage) for patient in found for coverage in (theirs.get(patient.pk) or [None])
    ][:MOST]


def _newest(coverages: Any) -> list[PatientCoverage]:
    return list(coverages.select_related("patient", "payer", "plan").order_by("-updated_at", "-id")[:MOST])
