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
    UNKNOWN = "unknown"
