"""The words of suggestions. Standard library only."""

from enum import StrEnum


class Priority(StrEnum):
    """The queue's order (ruling 44)."""

    URGENT = "urgent"
    STANDARD = "standard"
    ROUTINE = "routine"

    @property
    def rank(self) -> int:
        """1 comes first in the queue (ruling 35)."""
        return _RANKS[self]


_RANKS = {Priority.URGENT: 1, Priority.STANDARD: 2, Priority.ROUTINE: 3}


class PrioritySource(StrEnum):
    """Who set the priority."""

    RULES = "rules"
    FALLBACK = "fallback"
    PAYER = "payer"


class PriorityReason(StrEnum):
    """Why. Words for people: `intelligence.priority.PLAIN_WORDS`."""

    EMERGENCY_HIGH_SEVERITY = "emergency_high_severity"
    EMERGENCY_SERVICE = "emergency_service"
    CRITICAL_CARE = "critical_care"
    CRITICAL_DIAGNOSIS = "critical_diagnosis"
    HIGH_CHARGE = "high_charge"
    PREVENTIVE_SERVICE = "preventive_service"
    PREVENTIVE_DIAGNOSIS = "preventive_diagnosis"
    FOLLOW_UP_VISIT = "follow_up_visit"
    HOSPITAL_CARE = "hospital_care"
    PROCEDURE = "procedure"
    DIAGNOSTICS = "diagnostics"
    THERAPY = "therapy"
    CHARGE_AT_LEAST_500 = "charge_at_least_500"
    CHARGE_BELOW_500 = "charge_below_500"
    CHARGE_JUST_BELOW_5000 = "charge_just_below_5000"
    ROUTINE_SERVICES_BESIDE = "routine_services_beside"
    AGE_DOES_NOT_FIT = "age_does_not_fit"
    UNKNOWN_PROCEDURE = "unknown_procedure"
    UNREADABLE_DIAGNOSIS = "unreadable_diagnosis"
    RULES_FAILED = "rules_failed"


class FindingKind(StrEnum):
    """What a finding is to the validation score: its severity, and empty boxes apart."""

    ERROR = "error"
    MISSING = "missing"
    WARNING = "warning"
    INFO = "info"
