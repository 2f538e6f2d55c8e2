"""The roles that ship: one declarative table, written into ``accounts_role`` after every migrate (ruling 36).

Descriptions are for a compliance officer. ``side`` says at which kind of organization a role can be held. A role that
changed its name keeps its row: accounts/migrations/0009_roles.py renames it.
"""

from dataclasses import dataclass

from accounts.enums import Permission as P
from accounts.enums import UserRole


@dataclass(frozen=True)
class SystemRole:
    name: str
    side: UserRole
    description: str
    permissions: frozenset[P]


PROVIDER, PAYER, ADMIN = UserRole.PROVIDER, UserRole.PAYER, UserRole.ADMIN
ORGANIZATION_ADMINISTRATOR = "Organization administrator"
PLATFORM_ADMINISTRATOR = "Platform administrator"

_BILLING = frozenset({P.VIEW_CLAIMS, P.SUBMIT_CLAIMS, P.WITHDRAW_CLAIMS, P.MANAGE_PATIENTS, P.CHECK_COVERAGE})
_ADJUDICATION = frozenset({P.VIEW_CLAIMS, P.WORK_QUEUE, P.DECIDE_CLAIMS, P.EXPORT_CLAIMS, P.MANAGE_MEMBERS})

SYSTEM_ROLES = (
    SystemRole(
        "Biller",
        PROVIDER,
        "Enters and submits claims, keeps patients and their coverage, sees every claim of the organization.",
        _BILLING,
    ),
    SystemRole(
        "Billing manager",
        PROVIDER,
        "Does what a biller does, downloads claims, and reads who did what in the organization.",
        _BILLING | {P.EXPORT_CLAIMS, P.READ_AUDIT},
    ),
    SystemRole(
        "Clinician",
        PROVIDER,
        "Reads the organization's claims and asks payers whether a patient is covered. Enters and changes nothing.",
        frozenset({P.VIEW_CLAIMS, P.CHECK_COVERAGE}),
    ),
    SystemRole(
        "Nurse",
        PROVIDER,
        "Keeps patients and their coverage, and asks payers whether they are covered. Sees no claims.",
        frozenset({P.MANAGE_PATIENTS, P.CHECK_COVERAGE}),
    ),
    SystemRole(
        "Medical records",
        PROVIDER,
        "Keeps patients and reads the claims that records are asked for. Submits and withdraws nothing.",
        frozenset({P.VIEW_CLAIMS, P.MANAGE_PATIENTS}),
    ),
    SystemRole(
        ORGANIZATION_ADMINISTRATOR,
        PROVIDER,
        "Manages the organization's people and their roles, and answers its security alerts. Sees no health data "
        "without another role.",
        frozenset({P.MANAGE_USERS, P.HANDLE_ALERTS}),
    ),
    SystemRole(
        "Adjudicator",
        PAYER,
        "Pulls claims from the queue and decides them line by line, up to a limit; looks up and verifies members.",
        _ADJUDICATION,
    ),
    SystemRole(
        "Supervisor",
        PAYER,
        "Does what an adjudicator does, assigns claims, takes over those of others and reads who did what.",
        _ADJUDICATION | {P.SUPERVISE, P.READ_AUDIT},
    ),
    SystemRole(
        "Appeal reviewer",
        PAYER,
        "Reads the payer's claims and decisions, and is set apart from whoever decided them. Appeals are not in the "
        "product yet, so today this role reads.",
        frozenset({P.VIEW_CLAIMS, P.REVIEW_APPEALS}),
    ),
    SystemRole(
        "Finance",
        PAYER,
        "Reads the payer's claims with what was paid, and downloads them. Decides nothing.",
        frozenset({P.VIEW_CLAIMS, P.EXPORT_CLAIMS}),
    ),
    SystemRole(
        "Auditor",
        PAYER,
        "Reads the audit trail of the payer's claims. Changes nothing.",
        frozenset({P.READ_AUDIT}),
    ),
    SystemRole(
        ORGANIZATION_ADMINISTRATOR,
        PAYER,
        "Manages the organization's people, their roles, and the limits and skills of adjudicators, and answers its "
        "security alerts. Sees no health "
        "data without another role.",
        frozenset({P.MANAGE_USERS, P.HANDLE_ALERTS}),
    ),
    SystemRole(
        PLATFORM_ADMINISTRATOR,
        ADMIN,
        "Creates organizations and people, composes roles, loads code sets, runs the platform. Sees health data in "
        "clear only by breaking the glass, one claim at a time.",
        frozenset(
            {P.ADMINISTER, P.MANAGE_USERS, P.MANAGE_CODE_SETS, P.READ_AUDIT, P.LOOK_UP_ACCOUNTS}
            | {P.BREAK_GLASS, P.REVIEW_BREAK_GLASS, P.HANDLE_ALERTS}
        ),
    ),
    SystemRole(
        "Security officer",
        ADMIN,
        "Reads the audit trail of every organization, answers security alerts, and signs off each emergency opening of "
        "health data. Opens none.",
        frozenset({P.READ_AUDIT, P.REVIEW_BREAK_GLASS, P.HANDLE_ALERTS}),
    ),
    SystemRole(
        "Auditor",
        ADMIN,
        "Reads the audit trail of every organization and checks that it is unbroken. Sees health data in clear only "
        "by breaking the glass, one claim at a time. Changes nothing.",
        frozenset({P.READ_AUDIT, P.BREAK_GLASS}),
    ),
    SystemRole(
        "Support",
        ADMIN,
        "Looks up organizations, people, their roles and their sessions in the administration. Changes nothing and "
        "sees no health data.",
        frozenset({P.LOOK_UP_ACCOUNTS}),
    ),
)

OF_SIDE: dict[UserRole, frozenset[P]] = {
    side: frozenset().union(*(role.permissions for role in SYSTEM_ROLES if role.side == side))
    for side in UserRole
}
"""What a role of a side can hold: the permissions of its system roles. Composed roles take from these."""
