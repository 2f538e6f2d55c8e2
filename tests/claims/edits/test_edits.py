"""Every edit objects to what it should, at its field and in its words, and to nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from claims.edits import EDITS, blocking, run
from claims.edits.facts import DiagnosisFacts, MemberIdShape
from claims.edits.patient import age_on
from claims.enums import AccidentType, ClaimType, FrequencyCode, Severity, UnitBasis
from members.enums import Relationship, Standing
from tests.claims.edits.build import (
    FY2026,
    GOOD,
    LINE,
    SERVED,
    TODAY,
    again,
    claim,
    codes_of,
    diagnoses,
    line,
    patient,
    payer,
    told,
)
from tests.claims.edits.cases import CASES, UNKNOWN


def test_a_good_claim_has_no_findings():
    assert run(GOOD) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_edit_objects(case):
    found = [f for f in run(case.facts) if f.code == case.code]
    assert found
    assert found[0].field == case.field
    assert case.says in str(found[0].sentence)
    assert found[0].severity == EDITS.rules[case.code].severity


def test_every_edit_has_a_case():
    assert {case.code for case in CASES} == set(EDITS.rules)


FINE = {
    "member id with hyphen": patient(member_id="AH-00123456"),
    "member id in the payer's shape": claim(payer=payer(member_id=MemberIdShape(8, 15, hyphens=False))),
    "coverage in force": patient(standing=Standing.IN_FORCE),
    "name of 100": patient(last_name="x" * 100),
    "119 years old": patient(birth_date=date(1906, 11, 22)),
    "born on the day of service": patient(birth_date=SERVED),
    "child of the insured": patient(
        relationship=Relationship.CHILD, insured_last_name="Okafor", insured_first_name="Ben"
    ),
    "diagnosis known and billable": diagnoses("S72001A"),
    "external cause in second place": replace(
        diagnoses("S72001A", "W010XXA"), lines=(replace(LINE, pointers=("A", "B")),)
    ),
    "trailing empty diagnosis": diagnoses("I10", ""),
    "V73 family known to ICD-10-CM": replace(
        diagnoses("S72001A", "V7389"), lines=(replace(LINE, pointers=("A", "B")),)
    ),
    "CPT without a loaded list": line(procedure="0001U"),
    "X-code in force today": line(procedure="X0001", answer=replace(FY2026, in_force_from=SERVED)),
    "last day of a code": line(procedure="X0001", answer=replace(FY2026, in_force_to=SERVED)),
    "no modifiers": line(modifiers=()),
    "half a unit": line(units=Decimal("0.5")),
    "thirty minutes": line(units=Decimal(30), unit_basis=UnitBasis.MINUTES),
    "single day written twice": line(service_to=SERVED),
    "service today": line(service_from=TODAY),
    "last day of the filing limit": line(service_from=TODAY - timedelta(days=365)),
    "a free line beside a charged one": claim(
        lines=(LINE, replace(LINE, procedure="0001F", charge=Decimal("0.00")))
    ),
    "most money": line(charge=Decimal("99999999.99")),
    "accident at work": told(accident=AccidentType.EMPLOYMENT, accident_date=SERVED),
    "auto accident with state": told(accident=AccidentType.AUTO, accident_date=SERVED, accident_state="oh"),
    "inpatient with admission": replace(
        line(place_of_service="21"), circumstances=told(admitted_on=SERVED).circumstances
    ),
    "replacement of a decided claim": again(
        frequency=FrequencyCode.REPLACEMENT, original_number="CLM-20260901-0001", original_finalized=True
    ),
    "void after the filing limit": replace(
        line(service_from=TODAY - timedelta(days=700)),
        resubmission=again(frequency=FrequencyCode.VOID, original_number="C1").resubmission,
    ),
    "seen again for a replacement": replace(
        again(frequency=FrequencyCode.REPLACEMENT, original_number="C1"), same_service_claims=("C1",)
    ),
}


@pytest.mark.parametrize("facts", FINE.values(), ids=FINE.keys())
def test_what_is_right_is_left_alone(facts):
    assert codes_of(facts) == set()


def test_an_icd9_code_gets_one_sentence_only():
    for code, answer in (("V7389", UNKNOWN), ("E8490", UNKNOWN), ("25000", None), ("4241", UNKNOWN)):
        assert codes_of(claim(diagnoses=(DiagnosisFacts(code, answer),))) == {"diagnosis.icd9"}


def test_an_unknown_code_before_the_oldest_release_is_not_blocked():
    facts = diagnoses("I999X", known=False, before_oldest=True)
    assert codes_of(facts) == {"diagnosis.set_not_loaded"}
    assert not blocking(run(facts))


def test_the_newest_release_is_named_once_and_never_blocks():
    facts = replace(
        diagnoses("I10", "E119", judged_by_newest=True), lines=(replace(LINE, pointers=("A", "B")),)
    )
    assert [(f.code, f.severity) for f in run(facts)] == [("diagnosis.judged_by_newest", Severity.INFO)]


def test_a_heading_names_codes_below_it():
    facts = diagnoses("M17", billable=False, narrower=("M170", "M1711", "M1712", "M172"))
    assert str(run(facts)[0].mend) == "Choose a more specific code, such as M17.0, M17.11, M17.12."
    assert "M17…" in str(run(diagnoses("M17", billable=False))[0].mend)


def test_limits_follow_the_claim_type():
    many = diagnoses(*(f"I1{n}" for n in "0123456789ABC"))
    assert "diagnosis.too_many" not in codes_of(replace(many, claim_type=ClaimType.INSTITUTIONAL))


def test_a_payer_may_soften_only_adjustable_edits():
    lenient = payer(severities={"npi.check_digit": Severity.WARNING, "charge.negative": Severity.INFO})
    findings = run(claim(billing_npi="1234567890", payer=lenient, lines=(replace(LINE, charge=Decimal(-1)),)))
    severities = {f.code: f.severity for f in findings}
    assert severities["npi.check_digit"] == Severity.WARNING
    assert severities["charge.negative"] == Severity.ERROR


def test_errors_come_first_then_warnings_then_information():
    facts = replace(
        diagnoses("I10", "E119", judged_by_newest=True),
        lines=(replace(LINE, modifiers=("ZZ",), charge=None),),
    )
    severities = [f.severity for f in run(facts)]
    assert severities == [Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.INFO]


def test_only_errors_block():
    assert blocking(run(line(charge=None)))
    assert not blocking(run(line(modifiers=("ZZ",))))
    assert not blocking([])


def test_every_wrong_line_is_named():
    facts = claim(
        lines=(
            LINE,
            replace(LINE, procedure="99214", charge=None),
            replace(LINE, procedure="93000", charge=None),
        )
    )
    assert [f.field for f in run(facts)] == ["lines-1-charge", "lines-2-charge"]


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 2, 29), date(2001, 2, 28), 0),
        (date(2000, 2, 29), date(2001, 3, 1), 1),
        (date(1965, 3, 15), date(2026, 3, 14), 60),
        (date(1965, 3, 15), date(2026, 3, 15), 61),
        (date(2026, 3, 15), date(2026, 3, 14), -1),
    ],
)
def test_age(born, day, age):
    assert age_on(born, day) == age
