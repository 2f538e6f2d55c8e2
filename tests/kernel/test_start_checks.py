"""A web process with a fault does not start: real processes, each with one fault, against this run's database."""

import base64
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from claimflow.lib.start_checks import EXIT_STATUS
from tests.harness import ADMIN_URL, DATABASE, ROOT, admin_connection, environment, url_as

pytestmark = pytest.mark.slow
SHORT = "1:" + base64.b64encode(b"short").decode()


def other_login(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def started(code: str = "import claimflow.wsgi", **changes: str) -> tuple[int, str]:
    """Exit status and standard error of a process that loads the application with these settings."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment(DATABASE), "LOG_LEVEL": "ERROR", **changes},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stderr


@pytest.mark.usefixtures("django_db_setup")
class TestOneFault:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"CLAIMFLOW_ENV": "production", "DEBUG": "true"}, "DEBUG must be off"),
            ({"CLAIMFLOW_ENV": "demo", "DEBUG": "true"}, "DEBUG must be off"),
            ({"CLAIMFLOW_ENV": "staging"}, "CLAIMFLOW_ENV must be production, demo"),
            ({"SECRET_KEY": "short"}, "SECRET_KEY must be set to at least 50"),
            ({"CONTEXT_KEYS": ""}, "CONTEXT_KEYS is empty"),
            ({"PHI_KEYS": SHORT}, "PHI_KEYS: each key needs its own number and exactly 32 bytes"),
            ({"PHI_INDEX_KEYS": "no key"}, "PHI_INDEX_KEYS must look like"),
            ({"AUDIT_SIGNING_KEY": "AAAA"}, "AUDIT_SIGNING_KEY must be the base64 of exactly 32 bytes"),
            ({"CLAIMFLOW_ENV": "production", "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
            (
                {"CLAIMFLOW_ENV": "production", "DATABASE_URL": "postgres://app:p@db.example.org/claimflow"},
                "must be encrypted and its certificate checked",
            ),
            (
                {"CONTEXT_KEYS": "7:" + base64.b64encode(bytes(range(32))).decode()},
                "does not know the first of CONTEXT_KEYS",
            ),
            (
                {"DATABASE_URL": url_as("app", "no_such_database")},
                "The database does not answer as it should",
            ),
        ],
    )
    def test_is_said_in_a_sentence(self, changes: dict[str, str], sentence: str) -> None:
        status, said = started(**changes)
        assert status == EXIT_STATUS, said
        assert "ClaimFlow does not start:" in said
        assert sentence in said
        assert "Traceback" not in said

    def test_a_superuser_is_refused(self) -> None:
        status, said = started(DATABASE_URL=other_login(ADMIN_URL, DATABASE))
        assert (status, "is a superuser, which no policy holds" in said) == (EXIT_STATUS, True), said

    def test_a_login_that_gets_past_policies_is_refused(self) -> None:
        status, said = started(DATABASE_URL=url_as("backup", DATABASE))
        assert (status, "has BYPASSRLS" in said) == (EXIT_STATUS, True), said

    def test_an_owner_of_tables_is_refused(self) -> None:
        login = url_as("migrator", DATABASE)
        with admin_connection(autocommit=True) as admin:
            name = urlsplit(login).username
            admin.execute("CREATE TABLE public.left_behind ()")
            admin.execute(f'ALTER TABLE public.left_behind OWNER TO "{name}"')
            try:
                status, said = started(DATABASE_URL=login)
            finally:
                admin.execute("DROP TABLE public.left_behind")
        assert (status, "owns tables" in said) == (EXIT_STATUS, True), said

    def test_a_migration_that_is_not_applied_is_named_and_not_run(self) -> None:
        with admin_connection(autocommit=True) as admin:
            kept = admin.execute(
                "DELETE FROM django_migrations WHERE app = 'kernel' AND name = '0003_ops' RETURNING id, app, name, applied"
            ).fetchone()
            try:
                status, said = started()
                left = admin.execute(
                    "SELECT count(*) FROM django_migrations WHERE name = '0003_ops'"
                ).fetchone()
            finally:
                admin.execute(
                    "INSERT INTO django_migrations OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s, %s)", kept
                )
        assert status == EXIT_STATUS
        assert "1 migrations are not applied, the first is kernel.0003_ops" in said
        assert left == (0,)

    def test_the_worker_asks_the_same(self) -> None:
        code = (
            "import runpy, sys; sys.argv = ['manage.py', 'run_worker', '--once'];"
            " runpy.run_path('manage.py', run_name='__main__')"
        )
        status, said = started(code, SECRET_KEY="short")
        assert (status, "SECRET_KEY must be set" in said) == (EXIT_STATUS, True), said


def test_production_refuses_a_database_with_demonstration_accounts(real_db: None) -> None:
    with admin_connection(autocommit=True) as admin:
        admin.execute(
            "INSERT INTO accounts_user (id, email, first_name, last_name, role, is_active, is_first_login, is_system,"
            " created_at, updated_at) VALUES (gen_random_uuid(), 'demo@claimflow.com', '', '', 'admin', true, false,"
            " false, now(), now())"
        )
    status, said = started(CLAIMFLOW_ENV="production")
    assert (status, "holds 1 active demonstration accounts" in said) == (EXIT_STATUS, True), said


@pytest.mark.usefixtures("django_db_setup")
def test_several_faults_are_said_at_once() -> None:
    _, said = started(SECRET_KEY="short", AUDIT_SIGNING_KEY="")
    assert said.count("\n- ") == 2


@pytest.mark.usefixtures("django_db_setup")
def test_without_a_fault_it_starts() -> None:
    status, said = started()
    assert status == 0, said
    assert "does not start" not in said


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def gunicorn(log: Path, port: int, **changes: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        "gunicorn",
        "claimflow.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
        "--no-control-socket",
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **environment(DATABASE), **changes},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield server
        finally:
            server.terminate()
            server.wait(timeout=30)


def answer_of(url: str) -> int:
    """The status of a page, asked for up to 30 seconds."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.1)
    return 0


@pytest.mark.usefixtures("django_db_setup")
def test_gunicorn_gives_up_at_a_fault_instead_of_trying_for_ever(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with gunicorn(log, free_port(), SECRET_KEY="short") as server:
        assert server.wait(timeout=60) == EXIT_STATUS
    assert "SECRET_KEY must be set" in log.read_text()


@pytest.mark.usefixtures("django_db_setup")
def test_gunicorn_serves_without_a_fault(tmp_path: Path) -> None:
    port = free_port()
    with gunicorn(tmp_path / "log", port):
        assert answer_of(f"http://127.0.0.1:{port}/readyz") == 200, (tmp_path / "log").read_text()
