"""The security policy at work: in force with the next request, for everybody whom it concerns."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.change import change_organization, change_rights, change_user
from accounts.actions.create import create_user, temporary_password
from accounts.models import Credential, Organization, Role, Session, User
from accounts.start_checks import a_second_factor_for_everybody
from audit.models import Event
from claimflow.lib.db.context import acting_as
from tests.accounts.test_factors import at_once
from tests.accounts.test_sign_in import code_of, enter_password
from tests.harness import admin_connection
from tests.signed_in import PASSWORD, age_session, client_of, make_organization, make_user, set_policy

pytestmark = pytest.mark.usefixtures("real_db")
WELCOME = "/welcome/"
COOKIE = "claimflow_session"


@pytest.fixture
def biller() -> User:
    return make_user("provider", "Biller", organization=make_organization())


def events(action: str) -> list[Event]:
    with acting_as("auditor"):
        return list(Event.objects.filter(action=action).order_by("id"))


def test_shorter_times_count_from_the_next_request(biller: User) -> None:
    client = client_of(biller)
    age_session(client, last_seen_at=12, created_at=61)
    assert client.get(WELCOME, HTTP_X_BACKGROUND="1").status_code == 200
    set_policy(biller.organization, absolute_hours=1)
    assert client.get(WELCOME).status_code == 302
    other = client_of(make_user("provider", "Biller", organization=make_organization()))
    age_session(other, last_seen_at=12, created_at=61)
    assert other.get(WELCOME, HTTP_X_BACKGROUND="1").status_code == 200
    set_policy(idle_minutes=10)
    assert other.get(WELCOME).status_code == 302


def test_longer_times_too(biller: User) -> None:
    client = client_of(biller)
    age_session(client, last_seen_at=31, created_at=13 * 60)
    assert client.get(WELCOME).status_code == 302
    set_policy(idle_minutes=60, absolute_hours=24)
    assert client.get(WELCOME).status_code == 200


def test_policies_cost_no_query_more(biller: User) -> None:
    client = client_of(biller)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(WELCOME).status_code == 200
        return len(queries)

    before = cost()
    set_policy(biller.organization, idle_minutes=20, address_ranges=["127.0.0.0/8"], expiry_days=90)
    set_policy(address_ranges=["127.0.0.0/8", "::1/128"])
    assert cost() == before


def test_a_session_from_outside_is_ended_and_recorded(biller: User) -> None:
    client, inside = client_of(biller), client_of(biller)
    set_policy(biller.organization, address_ranges=["192.0.2.0/24", "2001:db8::/32"])
    assert client.get(WELCOME).status_code == 302
    (event,) = events("session_ended")
    assert (event.subject_id, event.outcome) == (biller.pk, "denied")
    assert event.details["reason_code"] == "address"
    assert client.get(WELCOME, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert inside.get(WELCOME, REMOTE_ADDR="2001:db8::7").status_code == 200
    with acting_as("system", "test"):
        assert Session.objects.count() == 1


def test_at_the_door_a_place_outside_is_answered_like_a_wrong_password(biller: User) -> None:
    set_policy(address_ranges=["192.0.2.0/24"])
    wrong = enter_password(Client(), biller.email, "wrong password entirely").content.decode()
    right = enter_password(Client(), biller.email).content.decode()
    sentence = "This address and password do not open an account now."
    assert sentence in wrong
    assert sentence in right
    assert [event.details.get("reason_code") for event in events("sign_in_failed")] == [None, "address"]
    set_policy(biller.organization, address_ranges=["192.0.2.128/25"])
    assert enter_password(Client(), biller.email, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert enter_password(Client(), biller.email, REMOTE_ADDR="192.0.2.200").status_code == 302


# --- Without a second factor -------------------------------------------------------------------------------------------


def test_where_no_second_factor_is_asked_for_the_password_opens_until_it_is(biller: User) -> None:
    set_policy(second_factor_required=False)
    plain = make_user("provider", "Biller", organization=biller.organization)
    with acting_as("system", "test"):
        plain.totpdevice_set.all().update(confirmed=False)
    client = Client()
    enter_password(client, plain.email)
    assert client.get(WELCOME).status_code == 200
    assert [event.details["factor"] for event in events("sign_in")] == ["none"]
    enrolled = Client()
    enter_password(enrolled, biller.email)
    assert enrolled.get(reverse("accounts:next_step")).url == reverse("accounts:code")
    set_policy(second_factor_required=True)
    assert client.get(WELCOME).url == reverse("accounts:next_step")
    assert client.get(reverse("accounts:next_step")).url == reverse("accounts:first_factor")


def test_production_does_not_do_without_whatever_the_row_says(biller: User, settings) -> None:
    set_policy(second_factor_required=False)
    settings.CLAIMFLOW_ENV = "production"
    with acting_as("system", "start"):
        assert list(a_second_factor_for_everybody())
    with acting_as("system", "test"):
        biller.totpdevice_set.all().update(confirmed=False)
    client = Client()
    enter_password(client, biller.email)
    assert client.get(WELCOME).url == reverse("accounts:next_step")
    assert client.get(reverse("accounts:next_step")).url == reverse("accounts:first_factor")
    set_policy(second_factor_required=True)
    with acting_as("system", "start"):
        assert not list(a_second_factor_for_everybody())


# --- A new session id, and the end of access ---------------------------------------------------------------------------


def test_a_change_of_rights_makes_a_new_session_id_and_the_old_one_opens_nothing(biller: User) -> None:
    client, administrator = client_of(biller), make_user("admin", "Platform administrator")
    assert client.get(WELCOME).status_code == 200
    before = client.cookies[COOKIE].value
    with acting_as("system", "test"):
        born = Session.objects.get().created_at
        change_rights(user=biller, roles=list(Role.objects.filter(name="Billing manager")), by=administrator)
    assert client.get(reverse("audit:events")).status_code == 200
    after = client.cookies[COOKIE].value
    assert after != before
    old = Client()
    old.cookies[COOKIE] = before
    assert old.get(WELCOME).status_code == 302
    assert client.get(WELCOME).status_code == 200
    assert client.cookies[COOKIE].value == after
    with acting_as("system", "test"):
        assert Session.objects.get().created_at == born  # the twelve hours go on
        change_rights(user=biller, roles=[], by=administrator)
    assert client.get(reverse("audit:events")).status_code == 403
    assert client.cookies[COOKIE].value != after


def test_a_role_that_allows_more_is_a_change_of_rights_too(biller: User) -> None:
    client = client_of(biller)
    client.get(WELCOME)
    before = client.cookies[COOKIE].value
    # As the migrator does when a release changes accounts/roles.py.
    change = (
        "UPDATE accounts_role SET permissions = {}(permissions, 'manage_code_sets') WHERE name = 'Biller'"
    )
    with admin_connection(autocommit=True) as admin:
        admin.execute(change.format("array_append"))
    client.get(WELCOME)
    after = client.cookies[COOKIE].value
    with admin_connection(autocommit=True) as admin:
        admin.execute(change.format("array_remove"))
    assert after != before


def test_the_end_of_an_account_or_its_organization_is_the_end_of_its_sessions(biller: User) -> None:
    administrator = make_user("admin", "Platform administrator")
    client, colleague = client_of(biller), make_user("provider", "Biller", organization=biller.organization)
    theirs = client_of(colleague)
    with acting_as("system", "test"):
        biller.is_active = False
        change_user(user=biller, fields=["is_active"], by=administrator)
    assert client.get(WELCOME).status_code == 302
    assert theirs.get(WELCOME).status_code == 200
    with acting_as("system", "test"):
        organization = Organization.objects.get(pk=biller.organization_id)
        organization.status = "inactive"
        change_organization(organization=organization, fields=["status"], was="active")
    assert theirs.get(WELCOME).status_code == 302


def test_whoever_is_deactivated_while_signing_in_stays_out(biller: User, monkeypatch) -> None:
    """The password was right and the account active; a moment later it is not."""
    from accounts.views import door

    begin = door._begin

    def slowly(request, user, **level):
        with acting_as("system", "test"):
            User.objects.filter(pk=user.pk).update(is_active=False)
        begin(request, user, **level)

    monkeypatch.setattr(door, "_begin", slowly)
    client = Client()
    assert enter_password(client, biller.email).status_code == 302
    assert client.post(reverse("accounts:code"), {"code": code_of()}).status_code == 302
    assert client.get(WELCOME).status_code == 302
    assert client.get(reverse("accounts:next_step")).url == reverse("accounts:sign_in")


@pytest.mark.parametrize("after", ["password", "code"])
def test_whoever_is_deactivated_while_signing_in_has_no_session_afterwards(biller: User, after: str) -> None:
    """Both at once, four times; and nothing that came about in that moment lives on when the account opens again."""
    administrator = make_user("admin", "Platform administrator")
    for number in range(4):
        client, together = Client(REMOTE_ADDR=f"192.0.2.{number + 1}"), threading.Barrier(2)
        if after == "code":
            enter_password(client, biller.email)
        with acting_as("system", "test"):
            biller.totpdevice_set.all().update(last_step=-1)

        def come(client=client, together=together) -> None:
            together.wait()
            if after == "password":
                enter_password(client, biller.email)
            else:
                client.post(reverse("accounts:code"), {"code": code_of()})

        def close(together=together) -> None:
            together.wait()
            turn(biller, administrator, is_active=False)

        at_once(come, close)
        assert client.get(reverse("accounts:next_step")).url == reverse("accounts:sign_in")
        turn(biller, administrator, is_active=True)
        assert client.get(reverse("accounts:next_step")).url == reverse("accounts:sign_in")
        with acting_as("system", "test"):
            assert not Session.objects.filter(user=biller).exists()


def test_a_session_of_the_moment_of_deactivation_does_not_come_back(biller: User) -> None:
    """The slowest case of the race: the session's row is written when the deactivation is over."""
    administrator = make_user("admin", "Platform administrator")
    turn(biller, administrator, is_active=False)
    late = client_of(biller)
    turn(biller, administrator, is_active=True)
    assert late.get(WELCOME).status_code == 302


def turn(user: User, administrator: User, *, is_active: bool) -> None:
    with acting_as("admin", user=administrator):
        person = User.objects.get(pk=user.pk)
        person.is_active = is_active
        change_user(user=person, fields=["is_active"], by=administrator)


# --- Temporary passwords -----------------------------------------------------------------------------------------------


def newcomer() -> tuple[User, str]:
    password, password_hash = temporary_password()
    with acting_as("system", "test"):
        user = create_user(
            user=User(email="new@example.com", role="provider", organization=make_organization()),
            password_hash=password_hash,
            roles=list(Role.objects.filter(name="Biller")),
            by=None,
        )
    return user, password


def test_a_temporary_password_opens_once_and_only_the_choice_of_another() -> None:
    user, password = newcomer()
    assert len(password) == 16
    client = Client()
    assert enter_password(client, user.email, password).status_code == 302
    assert enter_password(Client(), user.email, password).status_code == 200
    for url in ("/", WELCOME, "/claims/", "/admin/", "/notices/", reverse("accounts:first_factor")):
        assert client.get(url).url == reverse("accounts:next_step"), url
    with acting_as("login", user=user):
        assert Credential.objects.get().password == "!"
    page = client.post(
        reverse("accounts:first_password"), {"new_password": password, "again": password}
    ).content.decode()
    assert "You have had this password before." in page


def test_of_two_at_once_with_the_same_temporary_password_one_comes_in() -> None:
    user, password = newcomer()
    answers: list[int] = []
    together = threading.Barrier(2)

    def come(place: str) -> None:
        client = Client(REMOTE_ADDR=place)
        together.wait()
        try:
            answers.append(enter_password(client, user.email, password).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(f"192.0.2.{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
    with acting_as("system", "test"):
        assert Session.objects.filter(user=user).count() == 1


def test_one_code_at_once_from_two_windows_opens_one(biller: User) -> None:
    clients = [Client(REMOTE_ADDR=f"192.0.2.{n}") for n in (1, 2)]
    for client in clients:
        enter_password(client, biller.email, PASSWORD)
    code, together = code_of(), threading.Barrier(2)
    answers: list[int] = []

    def come(client: Client) -> None:
        together.wait()
        try:
            answers.append(client.post(reverse("accounts:code"), {"code": code}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
