"""A claim as it was entered, at whichever door: web form, file or interface (ruling 20).

Whoever reads a door's text fills this in; ``claims.actions.submit`` judges and stores it. What was not
entered, or could not be read, is None or "". Codes are tidied by ``codes.formats``, money is dollars, dates
are days.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from claimflow.lib.money import total
from claims.enums import AccidentType, ClaimType, FrequencyCode, OnsetQualifier, ReferringQualifier, UnitBasis
from members.enums import Relationship, Sex


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in the United States; ``state`` two capital letters."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""

    def __bool__(self) -> bool:
        return bool(self.line1 or self.line2 or self.city or self.state or self.postal_code)


@dataclass(frozen=True, slots=True)
class PatientEntry:
    """CMS-1500 boxes 2, 3, 5 and 26. ``known_as`` is the patient that the biller picked from the own list."""

    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    sex: Sex | None = None
    address: Address = Address()
    phone: str = ""
    account_number: str = ""
    known_as: UUID | None = None


@dataclass(frozen=True, slots=True)
class InsuredEntry:
    """CMS-1500 boxes 4, 7 and 11a: the subscriber, when that is not the patient."""

    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """CMS-1500 boxes 1, 1a, 6, 9 and 11."""

    payer_id: UUID | None = None
    plan_id: UUID | None = None
    member_id: str = ""
    group_number: str = ""
    relationship: Relationship | None = None
    insured: InsuredEntry = InsuredEntry()
    has_other_coverage: bool = False
    other_payer: str = ""
    other_member_id: str = ""


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """A practitioner or facility: the NPI, and the name if it is on no list."""

    npi: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PartiesEntry:
    """CMS-1500 boxes 17, 24J, 32 and 33."""

    billing_npi: str = ""
    rendering: PartyEntry = PartyEntry()
    referring: PartyEntry = PartyEntry()
    referring_qualifier: ReferringQualifier | None = None
    facility: PartyEntry = PartyEntry()


@dataclass(frozen=True, slots=True)
class LineEntry:
    """CMS-1500 box 24. ``service_to`` None means a single day; ``pointers`` are letters A to L."""

    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()
    service_from: date | None = None
    service_to: date | None = None
    place_of_service: str = ""
    units: Decimal | None = Decimal(1)
    unit_basis: UnitBasis = UnitBasis.UNIT
    charge: Decimal | None = None
    rendering_npi: str = ""
    is_emergency: bool = False
    is_epsdt: bool = False


@dataclass(frozen=True, slots=True)
class CircumstanceEntry:
    """CMS-1500 boxes 10, 14 to 16, 18 to 20."""

    accident: AccidentType | None = None
    accident_date: date | None = None
    accident_state: str = ""
    onset_date: date | None = None
    onset_qualifier: OnsetQualifier | None = None
    unable_to_work_from: date | None = None
    unable_to_work_to: date | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None
    additional_information: str = ""
    outside_lab: bool = False
    outside_lab_charge: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """CMS-1500 boxes 12, 13 and 27: three different consents."""

    patient_signature_on_file: bool = False
    benefits_assigned: bool = False
    accepts_assignment: bool = False


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """One claim as entered. ``note`` is for the provider's own side and never leaves it."""

    coverage: CoverageEntry = CoverageEntry()
    patient: PatientEntry = PatientEntry()
    parties: PartiesEntry = PartiesEntry()
    diagnoses: tuple[str, ...] = ()
    lines: tuple[LineEntry, ...] = ()
    circumstances: CircumstanceEntry = CircumstanceEntry()
    consents: ConsentEntry = ConsentEntry()
    authorization_number: str = ""
    amount_paid_by_patient: Decimal | None = None
    frequency: FrequencyCode = FrequencyCode.ORIGINAL
    original_number: str = ""
    claim_type: ClaimType = ClaimType.PROFESSIONAL
    note: str = field(default="", repr=False)

    @property
    def charge(self) -> Decimal:
        """Sum of the charges that could be read."""
        return total(line.charge for line in self.lines if line.charge is not None)

    @property
    def first_service(self) -> date | None:
        return min((line.service_from for line in self.lines if line.service_from), default=None)
