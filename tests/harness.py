"""The test run's own PostgreSQL world, made once: roles, a migrated template with the code sets, a copy per worker.

Loaded as a pytest plugin before Django's settings (``-p tests.harness``). ``TEST_DATABASE_URL`` names an
administrator's login on a PostgreSQL 15 to 18; ``bin/test`` starts an embedded server when it is not set (ruling 14).
"""

import base64
import hashlib
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from accounts.safeguards import PLATFORM_POLICY_ID
from claimflow.lib.system_user import SYSTEM_USER_ID

ROOT = Path(__file__).resolve().parent.parent
ADMIN_URL = os.environ.get("TEST_DATABASE_URL", "")
if not ADMIN_URL:
    sys.exit("TEST_DATABASE_URL is not set. Run bin/test, which starts a PostgreSQL of its own.")

TAG = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
PREFIX = f"cft{TAG}_"
TEMPLATE = f"cf_{TAG}_template"
DATABASE = f"cf_{TAG}_{WORKER}"
PASSWORD = "test-only-password"


def key_for(name: str) -> str:
    return base64.b64encode(hashlib.sha256(f"claimflow test {name}".encode()).digest()).decode()


def url_as(login: str, database: str) -> str:
    parts = urlsplit(ADMIN_URL)
    host = f"{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(("postgres", f"{PREFIX}{login}:{PASSWORD}@{host}", f"/{database}", "", ""))


def environment(database: str) -> dict[str, str]:
    return {
        "CLAIMFLOW_ENV": "test",
        "CLAIMFLOW_ENV_FILE": os.devnull,
        "DB_ROLE_PREFIX": PREFIX,
        "SECRET_KEY": "test-only-" + "k" * 50,
        "DATABASE_URL": url_as("app", database),
        "WORKER_DATABASE_URL": url_as("worker", database),
        "MIGRATE_DATABASE_URL": url_as("migrator", database),
        "BACKUP_DATABASE_URL": url_as("backup", database),
        "CONTEXT_KEYS": "1:" + key_for("context"),
        "PHI_KEYS": "1:" + key_for("phi"),
        "PHI_INDEX_KEYS": "1:" + key_for("index"),
        "AUDIT_SIGNING_KEY": key_for("audit"),
        "BACKUP_KEYS": "1:" + key_for("backup"),
        "BACKUP_DIR": str(ROOT / "var" / "test" / WORKER / "backups"),
        "AUDIT_COPY_DIR": str(ROOT / "var" / "test" / WORKER / "audit"),
        "EMAIL_FILE_PATH": str(ROOT / "var" / "test" / WORKER / "mail"),
        "DB_POOL": "0",
    }


os.environ.update(environment(DATABASE))


APPS = ("accounts", "audit", "claims", "codes", "engagement", "intelligence", "members")
FILLING = (
    "migrations/*.py",
    "sql/**/*",
    "data/**/*",
    "enums.py",  # vocabulary, roles, workflow
    "roles.py",
    "workflow.py",
    "apps.py",  # what runs after migrate
    "jobs.py",  # the closed list of job names
)
PACKAGES = ("django", "django-auditlog", "procrastinate", "simple-icd-10-cm")
"""Those that bring migrations or code sets of their own."""


def filling() -> list[Path]:
    """Every file that says what stands in the template: migrations, SQL, code sets and how they are read, roles,
    policies, words, and this file itself."""
    found = {path for app in APPS for pattern in FILLING for path in (ROOT / app).glob(pattern)}
    for folder in ("claimflow/lib", "codes/actions", "codes/icd10", "codes/management"):
        found |= set((ROOT / folder).rglob("*"))
    found |= {ROOT / "codes" / "formats.py", ROOT / "claimflow" / "settings.py", Path(__file__).resolve()}
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def fingerprint() -> str:
    """Changes whenever the template must be built anew."""
    digest = hashlib.sha256()
    for path in filling():
        digest.update(
            f"{os.path.relpath(path, ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest()
        )
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\0".encode())
    return digest.hexdigest()


def _manage(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment(TEMPLATE), "ADMIN_DATABASE_URL": ADMIN_URL},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise pytest.UsageError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")


def _drop(admin: psycopg.Connection, database: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def build_template(admin: psycopg.Connection) -> None:
    mark = ROOT / "var" / "test" / "template"
    row = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
    now = f"{fingerprint()} {urlsplit(ADMIN_URL).hostname}:{urlsplit(ADMIN_URL).port}"
    if row and mark.is_file() and mark.read_text() == now:
        return
    _drop(admin, TEMPLATE)
    _manage("db_bootstrap")
    _manage("migrate", "--verbosity", "0")
    if (ROOT / "codes" / "migrations" / "0001_initial.py").is_file():
        _manage("load_icd10cm", "--bundled")
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(now)


def make_database(admin: psycopg.Connection) -> None:
    """This worker's own copy of the template, empty but for code sets and what migrations bring."""
    admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE])
    build_template(admin)
    _drop(admin, DATABASE)
    admin.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(DATABASE), sql.Identifier(TEMPLATE), sql.Identifier(PREFIX + "owner")
        )
    )
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
    for login in ("app", "worker", "migrator", "backup"):
        admin.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(DATABASE), sql.Identifier(PREFIX + login)
            )
        )
    admin.execute("SELECT pg_advisory_unlock(hashtext(%s))", [TEMPLATE])


def drop_database() -> None:
    with psycopg.connect(ADMIN_URL, autocommit=True) as admin:
        _drop(admin, DATABASE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Our own: Django would create the database with the application's login, which may not."""
    with psycopg.connect(ADMIN_URL, autocommit=True) as admin:
        make_database(admin)
    from accounts import system_setting

    system_setting.remember(system_setting.DEFAULTS, until=math.inf)
    yield
    from django.db import connections

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()
    drop_database()


def admin_connection(**kwargs: object) -> psycopg.Connection:
    """A superuser's connection to this worker's test database: for tampering, plans and clean-up."""
    return psycopg.connect(ADMIN_URL, dbname=DATABASE, **kwargs)  # type: ignore[arg-type]


KEEP = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "codes_",
    "accounts_role",
    "accounts_systemsetting",
    "claims_statetransition",
    "procrastinate_workers",
    "vocabulary",
)


_cleaner: psycopg.Connection | None = None


def truncate_tenants() -> None:
    """Empty everything but code sets and seeded reference rows, as the administrator with triggers off. Deleting from
    the few tables that were written is much faster than truncating all of them, and one connection for all tests
    than one for each."""
    global _cleaner
    if _cleaner is None or _cleaner.closed or _cleaner.broken:
        _cleaner = admin_connection(autocommit=True)
        _cleaner.execute("SET session_replication_role = replica")
    tables = _cleaner.execute(
        "SELECT c.relname, format('%I.%I', n.nspname, c.relname) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'audit') AND pg_relation_size(c.oid) > 0"
    ).fetchall()
    emptied = [qualified for name, qualified in tables if not name.startswith(KEEP)]
    _cleaner.execute("; ".join(f"DELETE FROM {qualified}" for qualified in emptied) or "SELECT 1")  # type: ignore[arg-type]
    _cleaner.execute("DELETE FROM accounts_role WHERE NOT is_system")  # composed by a test
    restore_settings(_cleaner)
    _cleaner.execute(
        "INSERT INTO accounts_securitypolicy (id, created_at, updated_at, minimum_length, character_classes, expiry_days,"
        " history, attempts, lock_minutes, idle_minutes, absolute_hours, second_factor_required, address_ranges)"
        " VALUES (%s, now(), now(), 12, 0, 0, 0, 5, 30, 30, 12, true, '{}')",
        [PLATFORM_POLICY_ID],
    )
    _cleaner.execute(
        "INSERT INTO accounts_user (id, email, first_name, last_name, role, is_active, is_first_login, is_system,"
        " created_at, updated_at) VALUES (%s, 'system@claimflow.invalid', 'ClaimFlow', '', 'admin', false, false,"
        " true, now(), now())",
        [SYSTEM_USER_ID],
    )
    _cleaner.execute(
        "INSERT INTO intelligence_modelversion (id, kind, rules, scorecard, adapter, model, state, proposed_by_id,"
        " activated_at, created_at, updated_at) VALUES ('00000000-0000-7000-8000-000000000002', 'rules', 'rules-3',"
        " 'scorecard-1', '', '', 'active', %s, now(), now(), now())",
        [SYSTEM_USER_ID],
    )


def restore_settings(cursor: psycopg.Connection) -> None:
    """Put back the system settings that a test changed. The process knows them without asking, so that no count of
    queries depends on when it asked last."""
    from accounts import system_setting

    changed = cursor.execute(
        "SELECT key FROM accounts_systemsetting WHERE changed_by_id IS NOT NULL"
    ).fetchall()
    for (key,) in changed:
        cursor.execute(
            "UPDATE accounts_systemsetting SET value = %s::jsonb, changed_by_id = NULL WHERE key = %s",
            [json.dumps(system_setting.DEFAULTS[key]), key],
        )
    system_setting.remember(system_setting.DEFAULTS, until=math.inf)


@pytest.fixture
def real_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Real transactions on this worker's database; every tenant table is emptied afterwards."""
    from django.db import connection

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        connection.close()
    truncate_tenants()
