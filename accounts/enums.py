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


class Permission(StrEnum):
    """What a role may hold. The names are stable; descriptions are in accounts/presenters.py."""

    VIEW_CLAIMS = "view_claims"
    SUBMIT_CLAIMS = "submit_claims"
    WITHDRAW_CLAIMS = "withdraw_claims"
    MANAGE_PATIENTS = "manage_patients"
    CHECK_COVERAGE = "check_coverage"
    WORK_QUEUE = "work_queue"
    DECIDE_CLAIMS = "decide_claims"
    SUPERVISE = "supervise"
    MANAGE_MEMBERS = "manage_members"
    EXPORT_CLAIMS = "export_claims"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"
    ADMINISTER = "administer"
    MANAGE_CODE_SETS = "manage_code_sets"


class MailKind(StrEnum):
    """The mails that accounts send. Each has its words in templates/mail/<kind>.txt: the subject on the first line."""

    # Ways back in
    PASSWORD_FORGOTTEN = "password_forgotten"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    FACTOR_RESET = "factor_reset"
    BACKUP_CODES_MADE = "backup_codes_made"
    BACKUP_CODE_USED = "backup_code_used"
    NEW_DEVICE = "new_device"
