"""Is the process alive, can it serve, and how is the database? Nothing here is secret: anybody may ask.

/healthz         the process answers; no database
/readyz          200 when the database answers and every migration is applied, else 503 with the reason
/api/health      the same as JSON
/api/health/db   JSON: connection, latency, migrations, the worker's lag and the seals' lag in seconds
"""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout

from claimflow.lib.db.context import acting_as
from claimflow.middleware.gate import own_steps

SQL = "SELECT migrations, worker_lag_seconds, worker_seen_seconds, seal_lag_seconds FROM ops.health()"


@dataclass(frozen=True)
class Health:
    """What the database said. Lags are seconds; ``worker_seen`` is None when no worker runs."""

    latency_ms: float
    applied: int
    pending: int
    worker_lag: float
    worker_seen: float | None
    seal_lag: float


@cache
def migrations_on_disk() -> frozenset[str]:
    """``app.name`` of every migration that this release brings; read once, as code does not change under a process."""
    loader = MigrationLoader(None)
    return frozenset(f"{app}.{name}" for app, name in loader.disk_migrations or {})


def ask() -> Health | None:
    """The database's health, or None when it gives no answer."""
    began = time.perf_counter()
    try:
        with acting_as("anonymous"), connection.cursor() as cursor:
            cursor.execute(SQL)
            applied, worker_lag, worker_seen, seal_lag = cursor.fetchone()
    except (DatabaseError, InterfaceError, PoolTimeout):
        connection.close()
        return None
    return Health(
        latency_ms=(time.perf_counter() - began) * 1000,
        applied=len(applied or ()),
        pending=len(migrations_on_disk() - set(applied or ())),
        worker_lag=worker_lag,
        worker_seen=worker_seen,
        seal_lag=seal_lag,
    )


def _reason(health: Health | None) -> str:
    """Why this process cannot serve; empty when it can."""
    if health is None:
        return _("The database does not answer.")
    if health.pending:
        return ngettext(
            "%(count)d migration is not applied.", "%(count)d migrations are not applied.", health.pending
        ) % {"count": health.pending}
    return ""


@require_safe
@own_steps
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@own_steps
def readyz(request: HttpRequest) -> HttpResponse:
    reason = _reason(ask())
    return HttpResponse(f"{reason or 'ok'}\n", content_type="text/plain", status=503 if reason else 200)


@require_safe
@own_steps
def api_health(request: HttpRequest) -> JsonResponse:
    reason = _reason(ask())
    status = "unavailable" if reason else "ok"
    return JsonResponse(
        {"status": status, **({"reason": reason} if reason else {})}, status=503 if reason else 200
    )


@require_safe
@own_steps
def api_health_db(request: HttpRequest) -> JsonResponse:
    health = ask()
    reason = _reason(health)
    body: dict[str, Any] = {"status": "unavailable" if reason else "ok", "connection": health is not None}
    if health is not None:
        body |= {
            "latency_ms": round(health.latency_ms, 1),
            "migrations": {"applied": health.applied, "pending": health.pending},
            "worker": {
                "lag_seconds": round(health.worker_lag, 1),
                "last_seen_seconds": _rounded(health.worker_seen),
            },
            "seal": {"lag_seconds": round(health.seal_lag, 1)},
        }
    return JsonResponse(body, status=503 if reason else 200)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
