"""What a password must be, how it is chosen anew, and how its hash is kept."""

import threading
import time

import bcrypt
import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import passwords
from accounts.actions.choose import KEPT, choose_password
from accounts.models import Credential, EarlierPassword, Organization, User
from accounts.safeguards import Safeguards
from claimflow.lib.db.context import acting_as
from tests.accounts.test_sign_in import code_of, enter_password, events
from tests.harness import admin_connection
from tests.signed_in import PASSWORD, client_of, make_organization, make_user, set_policy

FIRST = reverse("accounts:first_password")
CHEAP = "tests.accounts.test_passwords.CheapBcrypt"


class CheapBcrypt(BCryptSHA256PasswordHasher):
    rounds = 4


class DearerBcrypt(BCryptSHA256PasswordHasher):
    rounds = 5


def owner() -> User:
    clinic = Organization(name="Riverside Memorial")
    return User(
        email="jordan.mallory@example.com", first_name="Jordan", last_name="Mallory", organization=clinic
    )


JUDGED = [
    # Any character counts, nothing is cut off, and no mixture is asked for.
    ("correct horse battery staple", ""),
    ("zvqpkxwjtbnm", ""),
    ("829374650192", ""),
    ("!#%@^*&$(+)~", ""),
    ("пароль из четырёх слов", ""),
    ("鳥が空を飛ぶ朝に歩く人", "short"),
    ("鳥が空を飛ぶ朝に歩く人々", ""),
    ("😀🐢🌊🎻🍋🚲🏔🦉🪁🎈🌵🐝", ""),
    ("   spaces at both ends   ", ""),
    ("x" * 11, "short"),
    ("harborlight", "short"),
    ("harbor light", ""),
    ("quiet " * 21 + "bay", "long"),
    ("quiet bay " * 12 + "of birds", ""),
    ("quiet bay " * 12 + "of birds!", "long"),
    ("\ufb01ne weather", ""),  # a ligature is two letters after NFKC
    # Of the common ones.
    ("password1234", "own"),
    ("qwertyuiop123", "common"),
    ("123456789012", "common"),
    ("aaaaaaaaaaaa", "common"),
    ("abcdefghijkl", "common"),
    ("international", "common"),
    ("INTERNATIONAL", "common"),
    ("!!sunshine2026", "common"),
    ("dragondragon", "common"),
    # The product's, the organization's and the person's own words.
    ("claimflowclaimflow", "own"),
    ("ClaimFlow-2026!", "own"),
    ("claims claims claims", "own"),
    ("riverside1234", "own"),
    ("Memorial2026!!", "own"),
    ("jordan123456", "own"),
    ("MalloryMallory", "own"),
    ("jordan.mallory1", "own"),
    ("mallory feeds nine geese", ""),
    ("the riverside in late autumn", ""),
]


def refusals(password: str, user: User) -> set[str]:
    try:
        passwords.judge(password, user=user, guards=Safeguards())
    except ValidationError as error:
        return {str(each.code) for each in error.error_list}
    return set()


@pytest.mark.parametrize(("password", "refused"), JUDGED, ids=range(len(JUDGED)))
def test_a_password_is_judged(password: str, refused: str) -> None:
    codes = {"short": "password_too_short", "long": "password_too_long", "own": "password_own_words"}
    user = owner()
    user.organization_id = user.organization.pk
    wanted = {codes.get(refused, "password_too_common")} if refused else set()
    assert refusals(password, user) >= wanted
    assert bool(refusals(password, user)) == bool(wanted)


@pytest.mark.parametrize(
    ("wanted", "password", "passes"),
    [
        (2, "correct horse battery", True),
        (3, "correct horse battery", False),
        (3, "Correct horse battery", True),
        (4, "Correct horse battery", False),
        (4, "Correct 4 horse battery", True),
        (1, "zvqpkxwjtbnm", True),
        (2, "zvqpkxwjtbnm", False),
    ],
)
def test_kinds_of_characters_are_a_switch(wanted: int, password: str, passes: bool) -> None:
    guards = Safeguards(character_classes=wanted)
    if passes:
        passwords.judge(password, user=None, guards=guards)
        return
    with pytest.raises(ValidationError, match=f"at least {wanted} of these"):
        passwords.judge(password, user=None, guards=guards)


def test_the_policy_may_ask_for_more_characters() -> None:
    with pytest.raises(ValidationError, match="at least 20"):
        passwords.judge("harbor light in fog", user=None, guards=Safeguards(minimum_length=20))


def test_two_spellings_of_a_password_are_one() -> None:
    assert passwords.matches("\ufb01ne weather", passwords.hashed("fine weather"))


def test_nothing_matches_nobody_and_what_is_used_up() -> None:
    assert not passwords.matches("a password that belongs to nobody", None)
    assert not passwords.matches("", passwords.USED_UP)


def test_bcrypt_sees_every_character(settings) -> None:
    settings.PASSWORD_HASHERS = [CHEAP]
    stored = passwords.hashed("x" * 100 + "a")
    assert stored.startswith("bcrypt_sha256$")
    assert not passwords.matches("x" * 100 + "b", stored)
    assert passwords.matches("x" * 100 + "a", stored)


def test_the_real_hash_has_cost_12() -> None:
    assert BCryptSHA256PasswordHasher.rounds == 12


def test_one_hash_at_a_time_while_others_work(monkeypatch) -> None:
    """Two hashes follow each other, and bcrypt lets other threads run meanwhile."""
    at_once, most, names = 0, 0, set()

    def work(password: str, stored: object) -> bool:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        names.add(threading.current_thread().name)
        bcrypt.hashpw(b"x", bcrypt.gensalt(6))
        at_once -= 1
        return True

    monkeypatch.setattr(passwords, "_check", work)
    threads = [threading.Thread(target=passwords.matches, args=("x", "y")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert len(names) == 1


def test_places_at_the_door_are_few() -> None:
    with (
        passwords.place_at_the_door(),
        passwords.place_at_the_door(),
        pytest.raises(passwords.Busy),
        passwords.place_at_the_door(),
    ):
        pytest.fail("a third one came in")
    with passwords.place_at_the_door():
        pass


# --- Choosing one ------------------------------------------------------------------------------------------------------


@pytest.fixture
def biller(real_db: None) -> User:
    return make_user("provider", "Biller", organization=make_organization())


def stored_of(user: User) -> str:
    with acting_as("login", user=user):
        return Credential.objects.get(user_id=user.pk).password


def test_the_present_password_is_always_refused_and_earlier_ones_by_the_policy(biller: User) -> None:
    with pytest.raises(ValidationError, match="had this password before"):
        choose_password(user=biller, password=PASSWORD)
    choose_password(user=biller, password="harbor light in fog 1")
    choose_password(user=biller, password=PASSWORD)
    set_policy(history=2)
    choose_password(user=biller, password="harbor light in fog 2")
    for earlier in (PASSWORD, "harbor light in fog 1", "harbor light in fog 2"):
        with pytest.raises(ValidationError, match="had this password before"):
            choose_password(user=biller, password=earlier)


def test_as_many_hashes_are_kept_as_a_policy_can_ask_for(biller: User) -> None:
    for number in range(KEPT + 2):
        choose_password(user=biller, password=f"harbor light in fog {number}")
    with acting_as("login", user=biller):
        assert EarlierPassword.objects.count() == KEPT
    with acting_as("login"):
        assert EarlierPassword.objects.count() == 0


def test_an_expired_password_leads_to_choosing_one(biller: User) -> None:
    client = client_of(biller)
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE accounts_credential SET changed_at = now() - interval '91 days'")
    assert client.get("/welcome/").status_code == 200
    set_policy(biller.organization, expiry_days=90)
    for url in ("/", "/welcome/", "/claims/", "/admin/"):
        assert client.get(url).url == reverse("accounts:next_step")
    assert client.get(reverse("accounts:next_step")).url == FIRST
    page = client.get(FIRST).content.decode()
    assert "older than your organization allows" in page
    assert 'data-strength="12"' in page
    assert "strength.js" in page
    own = "harbor light in fog"
    refused = client.post(FIRST, {"new_password": PASSWORD, "again": PASSWORD})
    assert "had this password before" in refused.content.decode()
    cookie = client.cookies["claimflow_session"].value
    assert client.post(FIRST, {"new_password": own, "again": own}).status_code == 302
    assert client.cookies["claimflow_session"].value != cookie
    assert client.get("/welcome/").status_code == 200
    assert "password_changed" in events()


def test_an_expired_password_needs_the_second_factor_first(biller: User) -> None:
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE accounts_credential SET changed_at = now() - interval '91 days'")
    set_policy(expiry_days=90)
    client = Client()
    enter_password(client, biller.email)
    assert client.get(FIRST).url == reverse("accounts:next_step")
    assert client.get(reverse("accounts:next_step")).url == reverse("accounts:code")
    client.post(reverse("accounts:code"), {"code": code_of()})
    assert client.get(reverse("accounts:next_step")).url == FIRST


def test_a_hash_is_made_anew_when_the_work_rises(biller: User, settings, monkeypatch) -> None:
    settings.PASSWORD_HASHERS = [CHEAP]
    passwords._nobodys_hash.cache_clear()
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE accounts_credential SET password = %s", [passwords.hashed(PASSWORD)])
    before = stored_of(biller)
    assert enter_password(Client(), biller.email).status_code == 302
    assert stored_of(biller) == before
    settings.PASSWORD_HASHERS = ["tests.accounts.test_passwords.DearerBcrypt", CHEAP]
    passwords._nobodys_hash.cache_clear()
    assert enter_password(Client(), biller.email, "wrong password entirely").status_code == 200
    assert stored_of(biller) == before
    assert enter_password(Client(), biller.email).status_code == 302
    assert "$05$" in stored_of(biller)
    assert enter_password(Client(), biller.email).status_code == 302
    passwords._nobodys_hash.cache_clear()


def test_bcrypt_does_not_hold_the_interpreter() -> None:
    """While one thread hashes, this one counts on."""
    done = threading.Event()

    def work() -> None:
        bcrypt.hashpw(b"x", bcrypt.gensalt(9))
        done.set()

    threading.Thread(target=work).start()
    steps = 0
    while not done.is_set():
        steps += 1
        time.sleep(0)
    assert steps > 10
