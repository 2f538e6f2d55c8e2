"""The four health pages: what they say to anybody, and that a silent database is 503, never an error page."""

import pytest
from django.db import connection
from django.test import Client

from claimflow import health
from claimflow.lib.db.context import acting_as
from tests.harness import admin_connection

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is there, but the pages' question gets no answer."""
    monkeypatch.setattr(health, "SQL", "SELECT 1 FROM ops.gone()")


def test_the_process_answers_without_a_database(no_database: None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", lambda *_: pytest.fail("healthz asked the database"))
        response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_when_the_database_answers_and_is_migrated() -> None:
    assert Client().get("/readyz").status_code == 200
    assert Client().get("/api/health").json() == {"status": "ok"}


def test_the_database_page_has_counts_and_ages_only() -> None:
    body = Client().get("/api/health/db").json()
    assert body["status"] == "ok"
    assert body["connection"] is True
    assert body["latency_ms"] > 0
    assert body["migrations"]["pending"] == 0
    assert body["migrations"]["applied"] == len(health.migrations_on_disk())
    assert body["worker"]["lag_seconds"] == 0.0
    assert set(body["worker"]) == {"lag_seconds", "last_seen_seconds"}
    assert set(body) == {"status", "connection", "latency_ms", "migrations", "worker", "seal"}


def test_a_waiting_job_and_an_unsealed_event_show_as_lag() -> None:
    with admin_connection(autocommit=True) as admin:
        admin.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'expire_leases', 'todo')"
        )
        admin.execute("UPDATE procrastinate_events SET at = now() - interval '90 seconds'")
        admin.execute(
            "INSERT INTO audit.event (id, format, at, cluster, xid, kind, subject_kind, subject_id, action, outcome,"
            " severity, fields, details, chain_seq, prev_hash, row_hash)"
            " SELECT 1, 1, now() - interval '30 seconds', 0, pg_current_xact_id()::text::bigint, 'system', 'user',"
            " gen_random_uuid(), 'test', 'success', 'info', '{}', '{}', 1, '', ''"
        )
    body = Client().get("/api/health/db").json()
    assert 89 < body["worker"]["lag_seconds"] < 120
    assert 29 < body["seal"]["lag_seconds"] < 60


@pytest.mark.parametrize("path", ["/readyz", "/api/health", "/api/health/db"])
def test_a_silent_database_is_503(no_database: None, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 503
    assert b"does not answer" in response.content or response.json()["connection"] is False


def test_a_pending_migration_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "migrations_on_disk", lambda: frozenset({"claims.9999_to_come"}))
    response = Client().get("/readyz")
    assert (response.status_code, response.content) == (503, b"1 migration is not applied.\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/health", "/api/health/db"])
def test_nothing_is_posted(path: str) -> None:
    assert Client().post(path).status_code == 405


def test_anonymous_may_ask_health_and_public_settings_and_nothing_else() -> None:
    with acting_as("anonymous"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname IN ('ops', 'jobs', 'audit', 'accounts', 'claims', 'members', 'engagement')"
            " AND has_function_privilege(p.oid, 'EXECUTE')"
        )
        assert {name for (name,) in cursor.fetchall()} == {"ops.health()", "ops.public_settings()"}
