"""The people of an organization, kept by its administrator: pages, actions, and the database behind them."""

import re
import threading
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connections
from django.urls import reverse

from accounts.actions.change import change_rights, change_user
from accounts.actions.people import signs_of
from accounts.actions.rights import change_role, compose_role, delete_role
from accounts.models import Organization, RightGrant, Role, Session, User
from audit.models import Event
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden, Refusal
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
ADMINISTRATOR = "Organization administrator"


def role(name: str, side: str = "provider") -> Role:
    with acting_as("system", "test"):
        found: Role = Role.objects.get(side=side, name=name)
    return found


def held(user: User) -> list[str]:
    with acting_as("system", "test"):
        return sorted(RightGrant.objects.filter(user=user).values_list("role__name", flat=True))


def newest(action: str) -> Event:
    with acting_as("auditor"):
        found: Event = Event.objects.filter(action=action).latest("id")
    return found


def asking(user: User) -> Any:
    """The context of this person's requests."""
    return acting_as(user.role, user=user, organization=user.organization_id)


@pytest.fixture
def clinic() -> Organization:
    return make_organization("provider")


@pytest.fixture
def administrator(clinic: Organization) -> User:
    return make_user("provider", ADMINISTRATOR, organization=clinic)


# --- Pages --------------------------------------------------------------------------------------------------


def test_a_person_is_invited_with_a_password_that_is_shown_once(administrator: User) -> None:
    client = client_of(administrator, is_fresh=True)
    form = {
        "email": "New@Example.com",
        "first_name": "Ada",
        "last_name": "Marsh",
        "held_roles": [str(role("Nurse").pk)],
    }
    answer = client.post(reverse("accounts:invite"), form)
    assert answer.url == reverse("accounts:person_password")
    page = client.get(answer.url).content.decode()
    assert re.search(r'id="temporary-password">[^<]{16}<', page)
    assert client.get(answer.url).url == reverse("accounts:people")
    with acting_as("system", "test"):
        made = User.objects.get(email="new@example.com")
    assert (made.organization_id, made.role, made.is_first_login) == (
        administrator.organization_id,
        "provider",
        True,
    )
    assert held(made) == ["Nurse"]
    event = newest("user_created")
    assert (event.actor_id, event.organization_id, event.kind) == (
        administrator.pk,
        administrator.organization_id,
        "provider",
    )
    page = client.get(reverse("accounts:people")).content.decode()
    assert "First sign-in pending" in page
    again = client.post(reverse("accounts:invite"), form)
    assert (
        "This address cannot be used." in again.content.decode()
        or "already signs in" in again.content.decode()
    )
    make_user("payer", "Finance", organization=make_organization("payer"), email="there@example.com")
    taken = client.post(reverse("accounts:invite"), form | {"email": "there@example.com"})
    assert "This address cannot be used." in taken.content.decode()


def test_an_invitation_leads_to_the_limits_of_whoever_decides() -> None:
    boss = make_user("payer", ADMINISTRATOR, organization=make_organization("payer"))
    client = client_of(boss, is_fresh=True)
    form = {"email": "adj@example.com", "first_name": "Ada", "last_name": "Marsh"}
    page = client.post(
        reverse("accounts:invite"), form | {"held_roles": [str(role("Adjudicator", "payer").pk)]}, follow=True
    ).content.decode()
    with acting_as("system", "test"):
        made = User.objects.get(email=form["email"])
    assert reverse("payer:authority", args=[made.pk]) in page
    assert "No limit of their own" in page
    assert "No limit of their own" in client.get(reverse("accounts:person", args=[made.pk])).content.decode()


@pytest.mark.parametrize("name", ["person", "person_active"])
def test_a_colleague_is_changed_after_a_fresh_proof(
    administrator: User, clinic: Organization, name: str
) -> None:
    biller = make_user("provider", "Biller", organization=clinic)
    client, url = client_of(administrator), reverse(f"accounts:{name}", args=[biller.pk])
    assert client.get(url).status_code == 200
    answer = client.post(url, {"first_name": "Ada", "last_name": "Marsh"})
    assert answer.url.startswith(reverse("accounts:confirm"))
    with acting_as("system", "test"):
        kept = User.objects.get(pk=biller.pk)
    assert (kept.is_active, kept.first_name) == (True, biller.first_name)


def test_nobody_has_a_password_hashed_who_may_not_give_it(
    administrator: User, clinic: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hashed() -> tuple[str, str]:
        raise AssertionError("hashed before the question who asks")

    monkeypatch.setattr("accounts.views.people.temporary_password", hashed)
    monkeypatch.setattr("accounts.admin_recovery.temporary_password", hashed)
    biller = client_of(make_user("provider", "Biller", organization=clinic), is_fresh=True)
    support = client_of(make_user("admin", "Support"), is_fresh=True)
    assert biller.post(reverse("accounts:invite"), {}).status_code == 403
    url = reverse("accounts:person_reset_password", args=[administrator.pk])
    assert biller.post(url).status_code == 403
    assert (
        support.post(reverse("admin:accounts_user_reset_password", args=[administrator.pk])).status_code
        == 403
    )


def test_a_colleague_is_signed_out_everywhere(administrator: User, clinic: Organization) -> None:
    biller = make_user("provider", "Biller", organization=clinic)
    theirs, client = [client_of(biller), client_of(biller)], client_of(administrator)
    url = reverse("accounts:person_sign_out", args=[biller.pk])
    assert "was signed out everywhere." in client.post(url, follow=True).content.decode()
    for each in theirs:
        assert each.get(reverse("claims:home")).url.startswith(reverse("accounts:sign_in"))
    event = newest("session_ended")
    assert (event.subject_id, event.details) == (biller.pk, {"ended": 2})
    assert "was not signed in." in client.post(url, follow=True).content.decode()
    own = reverse("accounts:person_sign_out", args=[administrator.pk])
    assert client.post(own).status_code == 403


def test_a_deactivated_person_is_out_with_the_next_request(administrator: User, clinic: Organization) -> None:
    biller = make_user("provider", "Biller", organization=clinic)
    theirs, client = client_of(biller), client_of(administrator, is_fresh=True)
    assert theirs.get(reverse("claims:home")).status_code == 200
    url = reverse("accounts:person_active", args=[biller.pk])
    assert "Close the account" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert theirs.get(reverse("claims:home")).url.startswith(reverse("accounts:sign_in"))
    with acting_as("system", "test"):
        assert not Session.objects.filter(user=biller).exists()
        assert User.objects.get(pk=biller.pk).last_seen_at is not None
    assert client.get(reverse("accounts:people")).content.decode().count(biller.email) == 0
    assert biller.email in client.get(reverse("accounts:people"), {"state": "closed"}).content.decode()
    assert client.post(url).status_code == 302
    assert newest("user_reactivated").subject_id == biller.pk


def test_name_and_roles_change_together_with_the_next_request(
    administrator: User, clinic: Organization
) -> None:
    biller = make_user("provider", "Biller", organization=clinic)
    theirs, client = client_of(biller), client_of(administrator, is_fresh=True)
    url = reverse("accounts:person", args=[biller.pk])
    assert client.get(url).status_code == 200
    form = {"first_name": "Ada", "last_name": "Marsh", "held_roles": [str(role("Nurse").pk)]}
    assert client.post(url, form).status_code == 302
    assert held(biller) == ["Nurse"]
    assert theirs.get(reverse("claims:home")).status_code == 403
    event = newest("rights_changed")
    assert event.details == {"rights_added": ["nurse"], "rights_removed": ["biller"]}
    assert event.organization_id == clinic.pk


def test_a_lost_password_and_a_lost_second_factor(administrator: User, clinic: Organization) -> None:
    biller = make_user("provider", "Biller", organization=clinic)
    theirs, client = client_of(biller), client_of(administrator, is_fresh=True)
    assert "Reset second factor" in client.get(reverse("accounts:person", args=[biller.pk])).content.decode()
    factor = reverse("accounts:person_reset_factor", args=[biller.pk])
    assert client.get(factor).status_code == 200
    assert client.post(factor, {"reason": ""}).status_code == 200
    assert client.post(factor, {"reason": "device_lost"}).status_code == 302
    assert newest("factor_reset").details == {"reason_code": "device_lost"}
    assert theirs.get(reverse("claims:home")).status_code == 302
    assert "is gone" in client.get(reverse("accounts:people")).content.decode()
    password = reverse("accounts:person_reset_password", args=[biller.pk])
    assert client.get(password).status_code == 200
    shown = client.get(client.post(password).url).content.decode()
    assert re.search(r'id="temporary-password">[^<]{16}<', shown)
    assert newest("password_reset").organization_id == clinic.pk
    assert client.post(reverse("accounts:person_unlock", args=[biller.pk])).status_code == 302
    assert newest("unlocked").subject_id == biller.pk
    for name in ("person_reset_password", "person_reset_factor", "person_unlock"):
        assert client.post(reverse(f"accounts:{name}", args=[administrator.pk])).status_code == 403


def test_ones_own_page_only_shows(administrator: User) -> None:
    client = client_of(administrator, is_fresh=True)
    url = reverse("accounts:person", args=[administrator.pk])
    assert 'name="held_roles"' not in client.get(url).content.decode()
    assert client.post(url, {"first_name": "X"}).status_code == 403
    assert client.post(reverse("accounts:person_active", args=[administrator.pk])).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_many(
    administrator: User, clinic: Organization, django_assert_max_num_queries: Any
) -> None:
    for _n in range(3):
        make_user("provider", "Biller", organization=clinic)
    client = client_of(administrator, is_fresh=True)
    with django_assert_max_num_queries(34):
        page = client.get(reverse("accounts:people"), {"q": "person"})
    assert len(page.context["rows"]) == 4
    assert all(row.signs.has_factor for row in page.context["rows"])
    assert "Nobody fits" in client.get(reverse("accounts:people"), {"q": "zzz"}).content.decode()


def test_support_looks_up_accounts_and_nothing_else() -> None:
    client = client_of(make_user("admin", "Support"))
    person = make_user("provider", "Biller", organization=make_organization("provider"))
    assert client.get("/").url == reverse("admin:accounts_user_changelist")
    assert client.get(reverse("admin:accounts_user_change", args=[person.pk])).status_code == 200
    refused = ["admin:accounts_user_add", "admin:accounts_organization_add", "admin:claims_claim_changelist"]
    refused += [
        "admin:members_plan_changelist",
        "admin:accounts_role_add",
        "admin:claims_diagnosis_changelist",
    ]
    assert [client.get(reverse(name)).status_code for name in refused] == [403] * len(refused)
    assert client.get(reverse("admin:index")).context["rooms"] == []


# --- Actions ------------------------------------------------------------------------------------------------


def test_the_last_administrator_stays(administrator: User, clinic: Organization) -> None:
    second = make_user("provider", ADMINISTRATOR, organization=clinic)
    with asking(administrator):
        change_rights(user=second, roles=[role("Biller")], by=administrator)
    platform = make_user("admin", "Platform administrator")
    administrator.is_active = False
    with asking(platform), pytest.raises(Refusal, match="nobody would be left"):
        change_user(user=administrator, fields=["is_active"], by=platform)
    with asking(platform), pytest.raises(Refusal, match="nobody would be left"):
        change_rights(user=administrator, roles=[], by=platform)
    assert held(administrator) == [ADMINISTRATOR]
    with acting_as("system", "test"):
        assert User.objects.get(pk=administrator.pk).is_active


def test_nobody_gives_what_is_not_theirs(administrator: User, clinic: Organization) -> None:
    platform = make_user("admin", "Platform administrator")
    with asking(platform):
        own = compose_role(
            role=Role(
                name="Coverage desk", side="provider", description="Asks.", permissions=["check_coverage"]
            ),
            by=platform,
        )
    biller = make_user("provider", "Biller", organization=clinic)
    for roles in ([own], [role("Finance", "payer")]):
        with asking(administrator), pytest.raises(Forbidden):
            change_rights(user=biller, roles=roles, by=administrator)
    with asking(administrator), pytest.raises(Forbidden, match="their own"):
        change_rights(user=administrator, roles=[role("Biller")], by=administrator)
    stranger = make_user("provider", "Biller", organization=make_organization("provider"))
    with asking(administrator), pytest.raises(Forbidden):
        change_rights(user=stranger, roles=[], by=administrator)
    with asking(platform):
        change_rights(user=biller, roles=[own], by=platform)
    page = client_of(administrator).get(reverse("accounts:person", args=[biller.pk])).content.decode()
    assert "Also holds Coverage desk." in page
    with asking(platform), pytest.raises(Refusal, match="Somebody holds this role"):
        delete_role(role=own, by=platform)


def test_a_composed_role_binds_its_holders_at_once(clinic: Organization) -> None:
    platform = make_user("admin", "Platform administrator")
    with asking(platform):
        own = compose_role(
            role=Role(name="Reader", side="provider", description="Reads.", permissions=["view_claims"]),
            by=platform,
        )
    reader = make_user("provider", "Reader", organization=clinic)
    client = client_of(reader)
    assert client.get(reverse("claims:home")).status_code == 200
    with asking(platform):
        own.permissions = ["check_coverage"]
        change_role(role=own, fields=["permissions"], was=["view_claims"], by=platform)
    assert client.get(reverse("claims:home")).status_code == 403
    assert newest("role_changed").details == {
        "rights_added": ["check_coverage"],
        "rights_removed": ["view_claims"],
    }
    with asking(platform), pytest.raises(Forbidden, match="own side"):
        compose_role(role=Role(name="Odd", side="provider", permissions=["work_queue"]), by=platform)


def test_signs_are_of_ones_own_people(administrator: User) -> None:
    stranger = make_user("provider", "Biller", organization=make_organization("provider"))
    with asking(administrator):
        assert set(signs_of(people=[administrator, stranger], by=administrator)) == {administrator.pk}


# --- The database, when nobody asked the policies -----------------------------------------------------------


def step(user: User) -> Any:
    """The organization administrator's step of the system, without the action around it."""
    return acting_as("system", "manage_people", user=user)


def give(user: User, name: str, by: User) -> None:
    RightGrant(
        user=user, role=role(name, user.role), organization_id=user.organization_id, granted_by=by
    ).save(force_insert=True)


def test_the_database_refuses_gifts_of_others(administrator: User, clinic: Organization) -> None:
    biller = make_user("provider", "Biller", organization=clinic)
    stranger = make_user("provider", "Biller", organization=make_organization("provider"))
    with step(administrator):
        give(biller, "Nurse", administrator)
    for by, receiver, name in (
        (administrator, administrator, "Nurse"),  # oneself
        (administrator, stranger, "Nurse"),  # another organization's
        (biller, stranger, "Nurse"),  # no right to manage people
    ):
        with pytest.raises(IntegrityError, match="not theirs"), step(by):
            give(receiver, name, by)
    with pytest.raises(IntegrityError, match="not theirs"), step(administrator):
        give(biller, "Clinician", biller)  # in another's name
    with pytest.raises(IntegrityError, match="not theirs"), step(administrator):
        User.objects.filter(pk=stranger.pk).update(is_active=False)
    with pytest.raises(IntegrityError, match="own account"), step(administrator):
        User.objects.filter(pk=administrator.pk).update(is_active=False)
    with pytest.raises(IntegrityError, match="another side"), acting_as("system", "test"):
        RightGrant(user=biller, role=role("Finance", "payer"), organization_id=clinic.pk).save(
            force_insert=True
        )


def test_the_database_keeps_the_last_administrator(administrator: User) -> None:
    with pytest.raises(IntegrityError, match="last administrator"), acting_as("system", "test"):
        User.objects.filter(pk=administrator.pk).update(is_active=False)
    with pytest.raises(IntegrityError, match="last administrator"), acting_as("system", "test"):
        RightGrant.objects.filter(user=administrator).delete()


def test_the_database_keeps_what_ships() -> None:
    platform = make_user("admin", "Platform administrator")
    shipped = role("Biller")
    with asking(platform):
        assert Role.objects.filter(pk=shipped.pk).update(permissions=["manage_users"]) == 0
        assert Role.objects.filter(pk=shipped.pk).delete()[0] == 0
    auditor = make_user("admin", "Auditor")
    with pytest.raises(IntegrityError, match="not theirs to compose"), asking(auditor):
        Role(name="Mine", side="admin", permissions=["administer"]).save(force_insert=True)
    with pytest.raises(ProgrammingError, match="row-level security"), asking(platform):
        Role(name="Shipped", side="provider", permissions=[], is_system=True).save(force_insert=True)


def test_two_administrators_who_close_each_other_at_once(clinic: Organization) -> None:
    """One of them stays: the second waits for the first and then finds nobody left."""
    pair = [make_user("provider", ADMINISTRATOR, organization=clinic) for _n in range(2)]
    both = threading.Barrier(2)
    outcomes: list[str] = []

    def close(by: User, other: User) -> None:
        try:
            with asking(by):
                both.wait()
                other.is_active = False
                change_user(user=other, fields=["is_active"], by=by)
            outcomes.append("closed")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=close, args=(a, b)) for a, b in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("closed") == 1
    with acting_as("system", "test"):
        assert User.objects.filter(organization=clinic, is_active=True).count() == 1
