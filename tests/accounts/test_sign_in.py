"""The door, from outside: password, code, first sign-in, idle and absolute time, sign-out."""

import base64
import re
import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

from accounts.actions.create import create_user, temporary_password
from accounts.models import Credential, Role, Session, TotpDevice, User
from audit.models import Event
from claimflow.lib.db.context import acting_as
from tests.signed_in import PASSWORD, SECRET, age_session, client_of, let_pass, make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")


def code_of(secret: str = SECRET, *, ahead: int = 0) -> str:
    totp = TOTP(base64.b32decode(secret), step=30, digits=6)
    totp.time = time.time() + 30 * ahead
    return f"{totp.token():06d}"


def enter_password(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post(reverse("accounts:sign_in"), {"email": email, "password": password}, **extra)


def events() -> list[str]:
    with acting_as("auditor"):
        return list(Event.objects.order_by("at").values_list("action", flat=True))


@pytest.fixture
def biller() -> User:
    return make_user("provider", "Biller", organization=make_organization())


def test_password_and_code_open_the_door(biller: User) -> None:
    client = Client()
    page = enter_password(client, biller.email.upper())
    assert page.status_code == 302
    first_cookie = client.cookies["claimflow_session"].value
    assert client.get("/welcome/").url == reverse("accounts:next_step")
    assert client.get(reverse("accounts:next_step")).url == reverse("accounts:code")
    assert client.post(reverse("accounts:code"), {"code": code_of()}).status_code == 302
    assert client.cookies["claimflow_session"].value != first_cookie
    assert client.get("/welcome/").status_code == 200
    assert "sign_in" in events()


def test_the_password_alone_opens_nothing(biller: User) -> None:
    client = Client()
    enter_password(client, biller.email)
    for url in ("/", "/welcome/", "/admin/"):
        assert client.get(url).url == reverse("accounts:next_step")


@pytest.mark.parametrize("email", ["nobody@example.com", "SELF"])
def test_wrong_and_unknown_are_answered_alike(biller: User, email: str) -> None:
    client = Client()
    page = enter_password(client, biller.email if email == "SELF" else email, "wrong password entirely")
    assert page.status_code == 200
    text = page.content.decode()
    assert "This address and password do not open an account now." in text
    assert "wrong password entirely" not in text
    assert "sign_in_failed" in events()


def test_deactivated_people_and_organizations_stay_out(biller: User) -> None:
    client = client_of(biller)
    assert client.get("/welcome/").status_code == 200
    with acting_as("system", "test"):
        User.objects.filter(pk=biller.pk).update(is_active=False)
    assert client.get("/welcome/").status_code == 302
    assert enter_password(Client(), biller.email).status_code == 200
    with acting_as("system", "test"):
        User.objects.filter(pk=biller.pk).update(is_active=True)
        type(biller.organization).objects.filter(pk=biller.organization_id).update(status="inactive")
    assert client.get("/welcome/").status_code == 302
    assert enter_password(Client(), biller.email).status_code == 200


def test_five_wrong_tries_lock_the_pair_and_not_another_address(biller: User) -> None:
    client = Client()
    for _ in range(5):
        enter_password(client, biller.email, "wrong password entirely")
        let_pass(seconds=10)
    assert enter_password(client, biller.email).status_code == 200
    assert enter_password(client, biller.email, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 200
    assert enter_password(client, biller.email, REMOTE_ADDR="203.0.113.9").status_code == 302
    assert "locked" in events()


def test_what_a_form_carried_before_the_door_is_worth_nothing_behind_it(biller: User) -> None:
    client = Client()
    client.get(reverse("accounts:sign_in"))
    before = client.cookies[settings.CSRF_COOKIE_NAME].value
    enter_password(client, biller.email)
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != before


def test_a_code_works_once(biller: User) -> None:
    code = code_of()
    first, second = Client(), Client()
    for client in (first, second):
        enter_password(client, biller.email)
    assert first.post(reverse("accounts:code"), {"code": code}).status_code == 302
    assert second.post(reverse("accounts:code"), {"code": code}).status_code == 200
    assert second.post(reverse("accounts:code"), {"code": "12345"}).status_code == 200
    assert second.get("/welcome/").url == reverse("accounts:next_step")


def test_first_sign_in_leads_through_password_and_factor() -> None:
    password, password_hash = temporary_password()
    clinic = make_organization()
    with acting_as("system", "test"):
        user = create_user(
            user=User(
                email="new@example.com",
                first_name="New",
                last_name="Person",
                role="provider",
                organization=clinic,
            ),
            password_hash=password_hash,
            roles=list(Role.objects.filter(name="Biller")),
            by=None,
        )
    client = Client()
    enter_password(client, user.email, password)
    assert client.get("/").url == reverse("accounts:next_step")
    assert client.get(reverse("accounts:next_step")).url == reverse("accounts:first_password")
    url = reverse("accounts:first_password")
    for bad in ("short", "claimflowclaimflow", "password1234"):
        assert client.post(url, {"new_password": bad, "again": bad}).status_code == 200
    assert client.post(url, {"new_password": password, "again": password}).status_code == 200
    assert client.post(url, {"new_password": PASSWORD, "again": PASSWORD + "x"}).status_code == 200
    assert client.post(url, {"new_password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert client.get(reverse("accounts:next_step")).url == reverse("accounts:first_factor")
    page = client.get(reverse("accounts:first_factor")).content.decode()
    secret = re.search(r'class="mono">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert client.post(reverse("accounts:first_factor"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("accounts:first_factor"), {"code": code_of(secret)}).status_code == 302
    assert client.get("/welcome/").status_code == 200
    assert {"password_changed", "factor_enrolled"} <= set(events())


def test_a_temporary_password_ends_after_a_day() -> None:
    password, password_hash = temporary_password()
    with acting_as("system", "test"):
        user = create_user(
            user=User(email="late@example.com", role="admin"), password_hash=password_hash, roles=[], by=None
        )
    from tests.harness import admin_connection

    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE accounts_credential SET temporary_until = now() - interval '1 minute'")
    assert enter_password(Client(), user.email, password).status_code == 200


def test_idle_and_absolute_time(biller: User) -> None:
    client = client_of(biller)
    age_session(client, last_seen_at=29)
    assert client.get("/welcome/").status_code == 200
    age_session(client, last_seen_at=31)
    assert client.get("/welcome/").status_code == 302
    client = client_of(biller)
    age_session(client, created_at=12 * 60 + 1)
    assert client.get("/welcome/").status_code == 302


def test_background_requests_do_not_renew(biller: User) -> None:
    client = client_of(biller)
    age_session(client, last_seen_at=20)
    client.get("/welcome/", HTTP_X_BACKGROUND="1")
    age_session_before = _last_seen()
    client.get("/welcome/")
    assert _last_seen() > age_session_before


def _last_seen():
    with acting_as("system", "test"):
        return Session.objects.get().last_seen_at


def test_sign_out_ends_the_session_on_the_server(biller: User) -> None:
    client = client_of(biller)
    cookie = client.cookies["claimflow_session"].value
    assert client.get(reverse("accounts:sign_out")).status_code == 405
    response = client.post(reverse("accounts:sign_out"))
    assert response["Clear-Site-Data"]
    again = Client()
    again.cookies["claimflow_session"] = cookie
    assert again.get("/welcome/").status_code == 302
    assert "sign_out" in events()


def test_secrets_are_stored_sealed_and_hashed(biller: User) -> None:
    from tests.harness import admin_connection

    with admin_connection() as admin:
        secret = bytes(admin.execute("SELECT secret FROM accounts_totpdevice").fetchone()[0])
        keys = [row[0] for row in admin.execute("SELECT session_key FROM accounts_session").fetchall()]
    assert SECRET.encode() not in secret
    client = client_of(biller)
    assert client.cookies["claimflow_session"].value not in keys
    with acting_as("login", user=biller):
        assert Credential.objects.count() == 1
        assert TotpDevice.objects.count() == 1
    with acting_as("login", subject=biller.email):
        assert Credential.objects.count() == 0


def test_open_redirects_are_refused(biller: User) -> None:
    for target in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ):
        client = Client()
        client.post(
            reverse("accounts:sign_in") + f"?next={target}", {"email": biller.email, "password": PASSWORD}
        )
        with acting_as("system", "test"):
            TotpDevice.objects.filter(user=biller).update(last_step=-1)
        client.post(reverse("accounts:code"), {"code": code_of()})
        assert client.get(reverse("accounts:next_step")).url == "/"


def test_forged_posts_are_refused(biller: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert enter_password(client, biller.email).status_code == 403
