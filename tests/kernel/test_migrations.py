"""Migrations: in step with the models, and every app goes back to nothing and forward again."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.harness import ADMIN_URL, PREFIX, ROOT, TAG, WORKER, environment

SCRATCH = f"cf_{TAG}_scratch_{WORKER}"
APPS = ("engagement", "claims", "members", "codes", "accounts", "audit", "kernel")
# Ours, and what a database without any app of ours may still hold: the packages' tables are theirs to take back.
LEFT_OVER = (
    "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'S', 'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    " AND c.relname !~ '^(django|auth|auditlog|procrastinate|pg_stat)_'"
    " UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE n.nspname IN ('ctx', 'jobs', 'ops', 'accounts', 'codes', 'members', 'claims', 'engagement', 'audit')"
    " OR (n.nspname = 'public' AND p.proname LIKE 'codes%')"
    " UNION ALL SELECT policyname FROM pg_policies"
)


def manage(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**ours, **environment(SCRATCH), "ADMIN_DATABASE_URL": ADMIN_URL, **changes},
        capture_output=True,
        text=True,
    )


def succeeds(*words: str, **changes: str) -> str:
    done = manage(*words, **changes)
    assert done.returncode == 0, f"manage.py {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def scratch(django_db_setup: None) -> Iterator[None]:
    """An empty database of its own, with the roles and schemas that the bootstrap makes."""
    with psycopg.connect(ADMIN_URL, autocommit=True) as admin:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(SCRATCH))
        admin.execute(drop)
        succeeds("db_bootstrap")
        yield
        admin.execute(drop)


def left_over() -> list[str]:
    with psycopg.connect(ADMIN_URL, dbname=SCRATCH) as admin:
        return sorted(str(name) for (name,) in admin.execute(LEFT_OVER).fetchall())


def shape() -> list[tuple[object, ...]]:
    """Columns, policies, grants and functions, to compare a database with itself."""
    with psycopg.connect(ADMIN_URL, dbname=SCRATCH) as admin:
        return sorted(
            (str(kind), str(name), str(what))
            for kind, name, what in admin.execute(
                "SELECT 'column', attrelid::regclass::text || '.' || attname, format_type(atttypid, atttypmod)"
                " FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid IN ("
                "   SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                "   WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')"
                " UNION ALL SELECT 'policy', policyname, roles::text || coalesce(qual, '') || coalesce(with_check, '')"
                " FROM pg_policies"
                " UNION ALL SELECT 'grant', c.oid::regclass::text, a.grantee::regrole::text || a.privilege_type"
                " FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee <> 0 AND a.grantee::regrole::text LIKE %s"
                " UNION ALL SELECT 'function', p.oid::regprocedure::text,"
                "   p.proowner::regrole::text || coalesce(p.proacl::text, '')"
                " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
                [PREFIX + "%"],
            ).fetchall()
        )


@pytest.mark.slow
def test_every_app_goes_back_to_nothing_and_forward_again(scratch: None) -> None:
    succeeds("migrate", "--verbosity", "0")
    first = shape()
    for app in APPS:
        succeeds("migrate", app, "zero", "--verbosity", "0")
    assert left_over() == []
    succeeds("migrate", "--verbosity", "0")
    assert shape() == first


@pytest.mark.slow
def test_models_and_migrations_are_in_step() -> None:
    succeeds("makemigrations", "--check", "--dry-run")


@pytest.mark.slow
def test_the_deployment_check_has_nothing_to_say() -> None:
    said = manage(
        "check",
        "--deploy",
        "--fail-level",
        "INFO",
        CLAIMFLOW_ENV="production",
        ALLOWED_HOSTS="claims.example.com",
    )
    assert said.returncode == 0, said.stderr
    assert "no issues" in said.stdout


@pytest.mark.slow
def test_the_application_may_not_migrate(scratch: None) -> None:
    done = manage("migrate", "--verbosity", "0", CLAIMFLOW_LOGIN="app")
    assert done.returncode != 0
    assert "permission denied" in done.stderr


@pytest.mark.slow
def test_the_bootstrap_can_be_run_again(scratch: None) -> None:
    succeeds("db_bootstrap")
