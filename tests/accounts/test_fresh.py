"""Proving again who one is: the gate asks, the page leads back, wrong tries count with the door's."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import passwords
from accounts.actions import sign_in
from accounts.fresh import needs_fresh_factor, needs_fresh_proof
from accounts.models import User
from accounts.safeguards import Safeguards
from accounts.session_store import SessionStore
from claimflow.middleware.gate import GateMiddleware
from tests.accounts.test_sign_in import code_of, enter_password, events
from tests.signed_in import PASSWORD, client_of, let_pass, make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")
CONFIRM = "/account/confirm/"


@pytest.fixture
def biller() -> User:
    return make_user("provider", "Biller", organization=make_organization())


def session(*, with_factor: bool | None) -> SessionStore:
    """A session without a row; ``with_factor`` is what was proven just now, None for nothing."""
    store = SessionStore()
    store.row = {"is_verified": True}
    if with_factor is not None:
        store.note_proof(with_factor=with_factor)
    return store


@pytest.mark.parametrize(
    ("proven", "minutes", "proof", "factor"),
    [
        (None, 0, False, False),
        (True, 0, True, True),
        (True, 4.9, True, True),
        (True, 5, False, False),
        (False, 0, True, False),
        (False, 5, False, False),
        (True, -1, False, False),  # a clock that was set back proves nothing
    ],
)
def test_a_proof_is_fresh_for_five_minutes(
    proven: bool | None, minutes: float, proof: bool, factor: bool
) -> None:
    store = session(with_factor=proven)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        assert store.is_fresh() is proof
        assert store.is_fresh(with_factor=True) is factor
        store.row = {"is_verified": False}
        assert not store.is_fresh()


@pytest.mark.parametrize(
    ("mark", "proven", "goes_to"),
    [
        (needs_fresh_proof, None, f"{CONFIRM}?next=%2Fthere%2F%3Fa%3D1"),
        (needs_fresh_proof, False, None),
        (needs_fresh_factor, False, f"{CONFIRM}?next=%2Fthere%2F%3Fa%3D1&ask=factor"),
        (needs_fresh_factor, True, None),
    ],
)
def test_the_gate_sends_to_the_proof_and_names_the_way_back(
    biller: User, mark, proven: bool | None, goes_to: str | None
) -> None:
    request = RequestFactory().get("/there/?a=1")
    request.user, request.session = biller, session(with_factor=proven)
    biller.is_first_login, biller.safeguards = False, Safeguards()
    view = mark(lambda request: HttpResponse())
    answer = GateMiddleware(view).process_view(request, view, (), {})
    assert (answer.url if answer else None) == goes_to


def test_the_door_is_a_proof_and_a_code_again_is_one(biller: User) -> None:
    client = Client()
    enter_password(client, biller.email)
    client.post(reverse("accounts:code"), {"code": code_of()})
    before = client.cookies["claimflow_session"].value
    page = client.post(f"{CONFIRM}?next=/welcome/", {"code": code_of(ahead=1)})
    assert (page.status_code, page.url) == (302, "/welcome/")
    assert client.cookies["claimflow_session"].value != before
    assert "identity_confirmed" in events()


def test_a_proof_by_password_does_not_lengthen_the_session(biller: User) -> None:
    from accounts.models import Session
    from claimflow.lib.db.context import acting_as

    client = client_of(biller)
    with acting_as("system", "test"):
        (before,) = Session.objects.values_list("created_at", "expire_date")
    page = client.post(f"{CONFIRM}?next=//evil.example&with=password", {"password": PASSWORD})
    assert (page.status_code, page.url) == (302, "/")
    with acting_as("system", "test"):
        assert list(Session.objects.values_list("created_at", "expire_date")) == [before]


def test_who_is_in_waits_for_a_place_as_at_the_door(biller: User) -> None:
    client = client_of(biller, is_fresh=True)
    words = {"new_password": "harbor light in fog", "again": "harbor light in fog"}
    with passwords.place_at_the_door(), passwords.place_at_the_door():
        assert client.post(f"{CONFIRM}?with=password", {"password": PASSWORD}).status_code == 429
        assert client.post(reverse("accounts:password"), words).status_code == 429
    assert client.post(reverse("accounts:password"), words).status_code == 302


def test_wrong_tries_count_and_the_password_is_no_factor(biller: User) -> None:
    client = client_of(biller)
    for _ in range(5):
        assert client.post(CONFIRM, {"code": "000000"}).status_code == 200
        let_pass(seconds=20)
    assert (events().count("identity_confirmed"), events().count("locked")) == (5, 1)
    told = sign_in.tell_wrong_tries(user=biller)
    assert told is not None
    assert told.count == 5
    assert client.post(CONFIRM, {"code": code_of()}).status_code == 200
    assert client.post(f"{CONFIRM}?ask=factor&with=password", {"password": PASSWORD}).status_code == 200
    assert "password" not in client.get(f"{CONFIRM}?ask=factor").content.decode().lower().replace(
        "passwords", ""
    )
