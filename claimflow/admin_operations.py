"""The administrator's page about the machinery: jobs, seals, partitions, tables, slow statements, sessions, disk.

Names of tables, counts, sizes and times only, no health data. What each part should look like is in docs/operations.md.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Session
from accounts.presenters import SIDES
from audit.actions import record
from audit.actions.seal import LATE, SealState, seal_state
from audit.enums import Action, Detail, Outcome, SubjectKind

SLOW_MS = 100
MOST_TABLES = 20
MONTHS_AHEAD = 2
COMMANDS = uuid.UUID("019aa000-0000-7000-8000-6a6f62730000")  # the subject of every retry in the trail
STATES: tuple[tuple[str, str | Promise], ...] = (
    ("todo", _("waiting")),
    ("doing", _("running")),
    ("succeeded", _("done")),
    ("failed", _("failed")),
    ("aborted", _("given up")),
    ("cancelled", _("cancelled")),
)
TABLES = """
    SELECT s.schemaname || '.' || s.relname, s.n_live_tup, s.n_dead_tup, pg_table_size(s.relid),
           pg_indexes_size(s.relid), greatest(s.last_vacuum, s.last_autovacuum),
           greatest(s.last_analyze, s.last_autoanalyze)
    FROM pg_stat_user_tables AS s ORDER BY pg_total_relation_size(s.relid) DESC, 1 LIMIT %s
"""
INDEXES = """
    SELECT s.schemaname || '.' || s.indexrelname, s.idx_scan, pg_relation_size(s.indexrelid), i.indisunique
    FROM pg_stat_user_indexes AS s JOIN pg_index AS i ON i.indexrelid = s.indexrelid
    ORDER BY pg_relation_size(s.indexrelid) DESC, 1 LIMIT %s
"""
PARTITIONS = """
    SELECT c.relname, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)
    FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'audit' AND c.relkind = 'r' ORDER BY 1
"""
DATABASE = """
    SELECT (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c WHERE c.relkind IN ('r', 'm')),
           (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
           current_setting('max_connections')::int, current_setting('server_version')
"""
SLOW = "SELECT statement, calls, mean_ms, longest_ms, total_ms FROM ops.slow_statements(%s)"


@dataclass(frozen=True)
class Disk:
    """A folder that this process writes to, and its file system, in bytes."""

    folder: str
    free: int
    total: int

    @property
    def tone(self) -> str:
        share = self.free / self.total if self.total else 0
        return "urgent" if share < 0.05 else "warning" if share < 0.15 else "good"


def page() -> dict[str, Any]:
    """Everything the page shows. ``slow`` is None when the server does not count statements."""
    seals = seal_state()
    partitions = _rows(PARTITIONS, [], "name rows bytes")
    size, connections, most, version = _query(DATABASE, [])[0]
    return {
        "job_states": _job_states(),
        "failed_jobs": _failed_jobs(),
        "seals": seals,
        "seals_tone": _seals_tone(seals),
        "verified_well": seals.verified_outcome == Outcome.SUCCESS,
        "partitions": partitions,
        "missing_partitions": missing_partitions({row["name"] for row in partitions}, timezone.now()),
        "tables": _rows(TABLES, [MOST_TABLES], "name live dead bytes index_bytes vacuumed analyzed"),
        "indexes": _rows(INDEXES, [MOST_TABLES], "name scans bytes is_unique"),
        "slow": slow_statements(),
        "slow_ms": SLOW_MS,
        "sessions": _sessions(),
        "database": {"bytes": size, "connections": connections, "most": most, "version": version},
        "disks": _disks(),
    }


def _query(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _rows(sql: str, values: list[Any], names: str) -> list[dict[str, Any]]:
    return [dict(zip(names.split(), row, strict=True)) for row in _query(sql, values)]


def slow_statements(above_ms: int = SLOW_MS) -> list[dict[str, Any]] | None:
    """Statements whose mean is above so many milliseconds, without values; None when nobody counts them."""
    found = _rows(SLOW, [above_ms], "statement calls mean_ms longest_ms total_ms")
    return None if found and found[0]["statement"] is None else found


# --- Jobs ---------------------------------------------------------------------------------------------------


def _job_states() -> list[tuple[str | Promise, int]]:
    counted: Mapping[str, int] = dict(
        ProcrastinateJob.objects.order_by().values_list("status").annotate(n=Count("pk"))
    )
    return [(words, counted[state]) for state, words in STATES if state in counted]


def _failed_jobs() -> list[dict[str, Any]]:
    return list(
        ProcrastinateJob.objects.filter(status="failed")
        .values("task_name")
        .annotate(n=Count("pk", distinct=True), last=Max("procrastinateevent__at"))
        .order_by("-n", "task_name")
    )


def retry_failed(*, name: str) -> int:
    """Put every failed job of this name back into the queue, up to a thousand; for the administrator. Returns how
    many; nothing is recorded for none."""
    [(again,)] = _query("SELECT jobs.retry_failed(%s)", [name])
    if again:
        record(
            Action.JOBS_RETRIED,
            SubjectKind.COMMAND,
            COMMANDS,
            details={Detail.COMMAND: name, Detail.ROWS: again},
        )
    return int(again)


# --- The rest -----------------------------------------------------------------------------------------------


def _seals_tone(state: SealState) -> str:
    if not state.batch or state.lag > LATE:
        return "urgent"
    return "good" if state.verified_outcome == Outcome.SUCCESS else "warning"


def missing_partitions(there: set[str], now: datetime) -> list[str]:
    """The partitions of the trail that should stand: this month's and those of the next two."""
    months = [now.year * 12 + now.month - 1 + step for step in range(MONTHS_AHEAD + 1)]
    wanted = [
        f"{parent}_{month // 12:04d}_{month % 12 + 1:02d}"
        for parent in ("access", "event")
        for month in months
    ]
    return [name for name in wanted if name not in there]


def _sessions() -> list[tuple[str | Promise, int]]:
    """How many people of each side are signed in."""
    live = Session.objects.filter(user__isnull=False, expire_date__gt=timezone.now())
    counted = live.order_by("user__role").values_list("user__role").annotate(n=Count("pk"))
    return [(SIDES.get(side, side), n) for side, n in counted]


def _disks() -> list[Disk]:
    """The file systems of the program and of the copies of the seals, each once."""
    found: dict[int, Disk] = {}
    for folder in (Path(settings.BASE_DIR), Path(settings.AUDIT_COPY_DIR)):
        if folder.is_dir():
            usage = shutil.disk_usage(folder)
            found.setdefault(folder.stat().st_dev, Disk(folder.name, usage.free, usage.total))
    return list(found.values())
