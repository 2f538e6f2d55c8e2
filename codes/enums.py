"""The words of the vocabularies. Standard library only."""

from enum import StrEnum


class CodeSystem(StrEnum):
    """DEMO is our own demonstration set, X0001 and on: neither CPT nor HCPCS uses that shape."""

    ICD10CM = "icd10cm"
    CPT = "cpt"
    HCPCS = "hcpcs"
    DEMO = "demo"


class GroupCode(StrEnum):
    """X12 835 CAS01: who bears an adjustment. CR left CAS with version 5010 and is never produced."""

    CONTRACTUAL = "CO"
    PATIENT = "PR"
    OTHER = "OA"
    PAYER = "PI"


class Scenario(StrEnum):
    """CAQH CORE 360: the four questions a refusal starts from."""

    DOCUMENTATION = "documentation"
    DATA = "data"
    NOT_COVERED = "not_covered"
    NOT_SEPARATELY_PAYABLE = "not_separately_payable"


class ProcedureCategory(StrEnum):
    """Families of procedures in the claims office's own words, by code range or by the X-code's own row."""

    EMERGENCY = "emergency"
    CRITICAL_CARE = "critical_care"
    PREVENTIVE = "preventive"
    FOLLOW_UP_VISIT = "follow_up_visit"
    VISIT = "visit"
    HOSPITAL = "hospital"
    SURGERY = "surgery"
    ANESTHESIA = "anesthesia"
    IMAGING = "imaging"
    LABORATORY = "laboratory"
    DIAGNOSTIC_TEST = "diagnostic_test"
    THERAPY = "therapy"
    DRUG = "drug"
    EQUIPMENT = "equipment"
    TRANSPORT = "transport"
    OTHER = "other"


class ReleaseStatus(StrEnum):
    """A staged release has all its rows but answers nothing; a replaced one was loaded and gave way to
    a newer file for the same day."""

    STAGED = "staged"
    LOADED = "loaded"
    REPLACED = "replaced"


class SectionKind(StrEnum):
    """The two levels of ICD-10-CM above the categories."""

    CHAPTER = "chapter"
    BLOCK = "block"
