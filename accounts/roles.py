"""The roles that ship: one declarative table, written into ``accounts_role`` after every migrate (ruling 36).

Descriptions are for a compliance officer. ``side`` says at which kind of organization a role can be held.
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

SYSTEM_ROLES = (
    SystemRole(
        "Biller",
        PROVIDER,
        "Enters and submits claims, keeps patients and their coverage, sees every claim of the organization.",
        frozenset({P.VIEW_CLAIMS, P.SUBMIT_CLAIMS, P.WITHDRAW_CLAIMS, P.MANAGE_PATIENTS, P.CHECK_COVERAGE}),
    ),
    SystemRole(
        "Billing manager",
        PROVIDER,
        "Does what a biller does, and reads who did what in the organization.",
        frozenset(
            {P.VIEW_CLAIMS, P.SUBMIT_CLAIMS, P.WITHDRAW_CLAIMS, P.MANAGE_PATIENTS, P.CHECK_COVERAGE}
            | {P.EXPORT_CLAIMS, P.READ_AUDIT}
        ),
    ),
    SystemRole(
        "Provider administrator",
        PROVIDER,
        "Manages the organization's users and answers its security alerts. Sees no health data without another role.",
        frozenset({P.MANAGE_USERS, P.HANDLE_ALERTS}),
    ),
    SystemRole(
        "Adjudicator",
        PAYER,
        "Pulls claims from the queue and decides them line by line; looks up and verifies members.",
        frozenset({P.VIEW_CLAIMS, P.WORK_QUEUE, P.DECIDE_CLAIMS, P.EXPORT_CLAIMS, P.MANAGE_MEMBERS}),
    ),
    SystemRole(
        "Supervisor",
        PAYER,
        "Does what an adjudicator does, assigns claims, takes over those of others and reads who did what.",
        frozenset(
            {P.VIEW_CLAIMS, P.WORK_QUEUE, P.DECIDE_CLAIMS, P.SUPERVISE, P.EXPORT_CLAIMS, P.MANAGE_MEMBERS}
            | {P.READ_AUDIT}
        ),
    ),
    SystemRole(
        "Payer auditor",
        PAYER,
        "Reads the audit trail of the payer's claims. Changes nothing.",
        frozenset({P.READ_AUDIT}),
    ),
    SystemRole(
        "Payer administrator",
        PAYER,
        "Manages the organization's users and answers its security alerts. Sees no health data without another role.",
        frozenset({P.MANAGE_USERS, P.HANDLE_ALERTS}),
    ),
    SystemRole(
        "Platform administrator",
        ADMIN,
        "Creates organizations and users, loads code sets, runs the platform. Sees no health data in clear.",
        frozenset({P.ADMINISTER, P.MANAGE_USERS, P.MANAGE_CODE_SETS, P.READ_AUDIT, P.HANDLE_ALERTS}),
    ),
    SystemRole(
        "Platform auditor",
        ADMIN,
        "Reads the audit trail of every organization and checks that it is unbroken. Changes nothing.",
        frozenset({P.READ_AUDIT}),
    ),
)
