"""The words of accounts: kinds of organizations, roles, permissions, mails."""

from enum import StrEnum


class OrganizationKind(StrEnum):
    PROVIDER = "provider"
    PAYER = "payer"


class OrganizationType(StrEnum):
    HOSPITAL = "hospital"
    CLINIC = "clinic"
    PRACTICE = "practice"
    INSURER = "insurer"
    THIRD_PARTY_ADMINISTRATOR = "third_party_administrator"


KIND_OF_TYPE = {
    OrganizationType.HOSPITAL: OrganizationKind.PROVIDER,
    OrganizationType.CLINIC: OrganizationKind.PROVIDER,
    OrganizationType.PRACTICE: OrganizationKind.PROVIDER,
    OrganizationType.INSURER: OrganizationKind.PAYER,
    OrganizationType.THIRD_PARTY_ADMINISTRATOR: OrganizationKind.PAYER,
}


class OrganizationStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"


class UserRole(StrEnum):
    """The documents' ``role``: which side a person stands on. Finer rights are rows of ``Role``."""

    PROVIDER = "provider"
    PAYER = "payer"
    ADMIN = "admin"


class KeptBecause(StrEnum):
    """Why a form could not be taken when it came."""

    SESSION_ENDED = "session_ended"
    PROOF_MISSING = "proof_missing"


class Permission(StrEnum):
    """What a role may hold. The names are stable; what each one means is said in accounts/presenters.py. Nothing here
    deletes health data (docs/adr/0018-who-may-give-what.md)."""

    # Providers
    VIEW_CLAIMS = "view_claims"
    SUBMIT_CLAIMS = "submit_claims"
    WITHDRAW_CLAIMS = "withdraw_claims"
    MANAGE_PATIENTS = "manage_patients"
    CHECK_COVERAGE = "check_coverage"
    # Payers
    WORK_QUEUE = "work_queue"
    DECIDE_CLAIMS = "decide_claims"
    SUPERVISE = "supervise"
    REVIEW_APPEALS = "review_appeals"
    MANAGE_MEMBERS = "manage_members"
    # Both
    EXPORT_CLAIMS = "export_claims"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"
    # The platform
    ADMINISTER = "administer"
    MANAGE_CODE_SETS = "manage_code_sets"
    LOOK_UP_ACCOUNTS = "look_up_accounts"
    BREAK_GLASS = "break_glass"
    REVIEW_BREAK_GLASS = "review_break_glass"
    HANDLE_ALERTS = "handle_alerts"


class MailKind(StrEnum):
    """The mails that accounts send. Each has its words in templates/mail/<kind>.txt: the subject on the first line."""

    # Ways back in
    PASSWORD_FORGOTTEN = "password_forgotten"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    FACTOR_RESET = "factor_reset"
    FACTOR_ENROLLED = "factor_enrolled"
    BACKUP_CODES_MADE = "backup_codes_made"
    BACKUP_CODE_USED = "backup_code_used"
    NEW_DEVICE = "new_device"
    # One's own account
    ADDRESS_CHANGE_OLD = "address_change_old"
    ADDRESS_CHANGE_NEW = "address_change_new"
    ADDRESS_CHANGED = "address_changed"
    FACTOR_REPLACED = "factor_replaced"
    # To an organization's privacy contact
    GLASS_BROKEN = "glass_broken"
    # What the security officer should look at
    ALERTS_RAISED = "alerts_raised"


class FactorResetReason(StrEnum):
    """Why an administrator takes somebody's second factor away. The trail keeps the word; what else was said about the
    person is written down nowhere."""

    DEVICE_LOST = "device_lost"
    DEVICE_STOLEN = "device_stolen"
    DEVICE_REPLACED = "device_replaced"
    DEVICE_BROKEN = "device_broken"
    CODES_SEEN = "codes_seen"


class AlertKind(StrEnum):
    """What the security page warns of."""

    SIGN_INS_FAILED = "sign_ins_failed"
    SIGN_INS_SPRAYED = "sign_ins_sprayed"
    SIGN_IN_LOCKED = "sign_in_locked"
    NEW_DEVICE = "new_device"
    RIGHTS_CHANGED = "rights_changed"
    POLICY_CHANGED = "policy_changed"
    ACCESS_RESET = "access_reset"
    BROKE_GLASS = "broke_glass"
    MASS_READING = "mass_reading"
    TRAIL_BROKEN = "trail_broken"


class AlertState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class SettingKey(StrEnum):
    """What an administrator sets for the whole platform while it runs (ruling 37). Never a secret: those are in the
    environment. What each one means and may be stands in accounts/system_setting.py."""

    LEASE_MINUTES = "lease_minutes"
    ALERT_PATIENTS = "alert_patients"
    ALERT_FAILURES = "alert_failures"
    SUPPORT_CONTACT = "support_contact"
    MAINTENANCE_NOTICE = "maintenance_notice"


class SettingType(StrEnum):
    """The words of PostgreSQL's ``jsonb_typeof``, by which a constraint holds the value to its type."""

    NUMBER = "number"
    TEXT = "string"
