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


class KeptBecause(StrEnum):
    """Why a form could not be taken when it came."""

    SESSION_ENDED = "session_ended"
    PROOF_MISSING = "proof_missing"


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
