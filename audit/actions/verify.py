"""Verifying: is the trail what was written? (security.md section 5)

Five questions, answered over whole sets: does every row still have its hash; does every chain count on
without a gap and end where its head says; are the seals one chain with good signatures; do the copies
outside say the same; does every sealed window hold what was sealed. The hashes are computed by expressions
that come from here, not by functions of a database that could have been taught to lie.

Upper apps add questions of their own: `@verify.register("claims")`. Each question has its own context,
because a signed context ends after some seconds.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from audit.actions import copies, signing
from audit.actions.findings import Finding, Report
from audit.actions.record import record
from audit.actions.seal import GENESIS, LATE, seal_state
from audit.enums import Action, Detail, Outcome, Severity, SubjectKind
from audit.models import Checkpoint
from audit.sql import questions
from claimflow.lib.db.context import acting_as

TRAIL = UUID(
    "00000000-0000-7000-8000-0000000000a1"
)  # the subject of events about the trail; also in schema.sql
SHOWN = 20  # findings of one question that are told one by one

CrossCheck = Callable[[], Iterable[Finding]]
_cross_checks: dict[str, CrossCheck] = {}


def register(name: str) -> Callable[[CrossCheck], CrossCheck]:
    """Add an upper app's question, e.g. whether each claim's state is that of its last event. It runs as
    the system with the purpose `cross_check` and yields findings."""

    def add(check: CrossCheck) -> CrossCheck:
        _cross_checks[name] = check
        return check

    return add


def verify(*, from_checkpoint: int = 0, is_restored: bool = False) -> Report:
    """Ask everything: from the beginning, or about what was sealed after a checkpoint that is already
    trusted. ValueError when there is no such checkpoint. In a database restored from a backup, seals that only the
    copies have because they are younger than the backup are counted and no fault."""
    report = Report(since=from_checkpoint, started_at=timezone.now())
    with acting_as("system", "verify"):
        _without_limits()
        seals = list(Checkpoint.objects.order_by("batch"))
        report.unsealed = seal_state().unsealed
    if from_checkpoint and not any(seal.batch == from_checkpoint for seal in seals):
        raise ValueError(f"There is no checkpoint {from_checkpoint}.")
    copied = _read_copies(report)
    asked = [seal for seal in seals if seal.batch > from_checkpoint]
    since = _since([seal for seal in seals if seal.batch <= from_checkpoint])
    report.checkpoints = len(asked)
    # Generators: nothing is asked before its own context is open.
    for question in (
        _contents(since),
        _chains(since, is_whole=not from_checkpoint),
        _seals(seals, from_checkpoint),
        _against_copies(seals, _until(seals, copied, report) if is_restored else copied, from_checkpoint),
        _windows(asked, copied),
        _strangers(seals),
    ):
        with acting_as("system", "verify"):
            _without_limits()
            report.findings += question
    with acting_as("system", "verify"):
        report.findings += _count(report, since)
    for name, check in _cross_checks.items():
        with acting_as("system", "cross_check"):
            report.findings += [replace(finding, check=name) for finding in check()]
    return report


def verify_and_record() -> Report:
    """Verify from the beginning and record the result in the trail."""
    report = verify()
    record(
        Action.AUDIT_VERIFIED,
        SubjectKind.AUDIT,
        TRAIL,
        outcome=Outcome.SUCCESS if report.is_good else Outcome.FAILURE,
        severity=Severity.INFO if report.is_good else Severity.CRITICAL,
        details={
            Detail.CHECKPOINT: report.checkpoints,
            Detail.EVENTS: report.events,
            Detail.ACCESSES: report.accesses,
            Detail.FINDINGS: len(report.errors),
        },
    )
    return report


# Rows and chains


def _contents(since: str) -> Iterator[Finding]:
    for table, row_hash in questions.HASHES.items():
        for (number,) in _rows(questions.CONTENTS, table=f"audit.{table}", since=since, hash=row_hash):
            sentence = f"{table.title()} {number} was changed after it was written."
            yield Finding("contents", sentence, row=number)


def _chains(since: str, *, is_whole: bool) -> Iterator[Finding]:
    for number, kind, subject, seq, fault in _rows(questions.LINKS, since=since):
        chain = f"the chain of {kind} {subject}"
        sentence = {
            "gap": f"Before event {number} (number {seq} of {chain}) at least one event is missing.",
            "double": f"Event {number} has number {seq} of {chain}, which is already taken.",
            "broken": f"Event {number} (number {seq} of {chain}) does not continue the event before it.",
            "clock": f"Event {number} (number {seq} of {chain}) is earlier than the event before it.",
        }[fault]
        yield Finding("chain", sentence, row=number, is_warning=fault == "clock")
    join = "FULL" if is_whole else "LEFT"
    for number, kind, subject, last, head in _rows(questions.HEADS, since=since, join=join):
        ends = f"event {number} (number {last})" if number else "nothing"
        says = "another hash" if last == head else f"number {head}" if head else "nothing"
        sentence = f"The chain of {kind} {subject} ends with {ends}, its head says {says}."
        yield Finding("head", sentence, row=number if last and last >= (head or 0) else None)


def _strangers(seals: list[Checkpoint]) -> Iterator[Finding]:
    clusters = sorted({seal.cluster for seal in seals})
    for table in ("event", "access"):
        for (number,) in _rows(questions.STRANGERS, {"clusters": clusters}, table=f"audit.{table}"):
            yield Finding("windows", f"{table.title()} {number} names a cluster without seals.", row=number)


def _count(report: Report, since: str) -> Iterator[Finding]:
    _without_limits()
    report.events, report.accesses, astray = _rows(questions.COUNTS, since=since)[0]
    if astray:
        yield Finding("partitions", f"{astray} rows lie in a default partition.", is_warning=True)
    state = seal_state()
    if state.lag > LATE:
        sentence = f"The oldest of {state.unsealed} unsealed rows waits since {state.oldest_unsealed}."
        yield Finding("seals", sentence, is_warning=True)


# Seals, their copies and what they cover


def _seals(seals: list[Checkpoint], since: int) -> Iterator[Finding]:
    keys = signing.keys()
    previous, ends = GENESIS, dict[int, int]()
    for number, seal in enumerate(seals, start=1):
        faults = []
        if seal.batch != number:
            faults.append(f"Checkpoint {number} is missing.")
        if bytes(seal.seal) != seal.computed_seal():
            faults.append(f"Checkpoint {seal.batch} was changed after it was sealed.")
        if bytes(seal.previous_seal) != previous:
            faults.append(f"Checkpoint {seal.batch} does not continue the checkpoint before it.")
        if seal.lo != ends.get(seal.cluster, 0):
            faults.append(f"Checkpoint {seal.batch} does not begin where the one before it ended.")
        if seal.batch > since and not keys.is_signed(bytes(seal.seal), bytes(seal.signature), seal.key_id):
            faults.append(f"Checkpoint {seal.batch} is not signed by a key in AUDIT_SIGNING_KEY.")
        yield from (Finding("seals", sentence, batch=seal.batch) for sentence in faults)
        if seal.batch != number:
            return  # what follows would only repeat it
        previous, ends[seal.cluster] = bytes(seal.seal), seal.hi


def _read_copies(report: Report) -> dict[int, copies.Line]:
    found: dict[int, copies.Line] = {}
    for place, line in copies.read_all():
        if line is None:
            sentence = f"{place} of the copies is not readable."
            report.findings.append(Finding("copies", sentence, is_warning=True))
            continue
        report.copies += 1
        first = found.setdefault(line["batch"], line)
        if first is not line and first["seal"] != line["seal"]:
            sentence = f"The copies hold two different checkpoints {line['batch']}."
            report.findings.append(Finding("copies", sentence, batch=line["batch"]))
    return found


def _until(seals: list[Checkpoint], copied: dict[int, copies.Line], report: Report) -> dict[int, copies.Line]:
    """The copies up to the newest seal that is here; of later ones the report says how many there are."""
    newest = max((seal.batch for seal in seals), default=0)
    if later := [batch for batch in copied if batch > newest]:
        sentence = (
            f"{len(later)} checkpoints in the copies, up to {max(later)}, were sealed after this backup."
        )
        report.findings.append(Finding("copies", sentence, is_warning=True))
    return {batch: line for batch, line in copied.items() if batch <= newest}


def _against_copies(seals: list[Checkpoint], copied: dict[int, copies.Line], since: int) -> Iterator[Finding]:
    if not copied:
        if seals:
            sentence = "There are no copies of the seals in AUDIT_COPY_DIR to compare with."
            yield Finding("copies", sentence, is_warning=True)
        return
    stored = {seal.batch: seal for seal in seals}
    newest = max(copied)
    for batch in sorted({*copied, *stored}):
        if batch <= since:
            continue
        if batch not in stored:
            yield Finding(
                "copies", f"Checkpoint {batch} is in the copies but not in the database.", batch=batch
            )
        elif batch not in copied:
            sentence = f"Checkpoint {batch} has no copy outside the database."
            yield Finding("copies", sentence, batch=batch, is_warning=batch > newest)
        elif copied[batch]["seal"] != bytes(stored[batch].seal).hex():
            yield Finding("copies", f"Checkpoint {batch} differs from its copy.", batch=batch)


def _windows(seals: list[Checkpoint], copied: dict[int, copies.Line]) -> Iterator[Finding]:
    by_cluster: dict[int, list[Checkpoint]] = defaultdict(list)
    for seal in seals:
        by_cluster[seal.cluster].append(seal)
    for cluster, windows in by_cluster.items():
        windows.sort(key=lambda seal: seal.lo)
        bounds = {
            "cluster": cluster,
            "batches": [seal.batch for seal in windows],
            "los": [seal.lo for seal in windows],
            "lo": windows[0].lo,
            "hi": windows[-1].hi,
        }
        for table in ("event", "access"):
            found = {row[0]: row[1:] for row in _rows(questions.WINDOWS, bounds, table=f"audit.{table}")}
            for seal in windows:
                count, digest, first, last = found.get(seal.batch, (0, GENESIS, None, None))
                sealed = getattr(seal, f"{table}_count"), bytes(getattr(seal, f"{table}_hash"))
                if (count, bytes(digest)) != sealed:
                    yield from _bad_window(table, seal, count, sealed[0], first, last, copied.get(seal.batch))


def _bad_window(
    table: str,
    seal: Checkpoint,
    count: int,
    expected: int,
    first: int | None,
    last: int | None,
    copy: copies.Line | None,
) -> Iterator[Finding]:
    named = list(_named(seal, copy)) if table == "event" and copy else []
    yield from named
    what = {"event": "events", "access": "accesses"}[table]
    between = f", the ones there are {first} to {last}" if first is not None else ""
    same = ", but not the same" if count == expected else ""
    sentence = (
        f"Checkpoint {seal.batch} sealed {expected} {what} at {seal.at:%Y-%m-%d %H:%M:%S} UTC;"
        f" now {count} are there{same}{between}."
    )
    yield Finding("windows", sentence, row=None if named else first, batch=seal.batch)


def _named(seal: Checkpoint, copy: copies.Line) -> Iterator[Finding]:
    """The very rows that differ, if the copy's list of rows is the one that was sealed."""
    listed = dict(copy.get("events", []))
    digest = hashlib.sha256(b"".join(bytes.fromhex(listed[number]) for number in sorted(listed)))
    if digest.hexdigest() != bytes(seal.event_hash).hex():
        return
    window = {"cluster": seal.cluster, "lo": seal.lo, "hi": seal.hi}
    present = dict(_rows(questions.WINDOW_ROWS, window))
    for number in sorted({*listed, *present}):
        if number not in present:
            sentence = f"Event {number} was removed after checkpoint {seal.batch} sealed it."
        elif number not in listed:
            sentence = f"Event {number} was put in after checkpoint {seal.batch} was sealed."
        elif listed[number] != present[number]:
            sentence = f"Event {number} was rewritten after checkpoint {seal.batch} sealed it."
        else:
            continue
        yield Finding("windows", sentence, row=number, batch=seal.batch)


# Asking


def _since(trusted: list[Checkpoint]) -> str:
    """The condition for rows that no trusted checkpoint covers; numbers only, from our own table."""
    ends: dict[int, int] = {}
    for seal in trusted:
        ends[seal.cluster] = max(seal.hi, ends.get(seal.cluster, 0))
    if not ends:
        return "true"
    if len(ends) == 1:
        return f"e.xid >= {int(next(iter(ends.values())))}"
    parts = (f"NOT (e.cluster = {int(cluster)} AND e.xid < {int(hi)})" for cluster, hi in ends.items())
    return " AND ".join(parts)


def _rows(sql: str, values: dict[str, Any] | None = None, **parts: str) -> list[tuple[Any, ...]]:
    text = sql
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    with connection.cursor() as cursor:
        cursor.execute(text, {"shown": SHOWN, **(values or {})})
        return list(cursor.fetchall())


def _without_limits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '128MB'")
