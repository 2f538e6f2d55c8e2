"""The words of people and coverage. Standard library only."""

from enum import StrEnum


class Sex(StrEnum):
    """X12 DMG03, CMS-1500 box 3."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class Relationship(StrEnum):
    """The patient's relationship to the insured, CMS-1500 box 6."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


class Standing(StrEnum):
    """Where a coverage stands on one day."""

    IN_FORCE = "in_force"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    NOT_IN_FORCE = "not_in_force"
    """Known, and no coverage of that day; the payer does not say whether before or after (ruling 19)."""
    UNKNOWN = "unknown"


class LineOfBusiness(StrEnum):
    """Which body of rules a plan stands under (box 1 of the CMS-1500, SBR09 of the 837)."""

    COMMERCIAL = "commercial"
    EXCHANGE = "exchange"
    EMPLOYER = "employer"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    MEDICARE = "medicare"
    MEDICAID = "medicaid"
    MILITARY = "military"
    WORKERS_COMPENSATION = "workers_compensation"
    OTHER = "other"


class Funding(StrEnum):
    """Who bears the risk: decides between state insurance law and ERISA."""

    INSURED = "insured"
    SELF_FUNDED = "self_funded"
    GOVERNMENT = "government"


class Verification(StrEnum):
    """What the payer knows about a coverage, and said so."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    NOT_FOUND = "not_found"
    ENDED = "ended"


class InForce(StrEnum):
    """The answer to "known to the payer and in force on that day?" (ruling 19)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class TaxIdKind(StrEnum):
    """Box 25 of the CMS-1500."""

    EIN = "ein"
    SSN = "ssn"


class UploadState(StrEnum):
    """Where an uploaded roster stands."""

    WAITING = "waiting"
    APPLIED = "applied"
    DISCARDED = "discarded"
