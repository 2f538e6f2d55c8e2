"""A forgotten password: the same answer for everybody, a link that opens once, and a second factor that stays."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import forgotten, mail
from accounts.actions.choose import choose_password
from accounts.actions.sign_in import Door
from accounts.models import OutgoingMail, PasswordReset, Session, TotpDevice, User
from accounts.session_store import digest
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib.db.context import acting_as
from tests.accounts.test_factors import at_once
from tests.accounts.test_sign_in import code_of, enter_password, events
from tests.harness import admin_connection
from tests.signed_in import PASSWORD, client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
NEW = "a new sentence of several words"
HERE = Door("192.0.2.1")
UNKNOWN = "nobody@example.com"


@pytest.fixture
def biller() -> User:
    return make_user("provider", "Biller", organization=make_organization())


def ask(email: str, **extra: str):
    return Client().post(reverse("accounts:forgotten"), {"email": email}, **extra)


def work_off() -> list[str]:
    """What the worker would do; the bodies of the mails that leave."""
    with acting_as("system", "answer_forgotten"):
        for reset_id in PasswordReset.objects.filter(token_hash=None).values_list("pk", flat=True):
            forgotten.answer(reset_id=reset_id)
    with acting_as("system", "send_mail"):
        for mail_id in (
            OutgoingMail.objects.filter(sent_at=None).order_by("created_at").values_list("pk", flat=True)
        ):
            mail.send(mail_id=mail_id)
    bodies = [message.body for message in django_mail.outbox]
    django_mail.outbox.clear()
    return bodies


def token_of(email: str) -> str:
    forgotten.ask(email=email, door=HERE)
    (body,) = work_off()
    return re.search(r"/forgotten/link/([\w-]+)/", body)[1]


def opened(token: str) -> Client:
    client = Client()
    answer = client.get(reverse("accounts:forgotten_link", args=[token]))
    assert answer.url == reverse("accounts:forgotten_password")
    return client


def choose(client: Client, password: str = NEW):
    return client.post(reverse("accounts:forgotten_password"), {"new_password": password, "again": password})


def is_over(client: Client) -> bool:
    return "This link is over" in client.get(reverse("accounts:forgotten_password")).content.decode()


def test_the_whole_way_and_the_second_factor_stays(biller: User) -> None:
    session = client_of(biller)
    assert ask(biller.email.upper()).url == reverse("accounts:forgotten_sent")
    (body,) = work_off()
    token = re.search(r"http://127.0.0.1/forgotten/link/([\w-]{43})/", body)[1]
    with admin_connection() as admin:
        stored = admin.execute("SELECT token_hash FROM accounts_passwordreset").fetchone()[0]
    assert stored == digest(token)

    client = opened(token)
    page = client.get(reverse("accounts:forgotten_password"))
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert token not in page.content.decode()
    assert choose(client, "short").status_code == 200
    assert choose(client, PASSWORD).status_code == 200
    assert choose(client).url == reverse("accounts:sign_in")

    assert session.get("/welcome/").status_code == 302
    assert is_over(client)
    assert enter_password(Client(), biller.email).status_code == 200
    fresh = Client()
    assert enter_password(fresh, biller.email, NEW, REMOTE_ADDR="198.51.100.7").status_code == 302
    assert fresh.get(reverse("accounts:next_step")).url == reverse("accounts:code")
    assert fresh.post(reverse("accounts:code"), {"code": code_of()}).status_code == 302
    (told,) = [body for body in work_off() if "password of your account was changed" in body]
    assert biller.email in told
    assert {"password_forgotten", "password_reset"} <= set(events())


def test_known_and_unknown_are_answered_alike(biller: User) -> None:
    answers, statements = [], []
    for email in (biller.email, UNKNOWN, "a|b@example.com"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answers.append(ask(email, REMOTE_ADDR=f"198.51.100.{len(answers) + 1}"))
        statements.append([re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"])[:60] for query in queries])
    assert [answer.url for answer in answers] == [reverse("accounts:forgotten_sent")] * 3
    assert statements[0] == statements[1] == statements[2]
    with admin_connection() as admin:
        jobs = admin.execute("SELECT task_name FROM procrastinate_jobs ORDER BY id").fetchall()
    assert jobs == [("answer_forgotten",)] * 3
    assert len(work_off()) == 1


def test_a_link_is_over_when_the_address_was_changed_and_a_strange_one_begins_no_session(
    biller: User,
) -> None:
    token = token_of(biller.email)
    client = opened(token)
    assert not is_over(client)
    with acting_as("login", user=biller, organization=biller.organization_id):
        record(Action.USER_CHANGED, SubjectKind.USER, biller.pk, fields=["email"])
    assert is_over(client)
    for path in ("accounts:forgotten_link", "accounts:email_link"):
        stranger = Client()
        assert stranger.get(reverse(path, args=[token])).status_code == 302
        assert "claimflow_session" not in stranger.cookies
    assert is_over(opened(token))


def test_three_an_hour_for_an_address_and_thirty_for_a_place(biller: User) -> None:
    for email in (biller.email, UNKNOWN):
        tries = [forgotten.ask(email=email, door=Door(f"198.51.100.{n}-{email}")) for n in range(4)]
        assert tries == [True, True, True, False]
    assert [forgotten.ask(email=f"p{n}@example.com", door=HERE) for n in range(31)] == [True] * 30 + [False]
    assert "Too many new passwords" in ask("p99@example.com", REMOTE_ADDR=HERE.address).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert forgotten.ask(email=biller.email, door=HERE)


def deactivated(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def of_an_inactive_organization(user: User) -> None:
    type(user.organization).objects.filter(pk=user.organization_id).update(status="inactive")


def without_a_first_sign_in(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_first_login=True)


def without_a_factor(user: User) -> None:
    TotpDevice.objects.filter(user=user).delete()


@pytest.mark.parametrize(
    "change", [deactivated, of_an_inactive_organization, without_a_first_sign_in, without_a_factor]
)
def test_whom_no_mail_helps(biller: User, change) -> None:
    token = token_of(biller.email)
    assert forgotten.whose(digest(token))
    with acting_as("system", "test"):
        change(biller)
    assert forgotten.whose(digest(token)) is None
    forgotten.ask(email=biller.email, door=HERE)
    assert work_off() == []


def test_a_link_is_over_after_an_hour_and_after_any_other_change(biller: User) -> None:
    token = token_of(biller.email)
    client = opened(token)
    assert not is_over(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert forgotten.whose(digest(token)) is None
    choose_password(user=biller, password=NEW)
    assert is_over(client)
    assert is_over(opened("x" * 43))
    assert is_over(Client())


def test_of_two_with_the_same_link_one_chooses(biller: User) -> None:
    token_hash = digest(token_of(biller.email))
    works = [
        lambda word=word: forgotten.choose(token_hash=token_hash, user=biller, password=f"{NEW} {word}")
        for word in ("first", "second")
    ]
    assert sorted(at_once(*works)) == [False, True]


def test_old_requests_are_forgotten(biller: User) -> None:
    forgotten.ask(email=biller.email, door=HERE)
    with time_machine.travel(timezone.now() + timedelta(days=8)), acting_as("system", "forget_recovery"):
        assert forgotten.forget_old() == 1
        assert Session.objects.count() == 0
