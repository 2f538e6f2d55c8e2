"""Wrong tries: how they slow down, lock and are lifted, and that nobody learns from them whether an account exists."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import passwords
from accounts.actions import sign_in
from accounts.actions.throttling import delay_after, lock_after, unlock
from accounts.jobs import clear_wrong_tries_each_night
from accounts.models import Throttle, TotpDevice, User
from audit.models import Event
from claimflow.lib.db.context import acting_as
from tests.accounts.test_sign_in import code_of, enter_password
from tests.harness import admin_connection
from tests.signed_in import PASSWORD, client_of, let_pass, make_organization, make_user, set_policy

pytestmark = pytest.mark.usefixtures("real_db")
HOME = sign_in.Door(address="192.0.2.7")
WRONG = "wrong password entirely"


@pytest.fixture
def biller() -> User:
    return make_user("provider", "Biller", organization=make_organization())


def attempt(email: str, password: str = WRONG, door: sign_in.Door = HOME) -> User | None:
    return sign_in.with_password(email=email, password=password, door=door)


def events(action: str) -> list[Event]:
    with acting_as("auditor"):
        return list(Event.objects.filter(action=action).order_by("id"))


def looked_at(email: str, tries: int, *, seconds: float = 60) -> int:
    """How many of so many wrong tries, so far apart, were compared with anything."""
    hashes: list[str] = []
    work = passwords._check
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_check", lambda *given: hashes.append("x") or work(*given))
        for _ in range(tries):
            attempt(email)
            let_pass(seconds=seconds)
    return len(hashes)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (1, 0), (2, 2), (3, 4), (4, 8), (5, 16), (9, 256)])
def test_the_delay_grows(failures: int, seconds: int) -> None:
    assert delay_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("locks", "minutes"), [(0, 30), (1, 60), (2, 120), (3, 240), (4, 240), (90, 240)])
def test_the_lock_grows_and_is_never_for_good(locks: int, minutes: int) -> None:
    assert lock_after(locks, 30) == timedelta(minutes=minutes)


@pytest.mark.parametrize("email", ["nobody@example.com", "SELF"])
def test_a_try_that_comes_too_early_is_not_looked_at_and_counts_for_nothing(biller: User, email: str) -> None:
    email = biller.email if email == "SELF" else email
    assert looked_at(email, 6, seconds=0) == 2  # the second one made the third wait
    let_pass(seconds=1)
    assert looked_at(email, 1) == 0
    assert looked_at(email, 3, seconds=9) == 3
    assert len(events("locked")) == 1
    let_pass(minutes=29)
    assert looked_at(email, 1) == 0
    let_pass(minutes=1)
    assert looked_at(email, 1) == 1


def test_the_fifth_try_locks_for_thirty_minutes_and_the_next_lock_lasts_an_hour(biller: User) -> None:
    assert looked_at(biller.email, 5, seconds=10) == 5
    assert attempt(biller.email, PASSWORD) is None
    let_pass(minutes=30)
    assert looked_at(biller.email, 5, seconds=10) == 5
    let_pass(minutes=30)
    assert attempt(biller.email, PASSWORD) is None
    let_pass(minutes=31)
    assert attempt(biller.email, PASSWORD) == biller
    assert looked_at(biller.email, 5, seconds=10) == 5
    let_pass(minutes=30)  # a success had forgotten the locks before
    assert attempt(biller.email, PASSWORD) == biller


@pytest.mark.parametrize("email", ["nobody@example.com", "SELF"])
def test_twenty_tries_an_hour_from_anywhere(biller: User, email: str) -> None:
    email = biller.email if email == "SELF" else email
    for number in range(20):
        attempt(email, door=sign_in.Door(address=f"192.0.2.{number}"))
    assert attempt(biller.email, PASSWORD, door=sign_in.Door(address="198.51.100.1")) == (
        None if email == biller.email else biller
    )
    assert [event.details["reason_code"] for event in events("locked")] == ["account"]
    let_pass(minutes=61)
    assert attempt(biller.email, PASSWORD) == biller


def test_half_an_hour_begins_with_the_first_wrong_try_and_not_with_the_right_one_before(biller: User) -> None:
    assert attempt(biller.email, PASSWORD) == biller
    let_pass(minutes=28)
    assert looked_at(biller.email, 5) == 5
    assert len(events("locked")) == 1


def test_a_right_password_is_not_counted(biller: User) -> None:
    for _ in range(21):
        assert attempt(biller.email, PASSWORD) == biller
    for _ in range(19):
        attempt(biller.email, door=sign_in.Door(address="192.0.2.8"))
        let_pass(minutes=0.5)


def test_forwarded_headers_are_no_way_around(biller: User, settings) -> None:
    client = Client()
    for number in range(5):
        enter_password(client, biller.email, WRONG, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        let_pass(seconds=10)
    assert enter_password(client, biller.email, HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 200
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    # Behind a front server the right-most address counts, whatever the client wrote before it.
    assert enter_password(client, biller.email, HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 200
    for number in range(5):
        enter_password(client, biller.email, WRONG, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 198.51.100.7")
        let_pass(seconds=10)
    page = enter_password(client, biller.email, HTTP_X_FORWARDED_FOR="203.0.113.99, 198.51.100.7")
    assert page.status_code == 200
    page = enter_password(client, biller.email, HTTP_X_FORWARDED_FOR="203.0.113.99, 198.51.100.8")
    assert page.status_code == 302


def test_many_at_once_are_not_more_than_one_after_the_other(biller: User, monkeypatch) -> None:
    hashes: list[str] = []
    work = passwords._check
    monkeypatch.setattr(passwords, "_check", lambda *given: hashes.append("x") or work(*given))

    def one(_: int) -> None:
        try:
            attempt(biller.email)
        except passwords.Busy:
            return
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))
    assert 1 <= len(hashes) <= 2


def test_codes_are_guessed_as_slowly(biller: User) -> None:
    for _ in range(5):
        assert not sign_in.with_code(user=biller, code="000000", door=HOME)
        let_pass(seconds=10)
    assert not sign_in.with_code(user=biller, code=code_of(), door=HOME)
    assert len(events("second_factor_failed")) == 5
    assert len(events("locked")) == 1
    assert sign_in.with_code(user=biller, code=code_of(), door=sign_in.Door(address="192.0.2.8"))


# --- Nobody learns whether an account exists ---------------------------------------------------------------------------


def work_of(email: str, password: str, door: sign_in.Door = HOME) -> tuple[int, list[str]]:
    """What one refused try costs: hashes, and the statements without their values."""
    hashes: list[str] = []
    work = passwords._check
    with (
        pytest.MonkeyPatch.context() as patch,
        CaptureQueriesContext(connection) as queries,
    ):
        patch.setattr(passwords, "_check", lambda *given: hashes.append("x") or work(*given))
        assert attempt(email, password, door) is None
    return len(hashes), [" ".join(query["sql"].split("(")[0].split()[:3]) for query in queries]


def test_every_refusal_costs_the_same_work(biller: User) -> None:
    gone = make_user("provider", "Biller", organization=make_organization())
    closed = make_user("provider", "Biller", organization=make_organization())
    strict = make_user("provider", "Biller", organization=make_organization())
    inside = make_user("provider", "Biller", organization=make_organization())
    with acting_as("system", "test"):
        User.objects.filter(pk=gone.pk).update(is_active=False)
        type(closed.organization).objects.filter(pk=closed.organization_id).update(status="inactive")
    set_policy(strict.organization, attempts=3, lock_minutes=60)
    set_policy(inside.organization, address_ranges=["198.51.100.0/24"])
    ways = {
        "unknown": ("nobody@example.com", WRONG),
        "wrong": (biller.email, WRONG),
        "deactivated": (gone.email, PASSWORD),
        "of a closed organization": (closed.email, PASSWORD),
        "of a strict organization": (strict.email, WRONG),
        "from outside": (inside.email, PASSWORD),
        "the system's own": ("system@claimflow.invalid", WRONG),
        "with a separator": ("a|b@example.com", WRONG),
    }
    for number in range(7):
        costs = {name: work_of(*way) for name, way in ways.items()}
        assert len({str(cost) for cost in costs.values()}) == 1, (number, costs)
        assert costs["wrong"][0] == (1 if number < 5 else 0)
        let_pass(seconds=10)


def test_an_organizations_own_lock_refuses_the_right_password_after_full_work(biller: User) -> None:
    set_policy(biller.organization, attempts=3, lock_minutes=60)
    for _ in range(3):
        attempt(biller.email)
        let_pass(seconds=10)
    assert len(events("locked")) == 1
    assert work_of(biller.email, PASSWORD)[0] == 1
    let_pass(minutes=31)
    assert attempt(biller.email, PASSWORD) is None
    let_pass(minutes=31)
    assert attempt(biller.email, PASSWORD) == biller


def test_the_table_names_nobody(biller: User) -> None:
    attempt(biller.email)
    with admin_connection() as admin:
        kept = str(admin.execute("SELECT * FROM accounts_throttle").fetchall())
    assert biller.email not in kept
    assert HOME.address not in kept


# --- The owner is told, and an administrator helps ---------------------------------------------------------------------


def test_the_owner_is_told_after_signing_in_and_only_once(biller: User) -> None:
    for number in range(3):
        attempt(biller.email, door=sign_in.Door(address=f"192.0.2.{number}"))
    client = Client()
    enter_password(client, biller.email)
    client.post(reverse("accounts:code"), {"code": "000000"})
    client.post(reverse("accounts:code"), {"code": code_of()})
    page = client.get("/welcome/").content.decode()
    assert "There were 4 wrong tries on your account since " in page
    assert "wrong tries" not in client.get("/welcome/").content.decode()
    with acting_as("system", "test"):
        TotpDevice.objects.filter(user=biller).update(last_step=-1)
    again = Client()
    enter_password(again, biller.email)
    again.post(reverse("accounts:code"), {"code": code_of()})
    assert "wrong tr" not in again.get("/welcome/").content.decode()


def test_whoever_knows_only_the_password_does_not_hear_it_for_the_owner(biller: User) -> None:
    attempt(biller.email)
    enter_password(Client(), biller.email)
    told = sign_in.tell_wrong_tries(user=biller)
    assert told is not None
    assert told.count == 1


def test_locks_are_lifted_from_everywhere(biller: User) -> None:
    administrator = make_user("admin", "Platform administrator")
    other = make_user("provider", "Biller", organization=biller.organization)
    for email in (biller.email, other.email):
        for place in ("192.0.2.7", "192.0.2.8"):
            for _ in range(5):
                attempt(email, door=sign_in.Door(address=place))
                let_pass(seconds=10)
    with acting_as("admin", user=administrator):
        assert unlock(user=biller, by=administrator) == 2
    assert attempt(biller.email, PASSWORD) == biller
    assert attempt(other.email, PASSWORD) is None
    (event,) = events("unlocked")
    assert (event.subject_id, event.actor_id, event.details) == (biller.pk, administrator.pk, {"rows": 2})


@pytest.mark.parametrize("kind", ["provider", "payer"])
def test_an_organizations_administrator_lifts_locks_inside_a_request(kind: str) -> None:
    organization = make_organization(kind)
    by = make_user(kind, "Organization administrator", organization=organization)
    user = make_user(kind, organization=organization)
    attempt(user.email)
    attempt(user.email)
    with acting_as(kind, user=by, organization=organization):
        assert unlock(user=user, by=by) == 1
        assert User.objects.filter(pk=user.pk).exists()  # the caller's context is back
    with acting_as("system", "test"):
        assert not Throttle.objects.filter(failures__gt=0).exists()


def test_the_administration_lifts_locks(biller: User) -> None:
    for _ in range(2):
        attempt(biller.email)
    client = client_of(make_user("admin", "Platform administrator"), is_fresh=True)
    answer = client.post(
        reverse("admin:accounts_user_changelist"), {"action": "unlock", "_selected_action": [str(biller.pk)]}
    )
    assert answer.status_code == 302
    page = client.get(reverse("admin:accounts_user_changelist")).content.decode()
    assert "1 chosen, 1 of them were locked" in page
    assert attempt(biller.email, PASSWORD) == biller


def test_too_many_at_the_door_are_told_so_and_nothing_is_counted(biller: User) -> None:
    with passwords.place_at_the_door(), passwords.place_at_the_door():
        page = enter_password(Client(), biller.email)
    assert page.status_code == 429
    assert "Many people are signing in at this moment" in page.content.decode()
    assert page["Retry-After"] == "5"
    with acting_as("system", "test"):
        assert not Throttle.objects.exists()


def test_the_trail_says_from_where_without_naming_the_place(biller: User) -> None:
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        attempt(
            biller.email, door=sign_in.Door(address=address, agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
        )
    told = [event.details for event in events("sign_in_failed")]
    assert {each["agent"] for each in told} == {"firefox-linux"}
    assert [len(each["address_hash"]) for each in told] == [32] * 3
    assert len({each["address_hash"] for each in told}) == 2


def test_old_counts_are_cleared_away(biller: User) -> None:
    attempt(biller.email)
    let_pass(hours=47)
    with acting_as("system", "clear_wrong_tries"):
        clear_wrong_tries_each_night()
        assert Throttle.objects.count() == 2
    let_pass(hours=2)
    with acting_as("system", "clear_wrong_tries"):
        clear_wrong_tries_each_night()
        assert Throttle.objects.count() == 0
