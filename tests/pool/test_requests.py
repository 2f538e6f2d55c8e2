"""The same through whole requests: a view that fails, a backend that dies, and a request inside a test's transaction."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from accounts.models import User
from claimflow.lib.db.context import acting_as, current_actor
from claimflow.middleware.gate import open_to_all
from tests.harness import admin_connection
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


def people(request: HttpRequest) -> HttpResponse:
    """The addresses that this caller's policies show."""
    return HttpResponse(" ".join(sorted(User.objects.values_list("email", flat=True))))


def writes_and_fails(request: HttpRequest) -> HttpResponse:
    """Half a change, then an error page: nothing of it may stay (security.md 0.3)."""
    with transaction.atomic():
        User.objects.filter(pk=request.user.pk).count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT jobs.enqueue('expire_leases', '{}')")
    return HttpResponse("no", status=500)


def raises(request: HttpRequest) -> HttpResponse:
    User.objects.count()
    raise RuntimeError("a view's mistake")


def loses_its_backend(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with admin_connection(autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [pid])
    return people(request)


@open_to_all
def peek(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'accounts_user', 'SELECT')")
        (may,) = cursor.fetchone()
    return HttpResponse(str(may))


urlpatterns = [
    path("people/", people),
    path("half/", writes_and_fails),
    path("raises/", raises),
    path("dies/", loses_its_backend),
    path("peek/", peek),
]
handler500 = "claimflow.errors.server_error"
pages = override_settings(ROOT_URLCONF=__name__)


def two_clients() -> list[tuple[Client, str]]:
    found = []
    for _ in range(2):
        user = make_user("provider", "Biller", organization=make_organization("provider"))
        found.append((client_of(user), user.email))
    return found


def jobs_waiting() -> int:
    with admin_connection() as admin:
        row = admin.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
    return row[0] if row else 0


@pages
def test_many_threads_each_see_their_own() -> None:
    callers = two_clients()
    seen: Counter[bool] = Counter()
    lock = threading.Lock()

    def ask(number: int) -> None:
        client, address = callers[number % 2]
        try:
            if number % 5 == 0:
                right = Client().get("/peek/").content == b"False"
            else:
                copy = Client()
                copy.cookies = client.cookies
                right = copy.get("/people/").content.decode() == address
        finally:
            connection.close()
        with lock:
            seen[right] += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(100)))
    assert seen == {True: 100}


@pages
def test_an_error_page_leaves_no_half_of_a_change() -> None:
    (client, _), _ = two_clients()
    assert client.get("/half/").status_code == 500
    assert jobs_waiting() == 0


@pages
def test_an_exception_leaves_no_context_behind() -> None:
    (client, address), _ = two_clients()
    client.raise_request_exception = False
    assert client.get("/raises/").status_code == 500
    assert current_actor() is None
    assert client.get("/people/").content.decode() == address


@pages
def test_a_dead_backend_is_503_once_and_then_served() -> None:
    (client, address), _ = two_clients()
    client.raise_request_exception = False
    gone = client.get("/dies/")
    assert (gone.status_code, gone["Retry-After"]) == (503, "5")
    assert client.get("/people/").content.decode() == address


@pages
def test_inside_somebody_elses_transaction_the_context_goes_with_the_request() -> None:
    """TestCase's outer transaction: afterwards nobody is in force, and an outer actor is put back (row 7)."""
    (client, address), _ = two_clients()
    with transaction.atomic():
        assert client.get("/people/").content.decode() == address
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('claimflow.context', true), '')")
            assert cursor.fetchone() == ("",)
    with acting_as("system", "test"):
        client.get("/people/")
        actor = current_actor()
        assert actor is not None
        assert actor.kind == "system"
        assert User.objects.count() >= 2
