"""Backup codes at the door, new browsers told, and what an administrator gives back."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import enroll
from accounts.actions.backup_codes import make_backup_codes
from accounts.actions.create import temporary_password
from accounts.actions.reset import reset_factor, reset_password
from accounts.actions.sign_in import Door
from accounts.enums import FactorResetReason, MailKind
from accounts.models import BackupCode, KnownBrowser, OutgoingMail, Session, TotpDevice, User
from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden, WrongState
from tests.accounts.test_sign_in import code_of, enter_password, events
from tests.signed_in import PASSWORD, client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def biller() -> User:
    return make_user("provider", "Biller", organization=make_organization())


@pytest.fixture
def keeper(biller: User) -> User:
    """Who administers the biller's organization."""
    return make_user("provider", "Organization administrator", organization=biller.organization)


def promised() -> list[str]:
    with acting_as("system", "test"):
        return list(OutgoingMail.objects.order_by("created_at").values_list("kind", flat=True))


def come_in(client: Client, user: User, code: str):
    enter_password(client, user.email, HTTP_USER_AGENT=FIREFOX)
    return client.post(reverse("accounts:code"), {"code": code}, HTTP_USER_AGENT=FIREFOX)


def test_a_backup_code_opens_the_door_and_few_are_said(biller: User) -> None:
    codes = make_backup_codes(user=biller)
    page = Client()
    enter_password(page, biller.email)
    assert 'inputmode="text"' in page.get(reverse("accounts:code") + "?with=backup").content.decode()
    for number, code in enumerate(codes[:7]):
        client = Client()
        assert come_in(client, biller, code).url == reverse("accounts:next_step")
        said = client.get("/welcome/").content.decode()
        assert ("backup codes are left" in said) is (number == 6)
    assert come_in(Client(), biller, codes[0]).status_code == 200
    assert promised().count(MailKind.BACKUP_CODE_USED) == 7
    assert "backup_code_used" in events()


def test_guessing_backup_codes_is_counted_like_digits(biller: User) -> None:
    client = Client()
    enter_password(client, biller.email)
    for _try in range(2):
        client.post(reverse("accounts:code"), {"code": "0000-0000-0000-0000"})
    assert client.post(reverse("accounts:code"), {"code": code_of()}).status_code == 200  # made to wait


def test_a_browser_is_told_once_and_enrolment_tells_by_itself(biller: User) -> None:
    client = Client()
    come_in(client, biller, code_of())
    assert client.cookies["claimflow_browser"]["httponly"]
    client.post(reverse("accounts:sign_out"))
    come_in(client, biller, code_of(ahead=1))
    assert promised() == [MailKind.NEW_DEVICE]
    with acting_as("auditor"):
        assert Event.objects.get(action="new_device").details == {"agent": "firefox-linux"}
    with acting_as("system", "test"):
        assert KnownBrowser.objects.count() == 1
        TotpDevice.objects.filter(user=biller).update(last_step=-1)
    come_in(Client(), biller, code_of())
    assert promised() == [MailKind.NEW_DEVICE] * 2


def test_enrolment_shows_ten_codes_once(biller: User) -> None:
    with acting_as("system", "test"):
        TotpDevice.objects.filter(user=biller).delete()
    client = Client()
    enter_password(client, biller.email)
    page = client.get(reverse("accounts:first_factor")).content.decode()
    secret = re.search(r'class="mono">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    answer = client.post(reverse("accounts:first_factor"), {"code": code_of(secret)})
    assert answer.url == reverse("accounts:backup_codes_shown")
    assert client.get(reverse("accounts:next_step")).url == answer.url
    shown = re.findall(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", client.get(answer.url).content.decode())
    assert len(set(shown)) == 10
    assert client.get(answer.url).url == reverse("accounts:next_step")
    assert promised() == [MailKind.FACTOR_ENROLLED]
    assert come_in(Client(), biller, shown[0]).status_code == 302


def test_new_codes_need_a_fresh_proof(biller: User) -> None:
    url = reverse("accounts:backup_codes")
    assert client_of(biller).get(url).url.startswith(reverse("accounts:confirm"))
    client = client_of(biller, is_fresh=True)
    assert "none yet" in client.get(url).content.decode()
    assert client.post(url).url == reverse("accounts:backup_codes_shown")
    assert "10 of the codes" in client.get(url).content.decode()
    assert promised() == [MailKind.BACKUP_CODES_MADE]


def test_an_administrator_resets_a_factor_with_a_reason(biller: User, keeper: User) -> None:
    make_backup_codes(user=biller)
    client = client_of(biller)
    with acting_as("provider", user=keeper, organization=keeper.organization_id):
        reset_factor(user=biller, reason=FactorResetReason.DEVICE_LOST, by=keeper)
        with pytest.raises(WrongState):
            reset_factor(user=biller, reason=FactorResetReason.DEVICE_LOST, by=keeper)
    assert client.get("/welcome/").status_code == 302
    with acting_as("system", "test"):
        assert not any(
            model.objects.filter(user=biller).exists() for model in (BackupCode, TotpDevice, Session)
        )
    with acting_as("auditor"):
        event = Event.objects.get(action="factor_reset")
    assert (event.actor_id, event.details) == (keeper.pk, {"reason_code": "device_lost"})
    assert promised()[-1] == MailKind.FACTOR_RESET
    again = Client()
    enter_password(again, biller.email)
    assert again.get(reverse("accounts:next_step")).url == reverse("accounts:first_factor")


def test_who_has_no_second_factor_loses_no_session_by_a_reset(biller: User, keeper: User) -> None:
    with acting_as("system", "reset_factor"):
        TotpDevice.objects.filter(user_id=biller.pk).delete()
    client_of(biller)
    with pytest.raises(WrongState), acting_as("provider", user=keeper, organization=keeper.organization_id):
        reset_factor(user=biller, reason=FactorResetReason.DEVICE_LOST, by=keeper)
    with acting_as("system", "test"):
        assert Session.objects.filter(user_id=biller.pk).exists()


def test_a_key_that_nobody_confirmed_is_replaced_after_ten_minutes(biller: User) -> None:
    first = enroll.pending_device(user=biller)
    assert enroll.pending_device(user=biller).pk == first.pk
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert enroll.pending_device(user=biller).pk != first.pk


def test_of_two_confirmations_the_second_hears_that_it_is_done(biller: User) -> None:
    """Another authenticator was confirmed in another window."""
    secret = phi.value(enroll.pending_device(user=biller), "secret")
    assert enroll.confirm_device(user=biller, code=code_of(secret), door=Door("192.0.2.1")) is None
    assert enroll.has_device(user=biller)


def test_a_reset_that_finds_no_factor_ends_no_session(keeper: User) -> None:
    newcomer = make_user("provider", "Biller", organization=keeper.organization, enrolled=False)
    waiting = client_of(newcomer, is_verified=False)
    url = reverse("accounts:person_reset_factor", args=[newcomer.pk])
    answer = client_of(keeper, is_fresh=True).post(url, {"reason": "device_lost"}, follow=True)
    assert "No second factor is set up here" in answer.content.decode()
    assert waiting.get(reverse("accounts:next_step")).url == reverse("accounts:first_password")
    assert "factor_reset" not in events()


def test_an_administrator_resets_a_password(biller: User, keeper: User) -> None:
    client = client_of(biller)
    password, password_hash = temporary_password()
    with acting_as("provider", user=keeper, organization=keeper.organization_id):
        reset_password(user=biller, password_hash=password_hash, by=keeper)
    assert client.get("/welcome/").status_code == 302
    assert enter_password(Client(), biller.email).status_code == 200
    fresh = Client()
    assert enter_password(fresh, biller.email, password).status_code == 302
    assert fresh.get(reverse("accounts:next_step")).url == reverse("accounts:first_password")
    chosen = {"new_password": PASSWORD + " again", "again": PASSWORD + " again"}
    assert fresh.post(reverse("accounts:first_password"), chosen).status_code == 302
    assert fresh.get(reverse("accounts:next_step")).url == reverse("accounts:code")
    assert promised() == [MailKind.PASSWORD_RESET]


@pytest.mark.parametrize("whose", ["own", "a stranger's", "without the right"])
def test_nobody_else_resets_anything(biller: User, keeper: User, whose: str) -> None:
    stranger = make_user("provider", "Biller", organization=make_organization())
    user, by = {
        "own": (keeper, keeper),
        "a stranger's": (stranger, keeper),
        "without the right": (keeper, biller),
    }[whose]
    with acting_as("provider", user=by, organization=by.organization_id):
        with pytest.raises(Forbidden):
            reset_factor(user=user, reason=FactorResetReason.DEVICE_LOST, by=by)
        with pytest.raises(Forbidden):
            reset_password(user=user, password_hash="", by=by)
    assert connection.in_atomic_block is False


def test_the_administration_offers_both(biller: User) -> None:
    administrator = make_user("admin", "Platform administrator")
    stale, client = client_of(administrator), client_of(administrator, is_fresh=True)
    page = client.get(reverse("admin:accounts_user_change", args=[biller.pk])).content.decode()
    for name in ("reset_password", "reset_factor"):
        url = reverse(f"admin:accounts_user_{name}", args=[biller.pk])
        assert url in page
        assert stale.get(url).url.startswith(reverse("accounts:confirm"))
        assert client.get(url).status_code == 200
        own = reverse(f"admin:accounts_user_{name}", args=[administrator.pk])
        assert client.post(own, {"reason": "device_lost"}).status_code == 403
    url = reverse("admin:accounts_user_reset_factor", args=[biller.pk])
    assert client.post(url, {"reason": "because"}).status_code == 200
    assert client.post(url, {"reason": "device_broken"}).status_code == 302
    answer = client.post(reverse("admin:accounts_user_reset_password", args=[biller.pk]))
    shown = client.get(answer.url).content.decode()
    password = re.search(r'id="temporary-password">([A-Za-z0-9]{16})<', shown)[1]
    assert enter_password(Client(), biller.email, password).status_code == 302
    assert {"factor_reset", "password_reset"} <= set(events())
