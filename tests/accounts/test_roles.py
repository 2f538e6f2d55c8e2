"""Permissions in plain English, the roles that ship, and who may give which."""

import pytest

from accounts.enums import Permission, UserRole
from accounts.models import Role, User
from accounts.policies import can_manage, can_manage_people, may_give
from accounts.presenters import PERMISSIONS, in_words
from accounts.roles import OF_SIDE, SYSTEM_ROLES

ISSUE = {
    "provider": "Biller, Billing manager, Clinician, Nurse, Medical records, Organization administrator",
    "payer": "Adjudicator, Supervisor, Appeal reviewer, Finance, Auditor, Organization administrator",
    "admin": "Platform administrator, Security officer, Auditor, Support",
}
HEALTH_DATA = {
    "view_claims", "submit_claims", "manage_patients", "work_queue", "decide_claims", "manage_members",
    "export_claims",
}  # fmt: skip


@pytest.mark.parametrize("side", ISSUE)
def test_the_roles_that_ship(side: str) -> None:
    assert ", ".join(role.name for role in SYSTEM_ROLES if role.side == side) == ISSUE[side]


def test_every_permission_is_in_words_and_in_a_role() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert frozenset().union(*OF_SIDE.values()) == set(Permission)
    assert in_words(["unheard_of", "view_claims"])[1:] == ["unheard_of"]


def test_no_two_roles_of_a_side_are_the_same() -> None:
    for side in UserRole:
        held = [role.permissions for role in SYSTEM_ROLES if role.side == side]
        assert len(set(held)) == len(held)


def test_nobody_may_delete_health_data() -> None:
    assert not [name for name in Permission if "delete" in name.value or "phi" in name.value]


def test_the_platform_holds_no_permission_to_health_data_but_the_glass() -> None:
    assert not HEALTH_DATA & {each.value for each in OF_SIDE[UserRole.ADMIN]}
    assert {role.name for role in SYSTEM_ROLES if Permission.BREAK_GLASS in role.permissions} == {
        "Platform administrator",
        "Auditor",
    }


# --- Who may give what --------------------------------------------------------------------------------------

A, B = "0196f0c0-0000-7000-8000-00000000000a", "0196f0c0-0000-7000-8000-00000000000b"
OFFICES = {
    "clinic": ("provider", A, {"manage_users"}),
    "clinic and biller": ("provider", A, {"manage_users", "submit_claims"}),
    "biller": ("provider", A, {"view_claims", "submit_claims"}),
    "insurer": ("payer", B, {"manage_users"}),
    "platform": ("admin", None, {"manage_users", "administer", "read_audit"}),
    "half a platform": ("admin", None, {"manage_users", "read_audit"}),
}
ROLES = {
    "Biller": Role(name="Biller", side="provider", is_system=True, permissions=["submit_claims"]),
    "own biller": Role(name="own biller", side="provider", permissions=["submit_claims"]),
    "Auditor": Role(name="Auditor", side="payer", is_system=True, permissions=["read_audit"]),
    "overseer": Role(name="Auditor", side="admin", is_system=True, permissions=["read_audit"]),
    "glass": Role(name="glass", side="admin", is_system=True, permissions=["read_audit", "break_glass"]),
}


def person(office: str) -> User:
    side, organization, permissions = OFFICES[office]
    user = User(role=side, organization_id=organization, is_active=True)
    user.permissions = frozenset(permissions)
    return user


@pytest.mark.parametrize(
    ("office", "gifts"),
    [
        ("clinic", {"Biller"}),
        ("clinic and biller", {"Biller", "own biller"}),
        ("biller", set()),
        ("insurer", {"Auditor"}),
        ("platform", {"Biller", "own biller", "Auditor", "overseer"}),
        ("half a platform", set()),
    ],
)
def test_what_an_office_may_give(office: str, gifts: set[str]) -> None:
    giver = person(office)
    assert {name for name, role in ROLES.items() if may_give(giver, role)} == gifts
    giver.is_active = False
    assert not any(may_give(giver, role) for role in ROLES.values())


def test_whose_account_one_may_keep() -> None:
    clinic, colleague, stranger = person("clinic"), person("biller"), person("insurer")
    assert can_manage(clinic, colleague)
    assert not can_manage(clinic, clinic)
    assert not can_manage(clinic, stranger)
    assert not can_manage(colleague, clinic)
    assert can_manage(person("platform"), stranger)
    colleague.is_system = True
    assert not can_manage(clinic, colleague)
    assert not can_manage_people(person("half a platform"))
