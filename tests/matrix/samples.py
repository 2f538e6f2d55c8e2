"""Whose rows each table has in the sample world. Types, lists of words, keys and organizations are filled in by
tests/matrix/world.py; only what it cannot know is written here."""

from claimflow.lib.system_user import SYSTEM_USER_ID
from tests.matrix.callers import address, organization, person
from tests.matrix.world import Sample

EVERYONE = ("PA", "PB", "YA", "YB")
PEOPLE = (*EVERYONE, "X")
PROVIDERS, PAYERS = ("PA", "PB"), ("YA", "YB")
BOTH = ("PA.YA", "PB.YB")


def kind_of(label: str) -> str:
    return {"P": "provider", "Y": "payer", "X": "admin"}[label[0]]


SAMPLES: dict[str, Sample] = {
    "accounts_organization": Sample(
        EVERYONE,
        {
            "id": organization,
            "kind": kind_of,
            "type": lambda label: "clinic" if label[0] == "P" else "insurer",
            "status": "active",
        },
    ),
    "accounts_user": Sample(
        PEOPLE,
        {"id": person, "email": address, "role": kind_of, "is_system": False},
        existing={"robot": {"id": SYSTEM_USER_ID}},
        extras={"second_robot": ("X", {"is_system": True})},
    ),
    "accounts_organizationprofile": Sample(EVERYONE),
    "accounts_credential": Sample(PEOPLE),
    "accounts_session": Sample(
        PEOPLE,
        {
            "session_key": address,
            "user_id": lambda label: None if label == "X" else person(label),
            "organization_id": organization,
        },
        moves=("session_key", "user_id", "organization_id"),
    ),
    "accounts_throttle": Sample(PROVIDERS, {"key": address}, moves=("key",)),
    "accounts_totpdevice": Sample(PEOPLE, {"confirmed": False}, extras={"working": ("PA", {"confirmed": True})}),
    "accounts_role": Sample(("X",), {"permissions": []}),
    "accounts_rightgrant": Sample(PEOPLE),
    "jobs.allowed": Sample(("X",)),
    "ctx.key": Sample(("X",), {"inner_pad": b"\x01" * 64, "outer_pad": b"\x02" * 64}),
    "procrastinate_jobs": Sample(("X",)),
    "procrastinate_events": Sample(("X",)),
    "procrastinate_workers": Sample(("X",)),
    "procrastinate_periodic_defers": Sample(("X",)),
    "django_migrations": Sample(("X",)),
    "django_content_type": Sample(("X",)),
    "auth_permission": Sample(("X",)),
    "auth_group": Sample(("X",)),
    "auth_group_permissions": Sample(("X",)),
    "django_admin_log": Sample(("X",), {"user_id": person("X")}),
    "auditlog_logentry": Sample(("X",)),
}
