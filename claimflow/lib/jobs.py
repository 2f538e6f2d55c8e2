"""Background jobs: procrastinate behind one façade, so that another queue would be one file (ruling 11).

    @jobs.job("notify_decision")
    def notify_decision(claim_id: str) -> None: ...      # runs in the worker, as system, purpose "notify_decision"

    jobs.enqueue("notify_decision", claim_id=claim.id)    # inside the caller's transaction; ids only, never health data

Every app keeps its jobs in ``jobs.py``; they are found at start.
"""

import contextlib
import functools
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import procrastinate
from django.db import connection
from procrastinate.contrib.django import app as queue

from claimflow.lib.db.context import acting_as


@dataclass(frozen=True, slots=True)
class Turn:
    """When a job gets its turn: ``late`` ones when nothing else waits, ``alone`` ones one at a time."""

    late: bool
    alone: bool


_names: dict[str, Turn] = {}
_loops: dict[str, Callable[[threading.Event], None]] = {}
SILENT_SECONDS = 120  # a worker says every ten seconds that it lives
MOST_TRIES = 10  # a job that has brought down so many workers is given up
DAYS_KEPT = 14
LATE = -10
"""Priority in the queue of what may wait; the usual one is 0."""
RETRY = procrastinate.RetryStrategy(max_attempts=5, exponential_wait=4)


def job(
    name: str, *, cron: str | None = None, opens_own: bool = False, late: bool = False, alone: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a job. ``cron`` (five fields, or six with seconds last) makes it periodic as well. A failed job is
    tried five more times with growing pauses; twice must be harmless. ``opens_own``: the job opens its contexts
    itself, because it waits for another machine between two of them and must hold no transaction meanwhile. ``late``:
    every other job goes first. ``alone``: at most one place of all workers serves it, so that others keep theirs."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(
            timestamp: int = 0, **arguments: Any
        ) -> None:  # the queue tells a periodic job when it was due
            with contextlib.nullcontext() if opens_own else acting_as("system", name):
                function(**arguments)

        _names[name] = Turn(late, alone)
        task = queue.task(name=name, retry=RETRY)(run)
        if cron:
            queue.periodic(cron=cron, periodic_id=name)(task)
        return function

    return register


def loop(name: str) -> Callable[[Callable[[threading.Event], None]], Callable[[threading.Event], None]]:
    """Register a cycle that the worker runs in a thread of its own until the event is set: for what comes too often
    to be a row in the queue. It opens its own contexts and outlives its own errors."""

    def register(function: Callable[[threading.Event], None]) -> Callable[[threading.Event], None]:
        _loops[name] = function
        return function

    return register


@contextlib.contextmanager
def running_loops() -> Iterator[None]:
    """Every registered cycle runs while the block does."""
    stop = threading.Event()
    threads = [threading.Thread(target=each, args=(stop,), name=name) for name, each in _loops.items()]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def names() -> list[str]:
    """Names of every registered job, sorted."""
    return sorted(_names)


def turns() -> list[tuple[str, int, str | None]]:
    """Each registered job with its priority in the queue and its lock, as the database keeps them."""
    return [
        (name, LATE if turn.late else 0, name if turn.alone else None)
        for name, turn in sorted(_names.items())
    ]


def enqueue(name: str, **ids: uuid.UUID | int) -> None:
    """Put a job into the queue with the caller's transaction: it runs only if that commits. Raises ``ValueError``
    for an unknown name."""
    if name not in _names:
        raise ValueError(f"there is no job called {name!r}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jobs.enqueue(%s, %s::jsonb)",
            [name, json.dumps({key: str(value) for key, value in ids.items()})],
        )


def is_waiting(name: str) -> bool:
    """Whether a job of this name waits or runs now. For the system, which may look into the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing'))",
            [name],
        )
        return bool(cursor.fetchone()[0])


# --- The queue's own upkeep -------------------------------------------------------------------------------------


@job("retry_stalled", cron="* * * * *")
def retry_stalled() -> None:
    """Jobs that a killed worker left in the middle wait again."""
    _call("SELECT jobs.retry_stalled(%s, %s)", SILENT_SECONDS, MOST_TRIES)


@job("forget_done", cron="37 3 * * *")
def forget_done() -> None:
    """Jobs that are long over are deleted; failed ones stay until somebody has looked at them."""
    _call("SELECT jobs.forget_done(%s)", DAYS_KEPT)


def _call(sql: str, *values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
