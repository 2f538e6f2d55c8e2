"""The signed database context: what it opens, and what a forger, a replayer or a forgetful programmer gets."""

import time

import pytest
from django.db import connection, transaction

from accounts.models import Organization, User
from claimflow.lib.db.context import Actor, ContextError, acting_as, as_system, current_actor, opened, sign
from claimflow.lib.db.roles import role

pytestmark = pytest.mark.usefixtures("real_db")


def make_clinic(name: str = "Riverside Clinic") -> Organization:
    with acting_as("system", "test"):
        return Organization.objects.create(name=name, kind="provider", type="clinic")


def rows_with(token: str, kind: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('claimflow.context', %s, true), set_config('role', %s, true)",
            [token, role(kind)],
        )
        cursor.execute("SELECT count(*) FROM accounts_organization")
        return int(cursor.fetchone()[0])


def backend_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_context_opens_and_closes_with_its_transaction() -> None:
    make_clinic()
    with acting_as("admin"):
        assert Organization.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('claimflow.context', true)")
        user, token = cursor.fetchone()
    assert user == role("app")
    assert not token
    assert current_actor() is None


def test_the_bare_login_may_do_nothing() -> None:
    with pytest.raises(Exception, match="permission denied"):
        list(Organization.objects.all())


@pytest.mark.parametrize("kind", ["provider", "payer", "admin", "auditor", "system"])
def test_a_valid_token_shows_rows(kind: str) -> None:
    clinic = make_clinic()
    token = sign(Actor(kind, organization_id=clinic.pk, purpose="test"), backend_pid=backend_pid())
    assert rows_with(token, kind) == 1


def test_forged_expired_replayed_and_mismatched_tokens_show_nothing() -> None:
    clinic = make_clinic()
    pid = backend_pid()
    good = sign(Actor("provider", organization_id=clinic.pk), backend_pid=pid)
    assert rows_with(good, "provider") == 1
    assert rows_with("", "provider") == 0
    assert rows_with("v1|provider", "provider") == 0
    assert rows_with(good.replace("provider", "admin", 1), "admin") == 0
    assert rows_with(good[:-1] + ("0" if good[-1] != "0" else "1"), "provider") == 0
    assert rows_with(good, "admin") == 0
    expired = sign(Actor("provider"), backend_pid=pid, expires_at=int(time.time()) - 1)
    assert rows_with(expired, "provider") == 0
    assert rows_with(sign(Actor("provider"), backend_pid=pid + 1), "provider") == 0
    for purpose in ("seal", "verify"):
        narrow = sign(Actor("system", purpose=purpose), backend_pid=pid)
        assert rows_with(narrow, "system") == 0


def test_the_keys_of_the_context_are_not_readable() -> None:
    with (
        pytest.raises(Exception, match="permission denied"),
        acting_as("system", "test"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM ctx.key")


def test_a_context_needs_a_transaction_a_known_kind_and_the_system_a_purpose() -> None:
    with pytest.raises(ContextError):
        sign(Actor("nobody"), backend_pid=1)
    with pytest.raises(ContextError):
        sign(Actor("system"), backend_pid=1)
    with pytest.raises(ContextError):
        sign(Actor("login", subject="a|b"), backend_pid=1)
    with pytest.raises(ContextError), as_system("test"):
        pass


def test_the_system_steps_in_and_the_caller_comes_back() -> None:
    clinic = make_clinic()
    other = make_clinic("Harbor Practice")
    with acting_as("provider", organization=clinic):
        assert User.objects.count() == 0
        with as_system("test_step"):
            assert current_actor().kind == "system"
            User.objects.create(email="a@example.com", role="provider", organization=other)
            User.objects.create(email="b@example.com", role="provider", organization=clinic)
        assert current_actor().kind == "provider"
        assert [user.email for user in User.objects.all()] == ["b@example.com"]


def test_an_exception_inside_the_system_step_gives_the_caller_its_context_back() -> None:
    clinic = make_clinic()
    with acting_as("provider", organization=clinic):
        with pytest.raises(RuntimeError), as_system("test_step"):
            raise RuntimeError
        with connection.cursor() as cursor:
            cursor.execute("SELECT ctx.kind(), current_user")
            assert cursor.fetchone() == ("provider", role("provider"))


def test_a_poisoned_connection_shows_nothing() -> None:
    """A token left at session level (security.md 4.1 rows 3 and 6) is overwritten by the next context."""
    clinic = make_clinic()
    token = sign(Actor("admin"), backend_pid=backend_pid())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('claimflow.context', %s, false), set_config('role', %s, false)",
            [token, role("admin")],
        )
    with pytest.raises(Exception, match="permission denied"), opened(Actor("anonymous")):
        list(Organization.objects.all())
    with acting_as("provider", organization=clinic):
        assert User.objects.count() == 0
    connection.close()
