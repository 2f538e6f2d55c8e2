"""What must be true before a process serves: asked once at the start of the web process and of the worker.

Each fault is one sentence on standard error that says what to do. Nothing is mended here; migrations in particular
never run by themselves. The questions to the database are asked in ``system``, purpose ``start`` (ruling 4).
"""

import base64
import binascii
import sys
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from psycopg_pool import PoolTimeout

from claimflow.lib.db.context import acting_as
from claimflow.lib.keys import parse_ring

# gunicorn stops when a worker leaves with this status instead of starting it again for ever.
EXIT_STATUS = 3
SHORTEST_SECRET = 50
LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
RINGS = ("CONTEXT_KEYS", "PHI_KEYS", "PHI_INDEX_KEYS")

Check = Callable[[], Iterator[str]]
_further: list[Check] = []


def also(check: Check) -> Check:
    """Register a question that an app asks of the database at the start; it yields a sentence for each fault."""
    _further.append(check)
    return check


def require() -> None:
    """Return if all is well; otherwise say every fault and leave with ``EXIT_STATUS``."""
    found = list(faults())
    if found:
        print(
            "ClaimFlow does not start:",
            *(f"- {fault}" for fault in found),
            sep="\n",
            file=sys.stderr,
            flush=True,
        )
        raise SystemExit(EXIT_STATUS)


def faults() -> Iterator[str]:
    """Every fault, a sentence each. The database is asked only when the settings allow it."""
    found = list(_settings())
    yield from found or _database()


def _settings() -> Iterator[str]:
    if settings.CLAIMFLOW_ENV not in {"production", "demo", "development", "test"}:
        yield "CLAIMFLOW_ENV must be production, demo, development or test."
    if settings.DEBUG and settings.CLAIMFLOW_ENV in {"production", "demo"}:
        yield f"DEBUG must be off when CLAIMFLOW_ENV is {settings.CLAIMFLOW_ENV}."
    if len(settings.SECRET_KEY) < SHORTEST_SECRET or len(set(settings.SECRET_KEY)) < 5:
        yield f"SECRET_KEY must be set to at least {SHORTEST_SECRET} random characters."
    for name in RINGS:
        try:
            parse_ring(getattr(settings, name), name=name)
        except ImproperlyConfigured as error:
            yield str(error)
    if not _is_key(settings.AUDIT_SIGNING_KEY):
        yield "AUDIT_SIGNING_KEY must be the base64 of exactly 32 bytes."
    if settings.CLAIMFLOW_ENV == "production":
        yield from _production()


def _production() -> Iterator[str]:
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS must name the hosts of this installation, not *."
    database = settings.DATABASES["default"]
    host, mode = str(database.get("HOST") or ""), database["OPTIONS"].get("sslmode", "")
    if host not in LOOPBACK and not host.startswith("/") and mode != "verify-full":
        yield (
            "The connection to the database on another host must be encrypted and its certificate checked:"
            " set DB_SSL_ENABLED=true and DB_SSL_CA."
        )


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except (ValueError, binascii.Error):
        return False


def _database() -> Iterator[str]:
    try:
        found = list(_login())
        if not found:
            with acting_as("system", "start"):
                found = [*_migrations(), *_context()] or [fault for check in _further for fault in check()]
        yield from found
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        yield f"The database does not answer as it should: {str(error).strip().splitlines()[0]}"
    finally:
        connection.close()


def _login() -> Iterator[str]:
    """The login of this process must not be able to get past the policies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = session_user"
        )
        name, superuser, bypasses, owns = cursor.fetchone()
    if superuser:
        yield f"The database login {name} is a superuser, which no policy holds. Use the application's login."
    elif bypasses:
        yield f"The database login {name} has BYPASSRLS, so no policy holds it. Use the application's login."
    elif owns:
        yield f"The database login {name} owns tables. Use the application's login, which owns nothing."


def _migrations() -> Iterator[str]:
    loader = MigrationLoader(connection)
    missing = sorted(set(loader.disk_migrations or ()) - set(loader.applied_migrations or ()))
    if missing:
        first = ".".join(missing[0])
        yield (
            f"{len(missing)} migrations are not applied, the first is {first}."
            " Run manage.py migrate with the migrator's login."
        )


def _context() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctx.kind()")
        (kind,) = cursor.fetchone()
    if kind != "system":
        yield "The database does not know the first of CONTEXT_KEYS. Run manage.py migrate with the same keys."
