"""For every edit at least one claim that it must object to, and in which words."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from claims.edits.facts import DiagnosisFacts, MemberIdShape
from claims.enums import AccidentType, FrequencyCode, UnitBasis
from codes.answers import CodeAnswer
from members.enums import Relationship, Standing
from tests.claims.edits.build import (
    FY2026,
    GOOD,
    LINE,
    SERVED,
    TODAY,
    Case,
    again,
    claim,
    diagnoses,
    line,
    patient,
    payer,
    told,
)

UNKNOWN = CodeAnswer("", known=False, release="FY2026")
TOMORROW = TODAY + timedelta(days=1)
LATE = TODAY - timedelta(days=366)
SHAPE = MemberIdShape(shortest=8, longest=15, hyphens=False)

COVERAGE = [
    Case("payer.missing", claim(has_payer=False), "payer"),
    Case("plan.missing", claim(has_plan=False), "plan"),
    Case("member_id.missing", patient(member_id=""), "member_id"),
    Case("member_id.characters", patient(member_id="AH 12#4"), "member_id"),
    Case("member_id.characters", patient(member_id="A" * 51), "member_id", "1 to 50"),
    Case(
        "member_id.payer_length",
        replace(patient(member_id="AH12"), payer=payer(member_id=SHAPE)),
        "member_id",
        "Acme Health uses member IDs of 8 to 15 characters. This one has 4.",
    ),
    Case(
        "member_id.payer_hyphen",
        replace(patient(member_id="AH-12345678"), payer=payer(member_id=SHAPE)),
        "member_id",
        "letters and digits only",
    ),
    Case("coverage.not_known", patient(standing=Standing.UNKNOWN), "member_id", "Acme Health has no member"),
    Case("coverage.not_in_force", patient(standing=Standing.NOT_IN_FORCE), "member_id", "had no coverage"),
    Case("coverage.ended", patient(standing=Standing.ENDED), "member_id", "ended before"),
    Case("coverage.not_started", patient(standing=Standing.NOT_STARTED), "member_id", "started after"),
]

PATIENT = [
    Case("last_name.missing", patient(last_name="  "), "last_name"),
    Case("first_name.missing", patient(first_name=""), "first_name"),
    Case("name.too_long", patient(last_name="x" * 101), "last_name", "101 characters"),
    Case("birth_date.missing", patient(birth_date=None), "birth_date"),
    Case("birth_date.future", patient(birth_date=TOMORROW), "birth_date"),
    Case("birth_date.too_old", patient(birth_date=date(1906, 11, 21)), "birth_date", "120 years"),
    Case("sex.missing", patient(sex=""), "sex"),
    Case("sex.missing", patient(sex="X"), "sex"),
    Case("relationship.missing", patient(relationship=None), "relationship"),
    Case(
        "insured_name.missing",
        patient(relationship=Relationship.CHILD, insured_first_name="Ben"),
        "insured_last_name",
    ),
]

PROVIDERS = [
    Case("billing_npi.missing", claim(billing_npi=""), "billing_npi"),
    Case("billing_npi.not_listed", claim(billing_listed=False), "billing_npi"),
    Case("npi.characters", claim(billing_npi="12345 6789"), "billing_npi"),
    Case("npi.length", claim(rendering_npi="123456789"), "rendering_npi"),
    Case("npi.length", claim(referring_npi="123456789"), "referring_npi", "has 9 digits"),
    Case("npi.first_digit", claim(facility_npi="9876543210"), "facility_npi"),
    Case("npi.check_digit", line(rendering_npi="1234567890"), "lines-0-rendering_npi", "check digit"),
]

DIAGNOSES = [
    Case("diagnosis.missing", claim(diagnoses=()), "diagnoses-0-code"),
    Case("diagnosis.missing", claim(diagnoses=(DiagnosisFacts(""),)), "diagnoses-0-code"),
    Case("diagnosis.too_many", diagnoses(*(f"I1{n}" for n in "0123456789ABC")), "diagnoses", "13 diagnoses"),
    Case("diagnosis.gap", diagnoses("I10", "", "E119"), "diagnoses-1-code", "Diagnosis B is empty"),
    Case(
        "diagnosis.repeated",
        diagnoses("I219", "I10", "I219"),
        "diagnoses-2-code",
        "I21.9 is entered twice, as diagnosis A and C.",
    ),
    Case(
        "diagnosis.icd9",
        claim(diagnoses=(DiagnosisFacts("V7389", UNKNOWN),)),
        "diagnoses-0-code",
        "V7389 is not an ICD-10-CM code. It looks like ICD-9-CM, but dates of service from October 1, 2015 "
        "need ICD-10-CM.",
    ),
    Case("diagnosis.icd9", claim(diagnoses=(DiagnosisFacts("4241"),)), "diagnoses-0-code", "4241 is not"),
    Case("diagnosis.format", claim(diagnoses=(DiagnosisFacts("I-9"),)), "diagnoses-0-code", "Diagnosis A"),
    Case(
        "diagnosis.unknown",
        claim(diagnoses=(DiagnosisFacts("I999X", UNKNOWN),)),
        "diagnoses-0-code",
        "I99.9X is not in ICD-10-CM FY2026",
    ),
    Case(
        "diagnosis.not_billable",
        diagnoses("I21", billable=False, narrower=("I2101", "I219")),
        "diagnoses-0-code",
        "I21 is a heading in ICD-10-CM FY2026",
    ),
    Case(
        "diagnosis.set_not_loaded",
        replace(diagnoses("I10", known=False, before_oldest=True)),
        "diagnoses-0-code",
        "the code set is not loaded for this date of service (Nov 7, 2026)",
    ),
    Case("diagnosis.external_cause_first", diagnoses("W010XXA", "S7200"), "diagnoses-0-code", "W01.0XXA"),
    Case("diagnosis.not_used", diagnoses("I10", "E119"), "diagnoses-1-code", "diagnosis B"),
    Case(
        "diagnosis.judged_by_newest",
        diagnoses("I10", judged_by_newest=True),
        "diagnoses",
        "judged by FY2026, the newest loaded",
    ),
]

LINES = [
    Case("line.missing", claim(lines=()), "lines"),
    Case("line.too_many", claim(lines=(LINE,) * 51), "lines", "51 lines"),
    Case("procedure.missing", line(procedure=""), "lines-0-procedure", "Line 1"),
    Case("procedure.format", line(procedure="9921"), "lines-0-procedure"),
    Case("procedure.unknown", line(procedure="X0099", answer=UNKNOWN), "lines-0-procedure", "X0099"),
    Case(
        "procedure.not_yet_in_force",
        line(procedure="X0001", answer=replace(FY2026, in_force_from=TODAY)),
        "lines-0-procedure",
        "X0001 is valid from Nov 21, 2026",
    ),
    Case(
        "procedure.no_longer_in_force",
        line(procedure="X0001", answer=replace(FY2026, in_force_to=date(2025, 12, 31))),
        "lines-0-procedure",
        "X0001 was valid until Dec 31, 2025",
    ),
    Case("modifier.too_many", line(modifiers=("25", "59", "TC", "26", "76")), "lines-0-modifiers", "has 5"),
    Case("modifier.format", line(modifiers=("2-",)), "lines-0-modifiers"),
    Case("modifier.unknown", line(modifiers=("ZZ",)), "lines-0-modifiers", "ZZ"),
    Case("modifier.repeated", line(modifiers=("25", "25")), "lines-0-modifiers"),
    Case("pointer.missing", line(pointers=()), "lines-0-pointers", "Line 1 points to no diagnosis"),
    Case(
        "pointer.too_many",
        replace(
            diagnoses("I10", "I11", "I12", "I13", "I15"), lines=(replace(LINE, pointers=tuple("ABCDE")),)
        ),
        "lines-0-pointers",
        "5 diagnoses",
    ),
    Case("pointer.beyond", line(pointers=("A", "B")), "lines-0-pointers", "Its diagnoses are A."),
    Case("pointer.repeated", line(pointers=("A", "A")), "lines-0-pointers"),
    Case("place.missing", line(place_of_service=""), "lines-0-place_of_service"),
    Case("place.unknown", line(place_of_service="77"), "lines-0-place_of_service"),
    Case("place.unknown", line(place_of_service="1"), "lines-0-place_of_service"),
    Case("units.missing", line(units=None), "lines-0-units"),
    Case("units.range", line(units=Decimal(0)), "lines-0-units"),
    Case("units.range", line(units=Decimal("-1")), "lines-0-units"),
    Case("units.range", line(units=Decimal(1000000)), "lines-0-units"),
    Case("units.range", line(units=Decimal("0.0005")), "lines-0-units"),
    Case("units.minutes", line(units=Decimal("30.5"), unit_basis=UnitBasis.MINUTES), "lines-0-units"),
    Case("line.repeated", claim(lines=(LINE, LINE)), "lines-1-procedure", "Line 2 repeats line 1"),
]

DATES = [
    Case("service_from.missing", line(service_from=None), "lines-0-service_from"),
    Case(
        "service_to.before_from",
        line(service_to=SERVED - timedelta(days=1)),
        "lines-0-service_to",
        "Line 1 ends on Nov 6, 2026, before it starts on Nov 7, 2026.",
    ),
    Case("service.future", line(service_from=TOMORROW), "lines-0-service_from", "Nov 22, 2026"),
    Case("service.future", line(service_to=TOMORROW), "lines-0-service_to", "Nov 22, 2026"),
    Case("service.before_birth", patient(birth_date=SERVED + timedelta(days=1)), "lines-0-service_from"),
    Case(
        "service.late",
        line(service_from=LATE),
        "lines-0-service_from",
        "Line 1 is too late for Acme Health, which takes claims within 365 days of the service. "
        "For Nov 20, 2025 the last day was Nov 20, 2026.",
    ),
]

AMOUNTS = [
    Case("charge.missing", line(charge=None), "lines-0-charge"),
    Case("charge.negative", line(charge=Decimal("-0.01")), "lines-0-charge"),
    Case("charge.too_large", line(charge=Decimal("100000000.00")), "lines-0-charge", "$99,999,999.99"),
    Case("total.zero", line(charge=Decimal("0.00")), "lines-0-charge", "add up to $0.00"),
    Case(
        "total.too_large",
        claim(lines=(replace(LINE, charge=Decimal("60000000")), replace(LINE, charge=Decimal("40000000")))),
        "lines",
        "add up to $100,000,000.00",
    ),
]

AUTO = {"accident": AccidentType.AUTO, "accident_date": SERVED}
CIRCUMSTANCES = [
    Case("accident_date.missing", told(accident=AccidentType.OTHER), "accident_date"),
    Case("accident_state.missing", told(**AUTO), "accident_state"),
    Case("accident_state.unknown", told(**AUTO, accident_state="XX"), "accident_state"),
    Case("circumstance.future", told(onset_date=TOMORROW), "onset_date"),
    Case("circumstance.after_service", told(onset_date=TODAY), "onset_date"),
    Case(
        "unable_to_work.order",
        told(unable_to_work_from=TODAY, unable_to_work_to=SERVED),
        "unable_to_work_to",
    ),
    Case("hospital_stay.order", told(admitted_on=TODAY, discharged_on=SERVED), "discharged_on"),
    Case("admission.missing", line(place_of_service="21"), "admitted_on", "Line 1"),
    Case("reference.too_long", claim(account_number="1" * 39), "account_number", "39 characters"),
    Case("reference.too_long", claim(authorization_number="1" * 51), "authorization_number", "At most 50"),
]

RESUBMISSION = [
    Case("original_number.missing", again(frequency=FrequencyCode.REPLACEMENT), "original_number"),
    Case(
        "original.not_finalized",
        again(frequency=FrequencyCode.VOID, original_number="C1", original_finalized=False),
        "original_number",
    ),
    Case("original_number.not_needed", again(original_number="C1"), "original_number"),
    Case(
        "claim.same_service",
        replace(GOOD, same_service_claims=("CLM-20261101-0007",)),
        "",
        "CLM-20261101-0007",
    ),
]

CASES = [
    *COVERAGE,
    *PATIENT,
    *PROVIDERS,
    *DIAGNOSES,
    *LINES,
    *DATES,
    *AMOUNTS,
    *CIRCUMSTANCES,
    *RESUBMISSION,
]
