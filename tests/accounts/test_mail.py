"""The outbox: promised with the transaction, sent once, tried again with growing pauses, wiped at rest."""

import datetime as dt
from typing import ClassVar

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction

from accounts.actions import mail
from accounts.enums import MailKind
from accounts.models import OutgoingMail, User
from claimflow.lib.db.context import acting_as
from claimflow.lib.phi import value
from tests.harness import admin_connection
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")
WORDS = {"path": "/forgotten/x/", "left": 2, "browser": "Firefox on Windows"}


class Refusing(BaseEmailBackend):
    """A server that is down while ``is_down``."""

    is_down: ClassVar[bool] = True

    def send_messages(self, messages) -> int:
        if self.is_down:
            raise ConnectionRefusedError
        django_mail.outbox.extend(messages)
        return len(messages)


@pytest.fixture
def biller() -> User:
    return make_user("provider", "Biller", organization=make_organization(time_zone="America/Chicago"))


@pytest.fixture
def outage(settings) -> type[Refusing]:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    Refusing.is_down = True
    return Refusing


def promised(to: User | None, kind: MailKind = MailKind.PASSWORD_CHANGED, **words) -> OutgoingMail:
    with acting_as("system", "test"):
        return mail.post(kind, to=to, **words)


def sent(row: OutgoingMail) -> bool:
    with acting_as("system", "send_mail"):
        return mail.send(mail_id=row.pk)


def stored(row: OutgoingMail) -> OutgoingMail:
    with acting_as("system", "test"):
        return OutgoingMail.objects.get(pk=row.pk)


def queued() -> list[tuple[str, dict[str, str]]]:
    with admin_connection() as admin:
        return admin.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id").fetchall()


def test_it_leaves_once_and_keeps_no_word(biller: User) -> None:
    row = promised(biller)
    assert queued() == [("send_mail", {"mail_id": str(row.pk)})]
    assert [sent(row), sent(row)] == [True, False]
    (message,) = django_mail.outbox
    assert message.to == [biller.email]
    assert message.from_email == "claimflow@localhost"
    left = stored(row)
    assert (left.address, left.words, left.next_try_at, left.attempts) == (None, None, None, 1)
    assert left.sent_at is not None


def test_waiting_words_are_sealed(biller: User) -> None:
    row = promised(biller, MailKind.PASSWORD_FORGOTTEN, address="new@example.com", path="/forgotten/secret/")
    assert value(stored(row), "words") == {"path": "/forgotten/secret/"}
    with admin_connection() as admin:
        kept = admin.execute("SELECT address, words FROM accounts_outgoingmail").fetchone()
    assert not any(clear in bytes(column) for clear in (b"example", b"secret") for column in kept)


def test_what_rolls_back_was_never_promised(biller: User) -> None:
    with acting_as("login", user=biller):
        mail.post(MailKind.PASSWORD_CHANGED, to=biller)
        transaction.set_rollback(True)
    assert queued() == []


def test_a_refused_mail_is_delivered_once_later(biller: User, outage: type[Refusing]) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        row = promised(biller)
        pauses = []
        for _ in range(4):
            assert not sent(row)
            left = stored(row)
            pauses.append((left.next_try_at - dt.datetime.now(dt.UTC)).total_seconds() / 60)
            clock.move_to(left.next_try_at)
            with acting_as("system", "send_waiting_mail"):
                assert [mail.send_waiting(), mail.send_waiting()] == [1, 0]
        assert pauses == [2, 4, 8, 16]
        outage.is_down = False
        assert [sent(row), sent(row)] == [True, False]
    assert len(django_mail.outbox) == 1


@pytest.mark.parametrize(
    ("kind", "hours", "leaves"),
    [
        (MailKind.PASSWORD_CHANGED, 71, True),
        (MailKind.PASSWORD_CHANGED, 73, False),
        (MailKind.PASSWORD_FORGOTTEN, 2, False),
    ],
)
def test_what_is_too_old_is_wiped_unsent(biller: User, kind: MailKind, hours: int, leaves: bool) -> None:
    row = promised(biller, kind, path="/forgotten/x/")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)):
        assert sent(row) is leaves
    left = stored(row)
    assert (left.words, left.next_try_at, bool(left.sent_at)) == (None, None, leaves)


@pytest.mark.parametrize("kind", MailKind)
def test_every_mail_has_a_subject_and_plain_words(biller: User, kind: MailKind) -> None:
    biller.email = "o'hara+claims@example.com"
    row = OutgoingMail(kind=kind.value, user=biller, address=biller.email, words=WORDS)
    row.created_at = dt.datetime(2026, 3, 2, 18, 5, tzinfo=dt.UTC)
    message = mail.message_of(row)
    assert 10 < len(message.subject) < 70
    assert "ClaimFlow" in message.subject + message.body
    assert message.to == [biller.email]
    assert "&" not in message.body
    if kind in (MailKind.PASSWORD_CHANGED, MailKind.NEW_DEVICE):
        assert "Mar 2, 2026, 12:05 PM CST" in message.body


def test_a_link_leads_to_the_public_address(biller: User, settings) -> None:
    settings.PUBLIC_URL = "https://claims.example.com"
    row = OutgoingMail(
        kind=MailKind.PASSWORD_FORGOTTEN.value, user=biller, address="a@b.example", words=WORDS
    )
    row.created_at = dt.datetime.now(dt.UTC)
    assert "\nhttps://claims.example.com/forgotten/x/\n" in mail.message_of(row).body


@pytest.mark.parametrize("kind", ["login", "provider", "admin"])
def test_each_kind_tells_whom_it_sees(biller: User, kind: str) -> None:
    stranger = make_user("payer", "Adjudicator", organization=make_organization("payer"))
    organization = biller.organization_id if kind == "provider" else None
    with acting_as(kind, user=biller, organization=organization):
        mail.post(MailKind.PASSWORD_CHANGED, to=biller)
    for nobody in [stranger, None] if kind != "admin" else []:
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            acting_as(kind, user=biller, organization=organization),
        ):
            mail.post(MailKind.PASSWORD_CHANGED, to=nobody, address="elsewhere@example.com")
