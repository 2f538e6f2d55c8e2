"""A claim without fault, and small ways to break it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from claims.edits import run
from claims.edits.facts import (
    CircumstanceFacts,
    ClaimFacts,
    CodeBook,
    DiagnosisFacts,
    PatientFacts,
    PayerRules,
    ResubmissionFacts,
    ServiceLineFacts,
)
from codes.answers import CodeAnswer
from members.enums import Sex

TODAY = date(2026, 11, 21)
SERVED = TODAY - timedelta(days=14)
FY2026 = CodeAnswer("", known=True, release="FY2026")

LINE = ServiceLineFacts(
    procedure="99213",
    modifiers=("25",),
    pointers=("A",),
    service_from=SERVED,
    place_of_service="11",
    units=Decimal(1),
    charge=Decimal("150.00"),
    rendering_npi="1003000126",
)
PATIENT = PatientFacts(
    last_name="Okafor",
    first_name="Adaeze",
    birth_date=date(1965, 3, 15),
    sex=Sex.FEMALE,
    member_id="AH00123456",
)
GOOD = ClaimFacts(
    today=TODAY,
    payer=PayerRules(name="Acme Health"),
    patient=PATIENT,
    billing_npi="1234567893",
    diagnoses=(DiagnosisFacts("I10", FY2026),),
    lines=(LINE,),
    codes=CodeBook(modifiers=frozenset({"25", "59"}), places=frozenset({"11", "21", "23"})),
    account_number="A-1",
)


@dataclass(frozen=True)
class Case:
    """These facts must give this finding at this field; `says` is part of the sentence."""

    code: str
    facts: ClaimFacts
    field: str
    says: str = ""

    def __str__(self) -> str:
        return self.code


def claim(**changes: Any) -> ClaimFacts:
    return replace(GOOD, **changes)


def patient(**changes: Any) -> ClaimFacts:
    return claim(patient=replace(PATIENT, **changes))


def payer(**changes: Any) -> PayerRules:
    return replace(GOOD.payer, **changes)


def line(**changes: Any) -> ClaimFacts:
    return claim(lines=(replace(LINE, **changes),))


def diagnoses(*codes: str, **answer: Any) -> ClaimFacts:
    judged = replace(FY2026, **answer)
    return claim(diagnoses=tuple(DiagnosisFacts(code, judged) for code in codes))


def told(**changes: Any) -> ClaimFacts:
    return claim(circumstances=CircumstanceFacts(**changes))


def again(**changes: Any) -> ClaimFacts:
    return claim(resubmission=ResubmissionFacts(**changes))


def codes_of(facts: ClaimFacts) -> set[str]:
    return {finding.code for finding in run(facts)}
