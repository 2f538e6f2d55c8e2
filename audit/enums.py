"""The words of the trail. The database accepts no others: `migrate` copies these lists to `audit.vocabulary`.

An event that a payer alone may see is recorded without `provider_id` (ruling 33): `ai_categorization` is
one, the provider reads `priority_set`.
"""

from enum import StrEnum


class Action(StrEnum):
    """What happened. Names of the client's documents are kept; a word is never reused for another meaning."""

    # Claims
    CLAIM_SUBMITTED = "claim_submitted"
    CLAIM_RECEIVED = "claim_received"
    CLAIM_REJECTED = "claim_rejected"
    AI_CATEGORIZATION = "ai_categorization"
    PRIORITY_SET = "priority_set"
    CLAIM_PULLED = "claim_pulled"
    CLAIM_ASSIGNED = "claim_assigned"
    CLAIM_RELEASED = "claim_released"
    LEASE_EXPIRED = "lease_expired"
    CLAIM_PENDED = "claim_pended"
    CLAIM_ANSWERED = "claim_answered"
    CLAIM_RESUMED = "claim_resumed"
    CLAIM_APPROVED = "claim_approved"
    CLAIM_PARTIALLY_APPROVED = "claim_partially_approved"
    CLAIM_DENIED = "claim_denied"
    DECISION_CORRECTED = "decision_corrected"
    CLAIM_WITHDRAWN = "claim_withdrawn"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    CLAIM_VOIDED = "claim_voided"
    CLAIM_REPLACED = "claim_replaced"
    CLAIM_REMITTED = "claim_remitted"
    CLAIM_APPEALED = "claim_appealed"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_RETURNED = "proposal_returned"
    SECOND_LOOK_ASKED = "second_look_asked"
    RECATEGORIZATION_ASKED = "recategorization_asked"
    RECATEGORIZATION_STARTED = "recategorization_started"
    RECATEGORIZATION_DISCARDED = "recategorization_discarded"
    RECATEGORIZATION_FINISHED = "recategorization_finished"
    RECATEGORIZATION_UNDONE = "recategorization_undone"
    COVERAGE_MATCHED = "coverage_matched"
    NOTE_ADDED = "note_added"
    NOTICE_SENT = "notice_sent"
    DRAFT_SAVED = "draft_saved"
    DRAFT_DELETED = "draft_deleted"
    RULES_ACTIVATED = "rules_activated"
    # Reads of health data
    CLAIM_VIEWED = "claim_viewed"
    CLAIMS_LISTED = "claims_listed"
    CLAIMS_SEARCHED = "claims_searched"
    CLAIM_EXPORTED = "claim_exported"
    CLAIMS_EXPORTED = "claims_exported"
    DRAFT_VIEWED = "draft_viewed"
    DRAFTS_LISTED = "drafts_listed"
    PATIENT_VIEWED = "patient_viewed"
    PATIENTS_LISTED = "patients_listed"
    PATIENTS_SEARCHED = "patients_searched"
    MEMBER_VIEWED = "member_viewed"
    MEMBERS_LISTED = "members_listed"
    MEMBERS_SEARCHED = "members_searched"
    DOCUMENT_VIEWED = "document_viewed"
    BROKE_GLASS = "broke_glass"
    GLASS_SIGNED_OFF = "glass_signed_off"
    # People and coverage
    PATIENT_SAVED = "patient_saved"
    MEMBER_ADDED = "member_added"
    MEMBER_CHANGED = "member_changed"
    MEMBER_ENDED = "member_ended"
    MEMBER_VERIFIED = "member_verified"
    COVERAGE_ADDED = "coverage_added"
    COVERAGE_ENDED = "coverage_ended"
    ROSTER_IMPORTED = "roster_imported"
    ELIGIBILITY_CHECKED = "eligibility_checked"
    PLAN_SAVED = "plan_saved"
    PRACTITIONER_SAVED = "practitioner_saved"
    FACILITY_SAVED = "facility_saved"
    BILLING_PROVIDER_SAVED = "billing_provider_saved"
    # The door
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    IDENTITY_CONFIRMED = "identity_confirmed"  # proven again while signed in
    FACTOR_REPLACED = "factor_replaced"
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGE_STOPPED = "email_change_stopped"
    FORM_KEPT = "form_kept"  # what was typed when the session had ended
    FORM_RESTORED = "form_restored"
    SIGN_OUT = "sign_out"
    SESSION_ENDED = "session_ended"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_FORGOTTEN = "password_forgotten"  # noqa: S105 - a link was asked for
    PASSWORD_RESET = "password_reset"  # noqa: S105
    FACTOR_ENROLLED = "factor_enrolled"
    FACTOR_RESET = "factor_reset"
    BACKUP_CODES_MADE = "backup_codes_made"
    BACKUP_CODE_USED = "backup_code_used"
    NEW_DEVICE = "new_device"
    ACCESS_DENIED = "access_denied"
    # Administration
    USER_CREATED = "user_created"
    USER_CHANGED = "user_changed"
    USER_DEACTIVATED = "user_deactivated"
    USER_REACTIVATED = "user_reactivated"
    RIGHTS_CHANGED = "rights_changed"
    POLICY_CHANGED = "policy_changed"
    ROLE_CREATED = "role_created"
    ROLE_CHANGED = "role_changed"
    ROLE_DELETED = "role_deleted"
    AUTHORITY_CHANGED = "authority_changed"
    ORGANIZATION_CREATED = "organization_created"
    ORGANIZATION_CHANGED = "organization_changed"
    SETTING_CHANGED = "setting_changed"
    JOBS_RETRIED = "jobs_retried"
    CODES_LOADED = "codes_loaded"
    VERSION_PROPOSED = "version_proposed"
    VERSION_ACTIVATED = "version_activated"
    VERSION_SHADOWED = "version_shadowed"
    VERSION_RETIRED = "version_retired"
    MODEL_BUDGET_SET = "model_budget_set"
    PURPOSE_STARTED = "purpose_started"
    KEYS_CHANGED = "keys_changed"
    BACKUP_MADE = "backup_made"
    BACKUP_CHECKED = "backup_checked"
    # The trail itself
    AUDIT_VIEWED = "audit_viewed"
    AUDIT_VERIFIED = "audit_verified"
    AUDIT_EXPORTED = "audit_exported"
    # Alerts of the security page
    ALERT_RAISED = "alert_raised"
    ALERT_TAKEN = "alert_taken"
    ALERT_RESOLVED = "alert_resolved"


class SubjectKind(StrEnum):
    """What it happened to; `subject_id` is the row's primary key."""

    CLAIM = "claim"
    DRAFT = "draft"
    PATIENT = "patient"
    MEMBER = "member"
    COVERAGE = "coverage"
    PLAN = "plan"
    PRACTITIONER = "practitioner"
    FACILITY = "facility"
    BILLING_PROVIDER = "billing_provider"
    DOCUMENT = "document"
    NOTICE = "notice"
    ROSTER = "roster"
    RULE_SET = "rule_set"
    RECATEGORIZATION = "recategorization"
    CODE_RELEASE = "code_release"
    MODEL_VERSION = "model_version"
    USER = "user"
    ORGANIZATION = "organization"
    ROLE = "role"
    SECURITY_POLICY = "security_policy"
    ADDRESS = "address"  # a typed address that belongs to no account: subject_id is made from its keyed hash
    SETTING = "setting"
    COMMAND = "command"
    BACKUP = "backup"
    AUDIT = "audit"
    ALERT = "alert"


class Outcome(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"
    DENIED = "denied"


class Severity(StrEnum):
    """How much an event deserves to be looked at, from the least to the most."""

    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"


_NOTICES = (
    # A step back from what was told before, or a change of the rules that decide.
    Action.DECISION_CORRECTED, Action.CLAIM_VOIDED, Action.RULES_ACTIVATED, Action.DRAFT_DELETED,
    # Somebody's way in, or what somebody may do, is another than before.
    Action.SESSION_ENDED, Action.UNLOCKED, Action.PASSWORD_CHANGED, Action.PASSWORD_RESET, Action.FACTOR_ENROLLED,
    Action.NEW_DEVICE,
    Action.USER_CREATED, Action.USER_DEACTIVATED, Action.USER_REACTIVATED, Action.RIGHTS_CHANGED,
    Action.ORGANIZATION_CREATED, Action.ORGANIZATION_CHANGED, Action.SETTING_CHANGED, Action.JOBS_RETRIED,
    Action.CODES_LOADED,    Action.PURPOSE_STARTED, Action.AUDIT_EXPORTED,
)  # fmt: skip
_WARNINGS = (
    Action.BROKE_GLASS, Action.SECOND_FACTOR_FAILED, Action.LOCKED, Action.FACTOR_RESET, Action.ACCESS_DENIED,
    Action.KEYS_CHANGED,
)  # fmt: skip
SEVERITY_OF: dict[str, Severity] = {
    **dict.fromkeys(_NOTICES, Severity.NOTICE),
    **dict.fromkeys(_WARNINGS, Severity.WARNING),
}
"""What an action weighs when whoever records it does not say; every other is ``info``."""


class Detail(StrEnum):
    """The only keys that `details` may have. Values are numbers, truth values, codes, ids, or lists of
    codes; never names, free text, amounts tied to a patient or anything a person typed (security.md section
    5)."""

    PRIORITY = "priority"
    AI_CONFIDENCE = "aiConfidence"
    AI_REASONING = "aiReasoning"  # reason codes
    SOURCE = "source"
    CHANNEL = "channel"
    REASON_CODE = "reason_code"
    REASON_CODES = "reason_codes"
    TURN = "turn"
    DUE_AT = "due_at"
    ROWS = "rows"
    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    REFUSED = "refused"
    ANSWER = "answer"
    VERSION = "version"
    DECISION = "decision"
    ADJUDICATOR = "adjudicator"
    EARLIER_ADJUDICATOR = "earlier_adjudicator"
    PREDECESSOR = "predecessor"
    RULE_SET = "rule_set"
    RELEASE = "release"
    ROLE = "role"
    RIGHTS_ADDED = "rights_added"
    RIGHTS_REMOVED = "rights_removed"
    FACTOR = "factor"
    METHOD = "method"
    ADDRESS_HASH = "address_hash"
    AGENT = "agent"  # class of the user agent, not its text
    ATTEMPTS = "attempts"
    OLD_VALUES = "old_values"  # field:figure
    NEW_VALUES = "new_values"
    COMMAND = "command"
    SETTING = "setting"
    PAGE = "page"  # name of a URL
    KEY_ID = "key_id"
    INDEX_KEY_ID = "index_key_id"
    TABLES = "tables"  # model:rows
    ALERT = "alert"  # kind of an alert
    CHECKPOINT = "checkpoint"
    FINDINGS = "findings"
    EVENTS = "events"
    ACCESSES = "accesses"
