"""The words of a claim. Standard library only; labels for people live in presenters."""

from enum import StrEnum


class ClaimState(StrEnum):
    """Stored states (rulings 18, 22, 27). Draft and awaiting second look are words of lists, not states."""

    SUBMITTED = "submitted"
    REJECTED = "rejected"
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    PENDED = "pended"
    APPROVED = "approved"
    PARTIALLY_APPROVED = "partially_approved"
    DENIED = "denied"
    REMITTED = "remitted"
    UNDER_APPEAL = "under_appeal"
    VOIDED = "voided"
    REPLACED = "replaced"


class PublicStatus(StrEnum):
    """What the client's documents call a claim's status (ruling 28)."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    DENIED = "denied"


class Side(StrEnum):
    """Who moves a claim: the database's kinds of caller that may change `claim.state`."""

    PROVIDER = "provider"
    PAYER = "payer"
    SYSTEM = "system"


class Turn(StrEnum):
    """Whose move it is."""

    PROVIDER = "provider"
    PAYER = "payer"
    NONE = "none"


class Clock(StrEnum):
    """The payer's clock to decide."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ClaimType(StrEnum):
    """837P, 837I, 837D; only professional is open (ruling 24)."""

    PROFESSIONAL = "professional"
    INSTITUTIONAL = "institutional"
    DENTAL = "dental"


class Channel(StrEnum):
    """The door a claim came through (ruling 20)."""

    WEB = "web"
    CSV = "csv"
    X12 = "x12"
    API = "api"


class FrequencyCode(StrEnum):
    """X12 837 CLM05-3, CMS-1500 box 22."""

    ORIGINAL = "1"
    REPLACEMENT = "7"
    VOID = "8"


class UnitBasis(StrEnum):
    """X12 837 SV103: units of service, or anesthesia minutes."""

    UNIT = "UN"
    MINUTES = "MJ"


class DraftPurpose(StrEnum):
    """Why a draft was opened (ruling 18)."""

    NEW = "new"
    COPY = "copy"
    REPLACEMENT = "replacement"
    VOID = "void"


class AccidentType(StrEnum):
    """CMS-1500 boxes 10a to 10c; X12 837 CLM11 EM, AA, OA."""

    EMPLOYMENT = "employment"
    AUTO = "auto"
    OTHER = "other"


class DecisionKind(StrEnum):
    """Ruling 26."""

    ORIGINAL = "original"
    CORRECTION = "correction"
    REVERSAL = "reversal"
    APPEAL = "appeal"


class LineOutcome(StrEnum):
    """What was decided on one service line; also the outcome of a whole claim."""

    APPROVED = "approved"
    PARTIALLY_APPROVED = "partially_approved"
    DENIED = "denied"


class DenialReason(StrEnum):
    """The seven reasons of the public user stories (ruling 49), shortcuts to reason codes."""

    INVALID_PROCEDURE = "invalid_procedure"
    INVALID_DIAGNOSIS = "invalid_diagnosis"
    NOT_COVERED = "not_covered"
    NOT_ELIGIBLE = "not_eligible"
    DUPLICATE = "duplicate"
    INSUFFICIENT_DOCUMENTATION = "insufficient_documentation"
    OTHER = "other"


class PendReason(StrEnum):
    """Why a claim waits. `PendReason.asks_provider` says whose answer it waits for."""

    RECORDS_NEEDED = "records_needed"
    INFORMATION_NEEDED = "information_needed"
    OTHER_INSURANCE = "other_insurance"
    AUTHORIZATION_CHECK = "authorization_check"
    ELIGIBILITY_CHECK = "eligibility_check"
    DUPLICATE_CHECK = "duplicate_check"
    CODE_SET_NOT_LOADED = "code_set_not_loaded"
    PRICING = "pricing"
    CLINICAL_REVIEW = "clinical_review"
    OTHER = "other"

    @property
    def asks_provider(self) -> bool:
        return self in _ASKS_PROVIDER


_ASKS_PROVIDER = frozenset(
    {PendReason.RECORDS_NEEDED, PendReason.INFORMATION_NEEDED, PendReason.OTHER_INSURANCE}
)


class ReleaseReason(StrEnum):
    """Why an adjudicator gives a claim back to the queue undecided."""

    CONFLICT_OF_INTEREST = "conflict_of_interest"
    NEEDS_OTHER_SKILL = "needs_other_skill"
    END_OF_SHIFT = "end_of_shift"
    OTHER = "other"


class Severity(StrEnum):
    """Of a finding. An error blocks submission or decision; the others only inform."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class ReferringQualifier(StrEnum):
    """CMS-1500 box 17: referring, ordering or supervising."""

    REFERRING = "DN"
    ORDERING = "DK"
    SUPERVISING = "DQ"


class OnsetQualifier(StrEnum):
    """CMS-1500 box 14: onset of current symptoms, or last menstrual period."""

    ONSET = "431"
    LAST_PERIOD = "484"


class Stage(StrEnum):
    """When a finding was made: before the biller submitted, or on the payer's side at receipt."""

    SUBMISSION = "submission"
    RECEIPT = "receipt"


class ProposalState(StrEnum):
    """Where unfinished work of the payer stands (ruling 22): saved, waiting for the second look, sent
    back."""

    SAVED = "saved"
    AWAITING_SECOND = "awaiting_second"
    RETURNED = "returned"
    DECIDED = "decided"


class GlassVerdict(StrEnum):
    """What another person found of an emergency opening of health data."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class NoteKind(StrEnum):
    """What a note of one side is about. ``decision`` is the documents' ``adjudication_notes``."""

    GENERAL = "general"
    DECISION = "decision"


class RunState(StrEnum):
    """A re-categorization of many claims: counted first, then started by a person, and perhaps taken back."""

    COUNTING = "counting"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"


class RunItemState(StrEnum):
    """What became of one claim of a run."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    SKIPPED = "skipped"  # taken, decided or changed between counting and running
    UNDONE = "undone"
    KEPT = "kept"  # taken, decided or changed since, so that undoing left it
