"""A patient with its coverages, as the provider's staff enter them (ruling 19)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib import phi
from claimflow.lib.permissions import Refusal
from members import policies
from members.actions.doubles import organization_of, refuse_a_double
from members.models import Patient, PatientCoverage


@dataclass(frozen=True)
class CoverageFacts:
    """One coverage as typed. ``known_as`` is the row it came from; ``insured`` stands unless relationship is self."""

    payer_id: UUID
    plan_id: UUID | None
    member_id: str
    group_number: str = ""
    relationship: str = "self"
    insured: Mapping[str, str] | None = field(default=None, repr=False)
    effective_from: date | None = None
    effective_to: date | None = None
    known_as: UUID | None = None


class TwiceCovered(Refusal):
    """The same payer and member id twice on one patient."""


def save_patient(
    *,
    facts: Mapping[str, Any],
    coverages: Sequence[CoverageFacts],
    patient: Patient | None = None,
    is_another_person: bool = False,
    by: User,
) -> Patient:
    """Make or change a patient. A coverage that is not among ``coverages`` any more is put aside, not deleted.

    ``facts`` are names of ``Patient`` fields. Raises ``Forbidden``; ``LooksKnown`` for a new patient unless
    ``is_another_person``; ``TwiceCovered``.
    """
    policies.require_manage_patients(by)
    _refuse_twice(coverages)
    if patient is None:
        if not is_another_person:
            refuse_a_double(Patient, facts, by)
        patient = Patient(organization_id=organization_of(by))
    else:
        patient = Patient.objects.select_for_update().get(pk=patient.pk)
    is_new = patient._state.adding
    changed = store(patient, facts)
    covered = _save_coverages(patient, coverages)
    if is_new or changed or covered:
        record(
            Action.PATIENT_SAVED,
            SubjectKind.PATIENT,
            patient.pk,
            provider_id=patient.organization_id,
            fields=[*changed, *(f"coverage.{name}" for name in sorted(covered))],
        )
    return patient


def fill(row: Any, facts: Mapping[str, Any]) -> list[str]:
    """Set what differs; the names of the fields that did."""
    changed = [name for name, value in facts.items() if row._state.adding or phi.value(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return changed


def store(row: Any, facts: Mapping[str, Any]) -> list[str]:
    """Fill the row, index it and save what changed; the names of the fields that did."""
    is_new = row._state.adding
    changed = fill(row, facts)
    if not changed:
        return []
    indexes = phi.fill_blind_indexes(row)
    if is_new:
        row.save(force_insert=True)
    else:
        row.touch(*changed, *indexes)
    return changed


def _save_coverages(patient: Patient, coverages: Sequence[CoverageFacts]) -> set[str]:
    """The names of the fields that changed on any coverage."""
    known = {row.pk: row for row in PatientCoverage.objects.filter(patient=patient).select_for_update()}
    kept: list[PatientCoverage] = []
    changed: set[str] = set()
    for position, facts in enumerate(coverages, start=1):
        row = _row_of(patient, facts, known.values())
        kept.append(row)
        changed |= set(_save_coverage(row, facts, position))
    for row in known.values():
        if row not in kept and row.is_active:
            row.is_active = False
            row.touch("is_active")
            changed.add("is_active")
    return changed


def _row_of(patient: Patient, facts: CoverageFacts, known: Iterable[PatientCoverage]) -> PatientCoverage:
    """The row with this payer and member id, else the one it was typed over, else a new one."""
    index = phi.blind_indexes("member_id", facts.payer_id, facts.member_id)
    values = {one.value for one in index}
    for row in known:
        if row.payer_id == facts.payer_id and row.member_bidx in values:
            return row
    for row in known:
        if row.pk == facts.known_as:
            return row
    return PatientCoverage(patient=patient, organization_id=patient.organization_id)


def _save_coverage(row: PatientCoverage, facts: CoverageFacts, position: int) -> list[str]:
    wanted = {
        "payer_id": facts.payer_id,
        "plan_id": facts.plan_id,
        "member_id": facts.member_id,
        "group_number": facts.group_number or None,
        "relationship": facts.relationship,
        "insured": dict(facts.insured) if facts.insured else None,
        "effective_from": facts.effective_from,
        "effective_to": facts.effective_to,
        "position": position,
        "is_active": True,
    }
    return store(row, wanted)


def _refuse_twice(coverages: Sequence[CoverageFacts]) -> None:
    seen = set()
    for facts in coverages:
        key = phi.blind_index("member_id", facts.payer_id, facts.member_id).value
        if key in seen:
            raise TwiceCovered(
                _("The same payer and member ID are entered twice. Remove one of the two coverages."),
                code="twice_covered",
            )
        seen.add(key)
