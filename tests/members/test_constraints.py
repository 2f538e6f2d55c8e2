"""Every CHECK of the tables of members, from both sides."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest

from members.enums import Funding, LineOfBusiness, Relationship, Sex, TaxIdKind, UploadState, Verification
from tests.checks import Row, checks_of, judge

pytestmark = pytest.mark.usefixtures("django_db_setup")

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = date(2026, 11, 20)
SOMEBODY = "01a1fe8a-5c01-7279-b7f7-2822b94458c1"


def words(column: str, enum: type[StrEnum]) -> list[tuple[Row, bool]]:
    return [*(({column: member.value}, True) for member in enum), ({column: "?"}, False)]


def npi() -> list[tuple[Row, bool]]:
    return [
        *(({"npi": text}, True) for text in ("", "1234567893", "2000000000")),
        *(({"npi": text}, False) for text in ("3234567893", "123456789", "12345678X3")),
    ]


def dates(start: str, end: str) -> list[tuple[Row, bool]]:
    return [
        ({start: DAY, end: None}, True),
        ({start: DAY, end: DAY}, True),
        ({start: DAY, end: DAY - timedelta(days=1)}, False),
    ]


def verified(word: str, by: str | None, at: datetime | None) -> Row:
    return {"verification": word, "verified_by_id": by, "verified_at": at}


def money(deductible: int, copay: int, limit: int | None) -> Row:
    return {"deductible": deductible, "copay": copay, "out_of_pocket_limit": limit}


NEEDS_NPI: list[tuple[Row, bool]] = [({"npi": "1234567893"}, True), ({"npi": ""}, False)]
CASES: dict[str, list[tuple[Row, bool]]] = {
    "members_plan_line_of_business": words("line_of_business", LineOfBusiness),
    "members_plan_funding": words("funding", Funding),
    "members_plan_state": [({"state": "NY"}, True), ({"state": "ny"}, False), ({"state": ""}, False)],
    "members_patient_sex": words("sex", Sex),
    "members_member_sex": words("sex", Sex),
    "members_patientcoverage_relationship": words("relationship", Relationship),
    "members_patientcoverage_dates": dates("effective_from", "effective_to"),
    "members_patientcoverage_position": [
        ({"position": 1}, True), ({"position": 9}, True), ({"position": 0}, False), ({"position": 10}, False),
    ],
    "members_patientcoverage_insured": [
        ({"relationship": "self", "insured": None}, True),
        ({"relationship": "child", "insured": b"x"}, True),
        ({"relationship": "child", "insured": None}, False),
    ],
    "members_coverage_relationship": words("relationship", Relationship),
    "members_coverage_verification": words("verification", Verification),
    "members_coverage_dates": dates("effective_from", "effective_to"),
    "members_coverage_verified_by_whom": [
        (verified("unverified", None, None), True),
        (verified("verified", SOMEBODY, NOW), True),
        (verified("unverified", SOMEBODY, NOW), False),
        (verified("verified", None, NOW), False),
        (verified("not_found", SOMEBODY, None), False),
    ],
    "members_coverage_ended_when": [
        ({"verification": "verified", "effective_to": None}, True),
        ({"verification": "ended", "effective_to": DAY}, True),
        ({"verification": "ended", "effective_to": None}, False),
    ],
    "members_coverage_money": [
        (money(0, 0, None), True),
        (money(50_000, 2_500, 50_000), True),
        (money(50_000, 2_500, 49_999), False),
        (money(-1, 0, None), False),
        (money(0, -1, None), False),
    ],
    "members_coverage_coinsurance": [
        *(({"coinsurance_percent": percent}, True) for percent in (0, 20, 100)),
        *(({"coinsurance_percent": percent}, False) for percent in (-1, 101)),
    ],
    "members_rosterupload_state": words("state", UploadState),
    "members_rosterupload_emptied": [
        ({"state": "waiting", "content": b"sealed"}, True),
        ({"state": "discarded", "content": None}, True),
        ({"state": "applied", "content": b"sealed"}, False),
    ],
    "members_rosterupload_applied": [
        ({"state": "applied", "applied_at": NOW, "faults": 0}, True),
        ({"state": "waiting", "applied_at": None, "faults": 3}, True),
        ({"state": "applied", "applied_at": None, "faults": 0}, False),
        ({"state": "applied", "applied_at": NOW, "faults": 1}, False),
    ],
    "members_practitioner_npi": npi(),
    "members_practitioner_has_npi": NEEDS_NPI,
    "members_practitioner_dates": dates("active_from", "active_to"),
    "members_facility_npi": npi(),
    "members_facility_dates": dates("active_from", "active_to"),
    "members_billingprovider_npi": npi(),
    "members_billingprovider_has_npi": NEEDS_NPI,
    "members_billingprovider_tax_id_kind": words("tax_id_kind", TaxIdKind),
    "members_billingprovider_dates": dates("active_from", "active_to"),
}  # fmt: skip


def test_every_check_has_its_cases() -> None:
    assert set(checks_of(("members_",))) == set(CASES)
    for name, cases in CASES.items():
        assert {accepted for _, accepted in cases} == {True, False}, name


@pytest.mark.parametrize("name", CASES)
def test_check(name: str) -> None:
    table, definition = checks_of(("members_",))[name]
    for row, accepted in CASES[name]:
        assert judge(table, definition, row) is accepted, row
