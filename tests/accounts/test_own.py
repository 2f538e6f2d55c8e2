"""My account: what its person sees and changes, what is told by mail, what ends other sessions."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import email_change, own
from accounts.actions.email_change import MOST_AN_HOUR, Answer, agree, ask, waiting_of
from accounts.forms.account import EmailForm
from accounts.models import OutgoingMail, TotpDevice, User
from accounts.session_store import digest
from claimflow.lib.db.context import acting_as
from claimflow.lib.phi import value
from tests.accounts.test_sign_in import code_of, enter_password, events
from tests.harness import admin_connection
from tests.refusals import refused
from tests.signed_in import PASSWORD, client_of, make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")
ACCOUNT = "/account/"


@pytest.fixture
def biller() -> User:
    return make_user("provider", "Biller", organization=make_organization())


def mails() -> list[tuple[str, str, str]]:
    """(kind, address, path) of what waits to leave, by kind and address."""
    with acting_as("system", "test"):
        return sorted(
            (row.kind, value(row, "address"), value(row, "words").get("path", ""))
            for row in OutgoingMail.objects.filter(next_try_at__isnull=False)
        )


def kinds() -> list[str]:
    return [kind for kind, _address, _path in mails()]


def again(user: User) -> User:
    with acting_as("system", "test"):
        return User.objects.get(pk=user.pk)


# --- Details ----------------------------------------------------------------------------------------------------------


def test_details_are_sealed_and_their_persons_alone(biller: User) -> None:
    client = client_of(biller)
    typed = {
        "first_name": "Pat",
        "last_name": "Moreau",
        "phone": "+1 555 0100",
        "address": "7 Elm St\nAlbany",
    }
    assert client.post(f"{ACCOUNT}details/", typed).url == ACCOUNT
    page = client.get(ACCOUNT).content.decode()
    for text in ("Moreau", "+1 555 0100", "7 Elm St"):
        assert text in page
    with admin_connection() as admin:
        stored = b"".join(
            map(bytes, admin.execute("SELECT phone, address FROM accounts_usercontact").fetchone())
        )
    assert b"555" not in stored
    assert b"Elm" not in stored
    client.post(f"{ACCOUNT}details/", typed | {"phone": ""})
    assert own.details_of(user=again(biller)) == own.Details("Pat", "Moreau", "", "7 Elm St\nAlbany")
    client.post(f"{ACCOUNT}details/", typed | {"phone": ""})
    assert events().count("user_changed") == 2, "the third time nothing differed"


def test_a_person_sees_their_own_events_and_roles(biller: User) -> None:
    stranger = make_user("provider", "Biller", organization=biller.organization)
    client_of(stranger).post(f"{ACCOUNT}details/", {"first_name": "No", "last_name": "One"})
    client = client_of(biller)
    client.post(f"{ACCOUNT}confirm/", {"code": "000000"})
    page = client.get(ACCOUNT).content.decode()
    for text in ("Confirmed who they are", "Failed", "Created the account", "Write drafts and submit claims"):
        assert text in page
    assert "Changed the account" not in page
    assert {event.subject_id for event in own.own_events(user=biller)} == {biller.pk}


# --- Sensitive changes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["password", "factor", "email"])
def test_sensitive_pages_ask_for_a_fresh_proof(biller: User, page: str) -> None:
    url = reverse(f"accounts:{page}")
    assert client_of(biller).get(url).url == f"{reverse('accounts:confirm')}?next={url}".replace(
        "/", "%2F"
    ).replace("%2Faccount%2Fconfirm%2F", "/account/confirm/")
    assert client_of(biller, is_fresh=True).get(url).status_code == 200


def test_another_password_ends_other_sessions_and_is_told(biller: User) -> None:
    other, client = client_of(biller), client_of(biller, is_fresh=True)
    before = client.cookies["claimflow_session"].value
    new = "a sentence of several other words"
    url = reverse("accounts:password")
    assert client.post(url, {"new_password": "short", "again": "short"}).status_code == 200
    assert client.post(url, {"new_password": new, "again": new}).url == ACCOUNT
    assert client.cookies["claimflow_session"].value != before
    assert client.get(ACCOUNT).status_code == 200
    assert other.get(ACCOUNT).status_code == 302
    assert kinds() == ["password_changed"]
    assert enter_password(Client(), biller.email, PASSWORD).status_code == 200
    assert enter_password(Client(), biller.email, new).status_code == 302


def test_another_authenticator_takes_the_place_of_the_first(biller: User) -> None:
    other, client = client_of(biller), client_of(biller, is_fresh=True)
    url = reverse("accounts:factor")
    secret = re.search(r'class="mono">([A-Z2-7 ]+)<', client.get(url).content.decode())[1].replace(" ", "")
    assert client.post(url, {"code": code_of()}).status_code == 200, "a code of the old one"
    assert client.post(url, {"code": code_of(secret)}).url == ACCOUNT
    with acting_as("login", user=biller):
        (device,) = TotpDevice.objects.all()
        assert device.confirmed
        assert value(device, "secret") == secret
    assert other.get(ACCOUNT).status_code == 302
    assert kinds() == ["factor_replaced"]
    assert "factor_replaced" in events()


def test_signing_out_there_and_everywhere_else(biller: User) -> None:
    client, there, elsewhere = (client_of(biller) for _ in range(3))
    key = digest(there.cookies["claimflow_session"].value)
    page = client.get(ACCOUNT).content.decode()
    assert page.count("Sign out there") == 2
    client.post(reverse("accounts:end_one"), {"session": key})
    assert there.get(ACCOUNT).status_code == 302
    own_key = digest(client.cookies["claimflow_session"].value)
    client.post(reverse("accounts:end_one"), {"session": own_key})
    assert client.get(ACCOUNT).status_code == 200
    client.post(reverse("accounts:end_others"))
    assert elsewhere.get(ACCOUNT).status_code == 302
    assert "Sign out everywhere else" not in client.get(ACCOUNT).content.decode()


# --- Another address ----------------------------------------------------------------------------------------------------


def links(user: User) -> tuple[str, str]:
    """The links that went to the present and to the new address."""
    found = {kind: path for kind, _address, path in mails()}
    return found["address_change_old"], found.get("address_change_new", "")


def token_of(link: str) -> str:
    return digest(link.rstrip("/").rpartition("/")[2])


def test_an_address_changes_when_both_have_agreed(biller: User) -> None:
    client, other = client_of(biller, is_fresh=True), client_of(biller)
    assert client.post(reverse("accounts:email"), {"email": biller.email.upper()}).status_code == 200
    assert client.post(reverse("accounts:email"), {"email": "New@Example.com"}).url == ACCOUNT
    assert [(kind, address) for kind, address, _path in mails()] == [
        ("address_change_new", "new@example.com"),
        ("address_change_old", biller.email),
    ]
    assert "new@example.com" in client.get(ACCOUNT).content.decode()
    old, new = links(biller)
    stranger = Client()  # the new mailbox is read elsewhere
    assert stranger.get(new).url == reverse("accounts:email_agree")
    assert "new@example.com" in stranger.get(reverse("accounts:email_agree")).content.decode()
    stranger.post(reverse("accounts:email_agree"))
    stranger.post(reverse("accounts:email_agree"))
    assert again(biller).email == biller.email, "one address twice is not two"
    assert client.get(old).status_code == 302
    assert client.post(reverse("accounts:email_agree")).url == ACCOUNT
    assert again(biller).email == "new@example.com"
    assert client.get(ACCOUNT).status_code == 200
    assert other.get(ACCOUNT).status_code == 302
    told = {address for kind, address, _path in mails() if kind == "address_changed"}
    assert told == {biller.email, "new@example.com"}
    assert "no longer opens" in stranger.get(reverse("accounts:email_agree")).content.decode()


def test_no_address_holds_the_sign_that_parts_the_words_of_the_context(biller: User) -> None:
    assert not EmailForm({"email": "a|b@example.com"}, user=biller).is_valid()
    assert EmailForm({"email": "a.b@example.com"}, user=biller).is_valid()
    with acting_as("system", "test"), refused("user_email_no_separator"):
        User.objects.filter(pk=biller.pk).update(email="a|b@example.com")


def test_a_taken_address_is_not_betrayed_and_never_changes(biller: User) -> None:
    other = make_user("provider", "Biller", organization=make_organization())
    assert ask(user=biller, email=other.email)
    assert kinds() == ["address_change_old"]
    assert agree(token_hash=token_of(links(biller)[0]), keep_session="") == Answer.WAITING
    assert again(biller).email == biller.email


def test_an_address_that_was_given_away_meanwhile(biller: User) -> None:
    ask(user=biller, email="soon@example.com")
    old, new = map(token_of, links(biller))
    make_user("provider", "Biller", organization=make_organization(), email="soon@example.com")
    assert agree(token_hash=old, keep_session="") == Answer.WAITING
    assert agree(token_hash=new, keep_session="") == Answer.TAKEN
    assert again(biller).email == biller.email
    assert waiting_of(user=biller) is None


def test_links_end_by_time_by_stopping_and_by_another_request(biller: User) -> None:
    ask(user=biller, email="one@example.com")
    first = token_of(links(biller)[0])
    with acting_as("system", "test"):
        OutgoingMail.objects.all().update(next_try_at=None, address=None, words=None)
    ask(user=biller, email="two@example.com")
    second = token_of(links(biller)[0])
    assert agree(token_hash=first, keep_session="") == Answer.GONE
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE accounts_emailchange SET until = now() - interval '1 second'")
    assert agree(token_hash=second, keep_session="") == Answer.GONE
    ask(user=biller, email="three@example.com")
    assert email_change.waiting_of(user=biller).email == "three@example.com"
    client_of(biller).post(reverse("accounts:email_stop"))
    assert email_change.waiting_of(user=biller) is None
    assert not ask(user=biller, email="four@example.com"), f"{MOST_AN_HOUR} an hour"
