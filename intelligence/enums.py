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
    ESCALATION = "escalation"  # a claim that waited seven days
    MODEL = "model"  # a model beside the rules, after the submission


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


# --- The ledger ---------------------------------------------------------------------------------------------------


class SuggestionKind(StrEnum):
    """What was suggested."""

    PRIORITY = "priority"
    VALIDATION_SCORE = "validation_score"
    CODE_SUGGESTION = "code_suggestion"


class Verdict(StrEnum):
    """What a person did with a suggestion."""

    AGREED = "agreed"
    OVERRODE = "overrode"


class WaitReason(StrEnum):
    """Why the clock moved a claim up: nobody had looked at it for so long."""

    WAITED_7_DAYS = "waited_7_days"
    WAITED_14_DAYS = "waited_14_days"


class OverrideReason(StrEnum):
    """Why a person chose otherwise. ``OTHER`` needs words beside it."""

    PHYSICIAN_SAYS_URGENT = "physician_says_urgent"  # 29 CFR 2560.503-1(m)(1)(iii): the payer must follow
    MORE_URGENT = "more_urgent"
    LESS_URGENT = "less_urgent"
    LEGAL_DEADLINE = "legal_deadline"
    CHARGE_MISLEADS = "charge_misleads"
    CODES_MISLEAD = "codes_mislead"
    BELONGS_WITH_ANOTHER = "belongs_with_another"
    RUN_UNDONE = "run_undone"  # a re-categorization of many claims was taken back
    OTHER = "other"


# --- Versions and the remote model ---------------------------------------------------------------------------------


class VersionKind(StrEnum):
    """What a version is of: the rules with their scorecard, which answer inside the submission, or a remote model,
    which is asked after it."""

    RULES = "rules"
    MODEL = "model"


class VersionState(StrEnum):
    """One version of each kind is active; shadows answer too, but their answers only go into the ledger."""

    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


class RemoteAdapter(StrEnum):
    """Which protocol a remote model speaks."""

    ANTHROPIC = "anthropic"
    OPENAI = "openai"


class RemoteFailure(StrEnum):
    """Why a remote model gave no answer. The first four mean that it was not asked at all."""

    SWITCHED_OFF = "switched_off"
    NO_PRICE = "no_price"
    OVER_BUDGET = "over_budget"
    CIRCUIT_OPEN = "circuit_open"
    DEADLINE = "deadline"
    UNREACHABLE = "unreachable"
    HUNG_UP = "hung_up"
    OVER_QUOTA = "over_quota"
    SERVER_ERROR = "server_error"
    REFUSED = "refused"
    WRONG_PROTOCOL = "wrong_protocol"
    WRONG_ANSWER = "wrong_answer"


class SpendingPeriod(StrEnum):
    """What a budget is counted by, in the organization's own time zone."""

    DAY = "day"
    MONTH = "month"
