"""How long a session lives, what its page is told, ending one from another."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.sessions import (
    end_other_sessions,
    end_session,
    ends_at,
    limits_of,
    own_sessions,
    time_left,
)
from accounts.models import Session, User
from accounts.safeguards import Safeguards
from accounts.session_store import digest
from claimflow.lib.db.context import acting_as
from tests.accounts.test_sign_in import events
from tests.signed_in import age_session, client_of, make_organization, make_user

SESSION = "/account/session/"


def row(*, seen: float, created: float) -> dict[str, object]:
    """A session's times, in minutes ago."""
    now = timezone.now()
    return {
        "last_seen_at": now - timedelta(minutes=seen),
        "created_at": now - timedelta(minutes=created),
        "expire_date": now - timedelta(minutes=created) + timedelta(hours=12),
    }


@pytest.mark.parametrize(
    ("seen", "created", "renews", "now", "most"),
    [
        (0, 10, True, 30, 30),  # seen within the last minute: not written down again
        (0.5, 10, True, 29.5, 30),
        (20, 60, True, 30, 30),
        (20, 60, False, 10, 30),
        (28, 60, False, 2, 30),
        (31, 60, False, 0, 30),
        (1, 715, True, 5, 5),  # twelve hours are nearly over
        (1, 721, False, 0, 0),
    ],
)
def test_time_left(seen: float, created: float, renews: bool, now: float, most: float) -> None:
    limits = limits_of(Safeguards())
    left = time_left(row(seen=seen, created=created), limits, renews=renews)
    assert (left.now, left.most) == (pytest.approx(now * 60, abs=1.5), pytest.approx(most * 60, abs=1.5))
    assert ends_at(row(seen=seen, created=created), limits) <= timezone.now() + timedelta(minutes=30)


@pytest.fixture
def biller(real_db: None) -> User:
    return make_user("provider", "Biller", organization=make_organization())


def key_of(client: Client) -> str:
    return digest(client.cookies[settings.SESSION_COOKIE_NAME].value)


def test_asking_renews_nothing_and_staying_does(biller: User) -> None:
    client = client_of(biller)
    age_session(client, last_seen_at=28)
    asked = client.get(SESSION, HTTP_X_BACKGROUND="1").json()
    assert (asked["left"], asked["most"]) == (pytest.approx(120, abs=5), pytest.approx(1800, abs=5))
    assert client.get(SESSION, HTTP_X_BACKGROUND="1").json()["left"] <= asked["left"]
    assert client.post(SESSION).json()["left"] > 1790
    assert client.get(SESSION, HTTP_X_BACKGROUND="1").json()["left"] > 1790
    age_session(client, last_seen_at=31)
    assert client.get(SESSION, HTTP_X_BACKGROUND="1").json() == {"left": 0, "most": 0}
    assert Client().get(SESSION).json() == {"left": 0, "most": 0}


def test_one_session_ends_another(biller: User) -> None:
    here, there, elsewhere = (client_of(biller) for _ in range(3))
    idle = client_of(biller)
    age_session(idle, last_seen_at=40)
    half = client_of(biller, is_verified=False)
    assert {each["session_key"] for each in own_sessions(user=biller)} == {
        key_of(client) for client in (here, there, elsewhere)
    }
    stranger = make_user("provider", "Biller", organization=biller.organization)
    assert not end_session(key=key_of(there), by=stranger)
    assert end_session(key=key_of(there), by=biller)
    assert there.get("/welcome/").status_code == 302
    assert here.get("/welcome/").status_code == 200
    assert end_other_sessions(user=biller, keep=key_of(here)) == 3  # the idle and the half one with it
    assert half.get("/").url == f"{reverse('accounts:sign_in')}?next=/"
    assert elsewhere.get("/welcome/").status_code == 302
    assert here.get("/welcome/").status_code == 200
    assert events().count("session_ended") == 2


def test_another_person_inherits_nothing_of_a_session(biller: User) -> None:
    from tests.accounts.test_sign_in import enter_password

    client = client_of(biller, is_fresh=True)
    other = make_user("provider", "Biller", organization=biller.organization)
    enter_password(client, other.email)
    with acting_as("system", "test"):
        (session,) = Session.objects.all()
    assert session.user_id == other.pk
    assert not session.is_verified
    assert "proven_at" not in session.get_decoded()
