"""Sealing: what the trail held at a moment, signed, so that a later rewrite shows (performance.md section 4).

A window is the rows of the transaction ids [lo, hi): lo is where the last one ended, hi the oldest
transaction that still runs. Nothing below hi can appear any more, so a window is complete for ever and no
row is touched to seal it. Seals form the only chain over all organizations, one row a second at most.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import threading
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from audit.actions import signing
from audit.actions.copies import copy_new
from audit.models import Checkpoint
from claimflow.lib.db.context import acting_as

logger = logging.getLogger("claimflow.audit.seal")

EVERY = 1.0  # seconds
HEARTBEAT = dt.timedelta(minutes=10)  # an empty window is sealed this often, to show that the sealer lives
LATE = dt.timedelta(minutes=5)  # a row that waits longer is worth an alarm
GENESIS = hashlib.sha256(b"").digest()
LOCK = 7_261_017

WINDOW = """
SELECT bound.hi, e.n, e.digest, a.n, a.digest
FROM (SELECT coalesce(%(hi)s, pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AS hi) AS bound,
LATERAL (
    SELECT count(*) AS n, sha256(coalesce(string_agg(row_hash, ''::bytea ORDER BY id), '')) AS digest
    FROM audit.event WHERE cluster = %(cluster)s AND xid >= %(lo)s AND xid < bound.hi
) AS e,
LATERAL (
    SELECT count(*) AS n, sha256(coalesce(string_agg(row_hash, ''::bytea ORDER BY id), '')) AS digest
    FROM audit.access WHERE cluster = %(cluster)s AND xid >= %(lo)s AND xid < bound.hi
) AS a
"""
END_OF_CLUSTER = """
SELECT max(xid) + 1 FROM (
    SELECT xid FROM audit.event WHERE cluster = %(cluster)s AND xid >= %(lo)s
    UNION ALL
    SELECT xid FROM audit.access WHERE cluster = %(cluster)s AND xid >= %(lo)s
) AS unsealed
"""


class Window(NamedTuple):
    """What a checkpoint says about the rows of [lo, hi): how many, and SHA-256 over their hashes in order
    of id."""

    cluster: int
    lo: int
    hi: int
    event_count: int
    event_hash: bytes
    access_count: int
    access_hash: bytes


@dataclass(frozen=True)
class SealState:
    """The last seal, what waits for the next, the last verification; None where there was none yet."""

    batch: int | None
    sealed_at: dt.datetime | None
    unsealed: int
    oldest_unsealed: dt.datetime | None
    verified_at: dt.datetime | None
    verified_outcome: str | None
    verified_details: dict[str, Any] | None

    @property
    def lag(self) -> dt.timedelta:
        """How long the oldest row has been waiting for its seal."""
        return timezone.now() - self.oldest_unsealed if self.oldest_unsealed else dt.timedelta()


def seal_state() -> SealState:
    """Readable to auditors, administrators and the system."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit.seal_state()")
        facts = list(cursor.fetchone())
        facts[-1] = json.loads(facts[-1]) if facts[-1] else None  # raw cursors give JSON as text
        return SealState(*facts)


def seal_once() -> Checkpoint | None:
    """Seal the window that is complete now; None when nothing happened since the last one, or another
    sealer is at it. The copy outside the database is written as soon as the seal is committed."""
    with acting_as("system", "seal"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s), system_identifier FROM pg_control_system()", [LOCK]
        )
        is_ours, cluster = cursor.fetchone()
        if not is_ours:
            return None
        last = Checkpoint.objects.order_by("batch").last()
        if last is not None and last.cluster != cluster:
            last = _close_epoch(last)
        sealed = _seal(last, cluster)
        if sealed is not None:
            transaction.on_commit(copy_new)
        return sealed


def seal_until(stop: threading.Event, *, every: float = EVERY) -> None:
    """The cycle: seal, wait, again, until `stop`. A failure is logged and tried again; rows wait meanwhile
    and lose nothing, and the lag shows on the auditor's page."""
    while not stop.is_set():
        try:
            seal_once()
        except Exception:
            logger.exception("sealing failed; trying again")
            connection.close()
        stop.wait(every)
    connection.close()


def _close_epoch(last: Checkpoint) -> Checkpoint:
    """After a restore into another cluster ids start afresh: what the old one left unsealed gets a last
    window."""
    logger.warning("another cluster: epoch %d ends with checkpoint %d", last.epoch, last.batch)
    with connection.cursor() as cursor:
        cursor.execute(END_OF_CLUSTER, {"cluster": last.cluster, "lo": last.hi})
        hi = cursor.fetchone()[0]
    return last if hi is None else _write(last, last.epoch, _window(last.cluster, last.hi, hi))


def _seal(last: Checkpoint | None, cluster: int) -> Checkpoint | None:
    is_same = last is not None and last.cluster == cluster
    earlier = Checkpoint.objects.filter(cluster=cluster).aggregate(end=Max("hi"))["end"]
    window = _window(cluster, earlier or 0)
    is_due = last is None or not is_same or timezone.now() - last.at > HEARTBEAT
    if window.hi <= window.lo or not (window.event_count or window.access_count or is_due):
        return None
    epoch = 1 if last is None else last.epoch + (not is_same)
    return _write(last, epoch, window)


def _window(cluster: int, lo: int, hi: int | None = None) -> Window:
    """The window from `lo` to `hi`, or to the oldest transaction that still runs; all of one snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(WINDOW, {"cluster": cluster, "lo": lo, "hi": hi})
        return Window(cluster, lo, *cursor.fetchone())


def _write(last: Checkpoint | None, epoch: int, window: Window) -> Checkpoint:
    checkpoint = Checkpoint(
        batch=last.batch + 1 if last else 1,
        epoch=epoch,
        at=timezone.now(),
        previous_seal=bytes(last.seal) if last else GENESIS,
        **window._asdict(),
    )
    checkpoint.seal = checkpoint.computed_seal()
    checkpoint.key_id = signing.keys().current
    checkpoint.signature = signing.keys().sign(checkpoint.seal)
    columns = [field.attname for field in Checkpoint._meta.concrete_fields]
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit.checkpoint ({', '.join(columns)}) VALUES ({places})",  # noqa: S608  # names of our own columns  # nosec B608
            [getattr(checkpoint, column) for column in columns],
        )
    return checkpoint
