"""Every CHECK of the tables of claims, from both sides."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest

from claimflow.lib.system_user import SYSTEM_USER_ID
from claims.enums import (
    Channel,
    ClaimState,
    Clock,
    DecisionKind,
    DraftPurpose,
    FrequencyCode,
    LineOutcome,
    NoteKind,
    ProposalState,
    PublicStatus,
    RunItemState,
    RunState,
    Severity,
    Side,
    Stage,
    Turn,
    UnitBasis,
)
from intelligence.enums import PrioritySource
from members.enums import LineOfBusiness, Relationship, Sex
from tests.checks import Row, checks_of, judge

pytestmark = pytest.mark.usefixtures("django_db_setup")

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = date(2026, 11, 20)
SOMEBODY = "01a1fe8a-5c01-7279-b7f7-2822b94458c1"
ANOTHER = "01a1fe8a-5c01-7279-b7f7-2822b94458c2"
HASH = "0a" * 32
UNDECIDED: Row = {"adjudicated_by_id": None, "adjudicated_at": None, "approved_amount": None}
DECIDED: Row = {
    "adjudicated_by_id": SOMEBODY,
    "adjudicated_at": NOW,
    "approved_amount": 0,
    "paid_amount": 0,
    "patient_responsibility": 0,
    "current_decision_id": SOMEBODY,
}
AMOUNTS: Row = {
    "charge": 100, "allowed": 80, "paid": 79, "deductible": 0, "copay": 1, "coinsurance": 0,
    "patient_responsibility": 1,
}  # fmt: skip
DENIED: Row = {
    "state": "denied", "denial_reason_code": "x", "denial_explanation": b"x", "approved_amount": 0, "paid_amount": 0,
}  # fmt: skip
REFUSAL: Row = {
    "outcome": "denied", "denial_reason_code": "x", "explanation": b"x", "allowed": 0, "paid": 0,
}  # fmt: skip
RULES: Row = {"version": 1, "filing_limit_days": 365, "member_id_shortest": 1, "member_id_longest": 50}
NEGATED: Row = {name: -amount for name, amount in AMOUNTS.items()}
TOTALS: Row = {"kind": "original", "charge": 100, "allowed": 80, "paid": 79, "patient_responsibility": 1}


def words(column: str, enum: type[StrEnum]) -> list[tuple[Row, bool]]:
    return [*(({column: member.value}, True) for member in enum), ({column: "?"}, False)]


def npi(column: str) -> list[tuple[Row, bool]]:
    accepted = ["", "1234567893", "2000000000"]
    refused = ["3234567893", "123456789", "12345678X3"]
    return [*(({column: text}, True) for text in accepted), *(({column: text}, False) for text in refused)]


def dates(start: str, end: str) -> list[tuple[Row, bool]]:
    return [
        ({start: DAY, end: None}, True),
        ({start: DAY, end: DAY}, True),
        ({start: DAY, end: DAY - timedelta(days=1)}, False),
    ]


def number(text: str, n: int, day: date | None = DAY) -> Row:
    return {"claim_number": text, "number_day": day, "number_n": n}


def status(state: str, public: str | None) -> Row:
    return {"state": state, "public_status": public}


def standing(state: str, turn: str, clock: str) -> Row:
    return {"state": state, "turn": turn, "clock": clock}


CASES: dict[str, list[tuple[Row, bool]]] = {
    "claims_claim_line_of_business": words("line_of_business", LineOfBusiness),
    "claims_claim_channel": words("channel", Channel),
    "claims_claim_frequency": words("frequency_code", FrequencyCode),
    "claims_claim_state": words("state", ClaimState),
    "claims_claim_turn": words("turn", Turn),
    "claims_claim_clock": words("clock", Clock),
    "claims_claim_priority_source": words("priority_source", PrioritySource),
    "claims_claim_patient_sex": words("patient_sex", Sex),
    "claims_claim_relationship": words("relationship", Relationship),
    "claims_claim_open_types": [({"claim_type": "professional"}, True), ({"claim_type": "dental"}, False)],
    "claims_claim_jurisdiction": [({"jurisdiction": "NY"}, True), ({"jurisdiction": "ny"}, False)],
    "claims_claim_number_spelled": [
        ({"claim_number": None, "number_day": None, "number_n": None}, True),
        (number("CLM-20261120-0001", 1), True),
        (number("CLM-20261120-9999", 9_999), True),
        (number("CLM-20261120-10000", 10_000), True),
        (number("CLM-20261120-1000", 10_000), False),
        (number("CLM-20261120-0002", 1), False),
        (number("CLM-20261121-0001", 1), False),
        (number("CLM-20261120-0000", 0), False),
        (number("CLM-20261120-0001", 1, day=None), False),
        ({"claim_number": None, "number_day": DAY, "number_n": 1}, False),
    ],
    "claims_claim_numbered": [
        ({"state": "submitted", "claim_number": None}, True),
        ({"state": "received", "claim_number": "CLM-20261120-0001"}, True),
        ({"state": "received", "claim_number": None}, False),
        ({"state": "rejected", "claim_number": None}, False),
    ],
    "claims_claim_public_status": [
        *((status(state, "submitted"), True) for state in ("submitted", "received", "in_review", "pended")),
        (status("approved", "approved"), True),
        (status("partially_approved", "approved"), True),
        (status("denied", "denied"), True),
        *((status("remitted", public), True) for public in ("approved", "denied")),
        *((status("under_appeal", public), True) for public in ("approved", "denied")),
        *((status(state, None), True) for state in ("rejected", "voided", "replaced")),
        (status("received", None), False),
        (status("received", "approved"), False),
        (status("approved", "denied"), False),
        (status("denied", "approved"), False),
        (status("remitted", "submitted"), False),
        (status("remitted", None), False),
        (status("voided", "submitted"), False),
    ],
    "claims_claim_turn_and_clock": [
        (standing("submitted", "payer", "stopped"), True),
        (standing("received", "payer", "running"), True),
        (standing("pended", "provider", "paused"), True),
        (standing("pended", "payer", "running"), True),
        (standing("approved", "none", "stopped"), True),
        (standing("rejected", "provider", "stopped"), True),
        (standing("rejected", "none", "stopped"), True),
        (standing("rejected", "payer", "stopped"), False),
        (standing("under_appeal", "payer", "running"), True),
        (standing("received", "payer", "stopped"), False),
        (standing("received", "provider", "running"), False),
        (standing("pended", "provider", "stopped"), False),
        (standing("approved", "none", "running"), False),
        (standing("voided", "payer", "stopped"), False),
    ],
    "claims_claim_priority": [
        ({"priority": "urgent", "rank": 1, "rank_desc": -1}, True),
        ({"priority": "routine", "rank": 3, "rank_desc": -3}, True),
        ({"priority": "urgent", "rank": 2, "rank_desc": -2}, False),
        ({"priority": "standard", "rank": 2, "rank_desc": 2}, False),
        ({"priority": "later", "rank": 4, "rank_desc": -4}, False),
    ],
    "claims_claim_billed": [
        ({"billed_amount": 1}, True),
        ({"billed_amount": 9_999_999_999}, True),
        ({"billed_amount": 0}, False),
        ({"billed_amount": 10_000_000_000}, False),
    ],
    "claims_claim_approved": [
        ({"billed_amount": 100, "approved_amount": None}, True),
        ({"billed_amount": 100, "approved_amount": 100}, True),
        ({"billed_amount": 100, "approved_amount": 101}, False),
        ({"billed_amount": 100, "approved_amount": -1}, False),
    ],
    "claims_claim_paid": [
        ({"approved_amount": None, "paid_amount": None}, True),
        ({"approved_amount": 80, "paid_amount": 80}, True),
        ({"approved_amount": 80, "paid_amount": 81}, False),
        ({"approved_amount": 80, "paid_amount": -1}, False),
    ],
    "claims_claim_patient_share": [
        ({"billed_amount": 100, "patient_responsibility": 100}, True),
        ({"billed_amount": 100, "patient_responsibility": 101}, False),
        ({"billed_amount": 100, "patient_responsibility": -1}, False),
    ],
    "claims_claim_small_amounts": [
        ({"amount_paid_by_patient": 0, "outside_lab_charge": None}, True),
        ({"amount_paid_by_patient": -1, "outside_lab_charge": None}, False),
        ({"amount_paid_by_patient": 0, "outside_lab_charge": -1}, False),
    ],
    "claims_claim_decided_by_whom": [
        ({"state": "received", **UNDECIDED}, True),
        ({"state": "approved", **DECIDED}, True),
        ({"state": "voided", **UNDECIDED}, True),
        ({"state": "voided", **DECIDED}, True),
        ({"state": "received", **DECIDED}, False),
        ({"state": "approved", **UNDECIDED}, False),
        *(({"state": "remitted", **DECIDED, column: None}, False) for column in DECIDED),
    ],
    "claims_claim_denied_why": [
        (DENIED, True),
        ({**DENIED, "denial_reason_code": ""}, False),
        ({**DENIED, "denial_explanation": None}, False),
        ({**DENIED, "approved_amount": 5}, False),
        ({**DENIED, "denial_reason_code": "", "denial_explanation": None, "state": "received"}, True),
    ],
    "claims_claim_approved_without_denial": [
        ({"state": "approved", "denial_reason_code": "", "denial_explanation": None}, True),
        ({"state": "approved", "denial_reason_code": "x", "denial_explanation": None}, False),
        ({"state": "partially_approved", "denial_reason_code": "", "denial_explanation": b"x"}, False),
        ({"state": "denied", "denial_reason_code": "x", "denial_explanation": b"x"}, True),
    ],
    "claims_claim_original_reference": [
        ({"frequency_code": "1", "original_reference": ""}, True),
        ({"frequency_code": "7", "original_reference": "A1"}, True),
        ({"frequency_code": "7", "original_reference": ""}, False),
        ({"frequency_code": "8", "original_reference": ""}, False),
    ],
    "claims_claim_times_in_order": [
        ({"submitted_at": NOW, "received_at": NOW, "due_at": NOW}, True),
        ({"submitted_at": NOW, "received_at": NOW, "due_at": NOW - timedelta(seconds=1)}, False),
        ({"submitted_at": NOW, "received_at": NOW - timedelta(seconds=1), "due_at": NOW}, False),
    ],
    "claims_claim_has_billing_npi": [({"billing_npi": "1234567893"}, True), ({"billing_npi": ""}, False)],
    "claims_claim_billing_npi": npi("billing_npi"),
    "claims_claim_rendering_npi": npi("rendering_npi"),
    "claims_claim_referring_npi": npi("referring_npi"),
    "claims_claim_facility_npi": npi("facility_npi"),
    "claims_claim_service_dates": dates("service_date", "service_date_to"),
    "claims_claim_unable_to_work_dates": dates("unable_to_work_from", "unable_to_work_to"),
    "claims_claim_hospital_dates": dates("hospitalized_from", "hospitalized_to"),
    "claims_claim_accident_types": [
        ({"accident_types": []}, True),
        ({"accident_types": ["employment", "other"]}, True),
        ({"accident_types": ["flood"]}, False),
    ],
    "claims_claim_accident_state": [
        ({"accident_types": ["other"], "accident_state": ""}, True),
        ({"accident_types": ["auto"], "accident_state": "NJ"}, True),
        ({"accident_types": ["auto"], "accident_state": ""}, False),
        ({"accident_types": [], "accident_state": "nj"}, False),
    ],
    "claims_serviceline_number": [({"line_no": 1}, True), ({"line_no": 0}, False), ({"line_no": 1000}, False)],
    "claims_serviceline_procedure": [
        ({"procedure_system": "demo", "procedure_code": "X0001"}, True),
        ({"procedure_system": "icd", "procedure_code": "X0001"}, False),
        ({"procedure_system": "cpt", "procedure_code": ""}, False),
    ],
    "claims_serviceline_modifiers": [
        ({"modifiers": []}, True),
        ({"modifiers": ["25", "59", "XE", "XP"]}, True),
        ({"modifiers": ["25", "59", "XE", "XP", "XS"]}, False),
    ],
    "claims_serviceline_pointers": [
        ({"pointers": ["A"]}, True),
        ({"pointers": ["L", "A", "B", "C"]}, True),
        ({"pointers": []}, False),
        ({"pointers": ["A", "B", "C", "D", "E"]}, False),
        ({"pointers": ["M"]}, False),
    ],
    "claims_serviceline_place": [({"place_of_service": "11"}, True), ({"place_of_service": "1"}, False)],
    "claims_serviceline_units": [({"units": "0.001"}, True), ({"units": "0"}, False), ({"units": "-1"}, False)],
    "claims_serviceline_unit_basis": words("unit_basis", UnitBasis),
    "claims_serviceline_charge": [
        ({"charge": 0}, True),
        ({"charge": 9_999_999_999}, True),
        ({"charge": -1}, False),
        ({"charge": 10_000_000_000}, False),
    ],
    "claims_serviceline_revenue_code": [
        ({"revenue_code": ""}, True), ({"revenue_code": "0450"}, True), ({"revenue_code": "45"}, False),
    ],
    "claims_serviceline_dates": dates("date_from", "date_to"),
    "claims_serviceline_rendering_npi": npi("rendering_npi"),
    "claims_diagnosis_letter": [({"letter": "A"}, True), ({"letter": "L"}, True), ({"letter": "M"}, False)],
    "claims_diagnosis_code": [
        *(({"code": code}, True) for code in ("I10", "E11.9", "E119", "S72.001A", "C7A.00")),
        *(({"code": code}, False) for code in ("10I", "I1", "i10", "E11.", "250.00")),
    ],
    "claims_snapshot_mac": [({"mac": HASH}, True), ({"mac": HASH.upper()}, False), ({"mac": "0a"}, False)],
    "claims_claimfinding_stage": words("stage", Stage),
    "claims_claimfinding_severity": words("severity", Severity),
    "claims_decision_kind": words("kind", DecisionKind),
    "claims_decision_outcome": words("outcome", LineOutcome),
    "claims_decision_kind_of_place": [
        ({"kind": "original", "supersedes_id": None, "version": 1}, True),
        ({"kind": "correction", "supersedes_id": SOMEBODY, "version": 2}, True),
        ({"kind": "original", "supersedes_id": SOMEBODY, "version": 2}, False),
        ({"kind": "original", "supersedes_id": None, "version": 2}, False),
        ({"kind": "appeal", "supersedes_id": None, "version": 2}, False),
    ],
    "claims_recategorization_state": words("state", RunState),
    "claims_recategorization_priority": [
        *(({"priority": word}, True) for word in ("", "urgent", "standard", "routine")),
        ({"priority": "?"}, False),
    ],
    "claims_recategorization_undone_by_whom": [
        ({"state": "done", "undone_by_id": None}, True),
        ({"state": "undoing", "undone_by_id": SOMEBODY}, True),
        ({"state": "undone", "undone_by_id": None}, False),
    ],
    "claims_recategorizationitem_state": words("state", RunItemState),
    "claims_decision_refused_by_a_person": [
        ({"outcome": "denied", "decided_by_id": SOMEBODY}, True),
        ({"outcome": "approved", "decided_by_id": SYSTEM_USER_ID}, True),
        ({"outcome": "denied", "decided_by_id": SYSTEM_USER_ID}, False),
        ({"outcome": "partially_approved", "decided_by_id": SYSTEM_USER_ID}, False),
    ],
    "claims_decision_denied_why": [
        (REFUSAL, True),
        ({**REFUSAL, "denial_reason_code": ""}, False),
        ({**REFUSAL, "explanation": None}, False),
        ({**REFUSAL, "allowed": 1}, False),
        ({**REFUSAL, "denial_reason_code": "", "explanation": None, "outcome": "approved"}, True),
    ],
    "claims_decision_amounts": [
        (TOTALS, True),
        ({**TOTALS, "kind": "reversal"}, False),
        ({**{name: -value for name, value in TOTALS.items() if name != "kind"}, "kind": "reversal"}, True),
        ({**TOTALS, "paid": 81}, False),
        ({**TOTALS, "allowed": 101}, False),
        ({**TOTALS, "charge": 0, "allowed": 0, "paid": 0}, False),
        ({**TOTALS, "patient_responsibility": -1}, False),
    ],
    "claims_linedecision_outcome": words("outcome", LineOutcome),
    "claims_linedecision_allowed": [(AMOUNTS, True), (NEGATED, True), ({**AMOUNTS, "copay": 2}, False)],
    "claims_linedecision_amounts": [
        (AMOUNTS, True),
        (NEGATED, True),
        ({**AMOUNTS, "charge": 79}, False),
        ({**AMOUNTS, "paid": -1}, False),
    ],
    "claims_linedecision_denied": [
        ({"outcome": "denied", "allowed": 0, "paid": 0}, True),
        ({"outcome": "denied", "allowed": 1, "paid": 0}, False),
        ({"outcome": "approved", "allowed": 1, "paid": 1}, True),
    ],
    "claims_adjustment_group": [
        *(({"group": group}, True) for group in ("CO", "PR", "OA", "PI")), ({"group": "CR"}, False),
    ],
    "claims_adjustment_reason": [
        *(({"reason_code": code}, True) for code in ("1", "45", "197", "B7", "W1")),
        *(({"reason_code": code}, False) for code in ("", "CO", "45.", "12345")),
    ],
    "claims_adjustment_amount": [({"amount": 1}, True), ({"amount": -1}, True), ({"amount": 0}, False)],
    "claims_adjustmentremark_code": [
        *(({"code": code}, True) for code in ("N130", "M15", "MA130")),
        *(({"code": code}, False) for code in ("", "130", "N", "X1")),
    ],
    "claims_authority_limit": [
        ({"most_paid": None}, True),
        ({"most_paid": 0}, True),
        ({"most_paid": -1}, False),
    ],
    "claims_authority_skills": [
        ({"skills": []}, True),
        ({"skills": ["surgery", "imaging"]}, True),
        ({"skills": ["juggling"]}, False),
    ],
    "claims_authority_not_own": [
        ({"user_id": SOMEBODY, "set_by_id": ANOTHER}, True),
        ({"user_id": SOMEBODY, "set_by_id": SOMEBODY}, False),
    ],
    "claims_glassgrant_signed_off_whole": [
        ({"verdict": "", "reviewed_by_id": None, "reviewed_at": None, "note": None}, True),
        ({"verdict": "justified", "reviewed_by_id": SOMEBODY, "reviewed_at": NOW, "note": None}, True),
        ({"verdict": "justified", "reviewed_by_id": None, "reviewed_at": NOW, "note": None}, False),
        ({"verdict": "", "reviewed_by_id": SOMEBODY, "reviewed_at": NOW, "note": None}, False),
        ({"verdict": "?", "reviewed_by_id": SOMEBODY, "reviewed_at": NOW, "note": None}, False),
    ],
    "claims_glassgrant_another_person": [
        ({"user_id": SOMEBODY, "reviewed_by_id": None}, True),
        ({"user_id": SOMEBODY, "reviewed_by_id": ANOTHER}, True),
        ({"user_id": SOMEBODY, "reviewed_by_id": SOMEBODY}, False),
    ],
    "claims_hold_turn": words("turn", Turn),
    "claims_hold_reasons": [
        ({"reasons": ["records_needed", "pricing"]}, True),
        ({"reasons": []}, False),
        ({"reasons": ["bored"]}, False),
    ],
    "claims_hold_timer": [
        ({"until": NOW, "no_timer_because": None}, True),
        ({"until": None, "no_timer_because": b"x"}, True),
        ({"until": None, "no_timer_because": None}, False),
    ],
    "claims_hold_resolved_by_whom": [
        ({"resolved_at": None, "resolved_by_id": None}, True),
        ({"resolved_at": NOW, "resolved_by_id": SOMEBODY}, True),
        ({"resolved_at": NOW, "resolved_by_id": None}, False),
        ({"resolved_at": None, "resolved_by_id": SOMEBODY}, False),
    ],
    "claims_payernote_kind": words("kind", NoteKind),
    "claims_proposal_state": words("state", ProposalState),
    "claims_proposal_returned_why": [
        ({"state": "saved"}, True),
        ({"state": "returned", "reviewer_id": SOMEBODY, "reviewed_at": NOW, "comment": b"x"}, True),
        ({"state": "returned", "reviewer_id": SOMEBODY, "reviewed_at": NOW, "comment": None}, False),
        ({"state": "returned", "reviewer_id": None, "reviewed_at": NOW, "comment": b"x"}, False),
    ],
    "claims_proposal_second_person": [
        ({"proposer_id": SOMEBODY, "reviewer_id": None}, True),
        ({"proposer_id": SOMEBODY, "reviewer_id": ANOTHER}, True),
        ({"proposer_id": SOMEBODY, "reviewer_id": SOMEBODY}, False),
    ],
    "claims_ruleset_numbers": [
        (RULES, True),
        *(({**RULES, column: 0}, False) for column in ("version", "filing_limit_days", "member_id_shortest")),
        ({**RULES, "member_id_shortest": 9, "member_id_longest": 8}, False),
        ({**RULES, "member_id_longest": 51}, False),
    ],
    "claims_ruleset_activated_by_whom": [
        ({"activated_by_id": None, "activated_at": None}, True),
        ({"activated_by_id": SOMEBODY, "activated_at": NOW}, True),
        ({"activated_by_id": SOMEBODY, "activated_at": None}, False),
    ],
    "claims_ruleset_hash": [({"content_hash": HASH}, True), ({"content_hash": "sha256"}, False)],
    "claims_rulesetinternal_limit": [({"auto_approve_limit": 0}, True), ({"auto_approve_limit": -1}, False)],
    "claims_claimdraft_purpose": words("purpose", DraftPurpose),
    "claims_claimdraft_has_predecessor": [
        ({"purpose": "new", "predecessor_id": None}, True),
        ({"purpose": "copy", "predecessor_id": SOMEBODY}, True),
        ({"purpose": "replacement", "predecessor_id": None}, False),
    ],
    "claims_statetransition_source": words("source", ClaimState),
    "claims_statetransition_target": words("target", ClaimState),
    "claims_statetransition_side": words("side", Side),
}  # fmt: skip


def test_every_check_has_its_cases() -> None:
    assert set(checks_of(("claims_",))) == set(CASES)
    for name, cases in CASES.items():
        assert {accepted for _, accepted in cases} == {True, False}, name


@pytest.mark.parametrize("name", CASES)
def test_check(name: str) -> None:
    table, definition = checks_of(("claims_",))[name]
    for row, accepted in CASES[name]:
        assert judge(table, definition, row) is accepted, row


def test_public_status_has_no_other_words() -> None:
    assert {word.value for word in PublicStatus} == {"submitted", "approved", "denied"}
