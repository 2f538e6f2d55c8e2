"""What edits look at: frozen facts that whoever owns the data fills in.

Anything a person has not entered, or that could not be read, is None or "": reading text is the form's work.
Codes arrive tidied by `codes.formats` (upper case, ICD codes without their point).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from claimflow.lib.money import total
from claims.enums import AccidentType, ClaimType, FrequencyCode, Severity, UnitBasis
from codes.answers import CodeAnswer
from members.enums import Relationship, Standing


@dataclass(frozen=True, slots=True)
class DiagnosisFacts:
    """One diagnosis; `answer` is None while nobody was asked (no code typed)."""

    code: str
    answer: CodeAnswer | None = None


@dataclass(frozen=True, slots=True)
class ServiceLineFacts:
    """One service line. `pointers` are letters A to L; `charge` and `units` are finite; `charge` in dollars.

    `answer` is None where no list of procedures is loaded: the code is then judged by its form alone.
    """

    procedure: str = ""
    answer: CodeAnswer | None = None
    modifiers: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()
    service_from: date | None = None
    service_to: date | None = None
    place_of_service: str = ""
    units: Decimal | None = Decimal(1)
    unit_basis: UnitBasis = UnitBasis.UNIT
    charge: Decimal | None = None
    rendering_npi: str = ""


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """The patient as typed, and what the payer answered about the coverage on the first service date."""

    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    member_id: str = ""
    relationship: Relationship | None = Relationship.SELF
    insured_last_name: str = ""
    insured_first_name: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class MemberIdShape:
    """A payer's narrower form of the member id (ruling 41), as data rather than as a pattern to run."""

    shortest: int = 1
    longest: int = 50
    hyphens: bool = True

    def fits(self, member_id: str) -> bool:
        characters = r"[A-Za-z0-9-]" if self.hyphens else r"[A-Za-z0-9]"
        return re.fullmatch(f"{characters}{{{self.shortest},{self.longest}}}", member_id) is not None


@dataclass(frozen=True, slots=True)
class PayerRules:
    """The public part of a payer's rule set (ruling 29)."""

    name: str = ""
    filing_limit_days: int = 365
    member_id: MemberIdShape = MemberIdShape()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Finding code to the payer's own severity; only for adjustable edits."""

    def last_filing_day(self, service_date: date) -> date:
        """Return the last day on which a claim for this service may be submitted."""
        return service_date + timedelta(days=self.filing_limit_days)


@dataclass(frozen=True, slots=True)
class CircumstanceFacts:
    """CMS-1500 boxes 10, 14, 16, 18."""

    accident: AccidentType | None = None
    accident_date: date | None = None
    accident_state: str = ""
    onset_date: date | None = None
    unable_to_work_from: date | None = None
    unable_to_work_to: date | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None


@dataclass(frozen=True, slots=True)
class ResubmissionFacts:
    """CMS-1500 box 22. `original_finalized` is None when the original is not in this system."""

    frequency: FrequencyCode = FrequencyCode.ORIGINAL
    original_number: str = ""
    original_finalized: bool | None = None


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Short lists that are loaded whole. An empty list judges nothing."""

    modifiers: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """How many of each a claim may hold."""

    diagnoses: int
    lines: int
    modifiers: int = 4
    pointers: int = 4


LIMITS = {
    ClaimType.PROFESSIONAL: Limits(diagnoses=12, lines=50),
    ClaimType.INSTITUTIONAL: Limits(diagnoses=25, lines=999),
    ClaimType.DENTAL: Limits(diagnoses=4, lines=50),
}
"""X12 837 005010: HI repeats and LX loops of each guide (ruling 24)."""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim about to be submitted. `today` is the day in the provider's time zone (ruling 17)."""

    today: date
    has_payer: bool = True
    has_plan: bool = True
    payer: PayerRules = PayerRules()
    patient: PatientFacts = PatientFacts()
    billing_npi: str = ""
    billing_listed: bool = True
    """The billing NPI is one of the organization's own billing providers."""
    rendering_npi: str = ""
    referring_npi: str = ""
    facility_npi: str = ""
    diagnoses: tuple[DiagnosisFacts, ...] = ()
    lines: tuple[ServiceLineFacts, ...] = ()
    circumstances: CircumstanceFacts = CircumstanceFacts()
    resubmission: ResubmissionFacts = ResubmissionFacts()
    codes: CodeBook = CodeBook()
    claim_type: ClaimType = ClaimType.PROFESSIONAL
    account_number: str = ""
    authorization_number: str = ""
    same_service_claims: tuple[str, ...] = ()
    """Numbers of this provider's open or decided claims for the same patient, procedure and service date."""

    @property
    def limits(self) -> Limits:
        return LIMITS[self.claim_type]

    @property
    def charge(self) -> Decimal:
        """Sum of the charges that could be read."""
        return total(line.charge for line in self.lines if line.charge is not None)

    @property
    def first_service(self) -> date | None:
        return min((line.service_from for line in self.lines if line.service_from), default=None)
