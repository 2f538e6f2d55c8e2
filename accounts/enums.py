"""The words of accounts: kinds of organizations, roles, permissions."""

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
    """What a role may hold. The names are stable; what each one means is said in accounts/presenters.py. Nothing here
    deletes health data (docs/adr/0022-who-may-give-what.md)."""

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
