"""Copies of the seals outside the database: JSON lines in AUDIT_COPY_DIR, one file a month, appended and
synced.

Put the directory on another machine, or on a file system that only appends. A line also lists number and
hash of every event of its window, so that the verifier can name the very row that was changed, and not only
its window.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.models import Checkpoint, Event
from claimflow.lib.db.context import acting_as

Line = dict[str, Any]
AT_ONCE = 100  # checkpoints read in one transaction


def read_all() -> Iterator[tuple[str, Line | None]]:
    """(place, line) of every copy in the order of writing; None where a line is not readable."""
    for path in _files():
        with path.open("rb") as lines:
            for number, text in enumerate(lines, start=1):
                yield f"{path.name} line {number}", _parse(text)


def copy_new() -> int:
    """Append every checkpoint that has no copy yet and return how many. A sealer that was killed between
    its commit and its copy is made good by the next. OSError when the directory cannot be written."""
    copied = 0
    with _locked():
        last = _last_batch()
        while True:
            with acting_as("system", "seal"):
                found = Checkpoint.objects.filter(batch__gt=last).order_by("batch")[:AT_ONCE]
                lines = [_line(checkpoint) for checkpoint in found]
            if not lines:
                return copied
            _append(lines)
            last, copied = lines[-1]["batch"], copied + len(lines)


def begin_anew(moment: dt.datetime) -> str | None:
    """Lay the copies there are aside, into a folder of their own, and return its name; None when there are none. For a
    database that was restored for use: what its seals say from now on is another story than that of the lost one,
    whose last copies stay to show what was lost."""
    with _locked():
        found = _files()
        if not found:
            return None
        aside = _folder() / f"before-restore-{moment:%Y%m%d-%H%M%S}"
        aside.mkdir()
        for path in found:
            path.rename(aside / path.name)
        _sync_folder()
    return aside.name


def _line(checkpoint: Checkpoint) -> Line:
    events = Event.objects.filter(cluster=checkpoint.cluster, xid__gte=checkpoint.lo, xid__lt=checkpoint.hi)
    rows = events.order_by("id").values_list("id", "row_hash")
    return {
        **checkpoint.facts(),
        "seal": bytes(checkpoint.seal).hex(),
        "signature": bytes(checkpoint.signature).hex(),
        "key_id": checkpoint.key_id,
        "events": [[number, bytes(row_hash).hex()] for number, row_hash in rows],
    }


def _append(lines: list[Line]) -> None:
    for line in lines:
        path = _folder() / f"seals-{line['at'][:7]}.jsonl"
        is_new = not path.exists()
        with path.open("ab") as file:
            if file.tell() and not _ends_a_line(path):
                file.write(b"\n")  # a line that a kill cut short stays as it is; nothing is ever rewritten
            file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            _sync_folder()


def _last_batch() -> int:
    for path in reversed(_files()):
        size, block = path.stat().st_size, 1 << 16
        while True:
            with path.open("rb") as file:
                file.seek(max(0, size - block))
                texts = file.read().split(b"\n")
            whole = texts if block >= size else texts[1:]
            for line in map(_parse, reversed(whole)):
                if line:
                    return int(line["batch"])
            if block >= size:
                break
            block *= 4
    return 0


def _parse(text: bytes) -> Line | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) and isinstance(line.get("batch"), int) else None


def _folder() -> Path:
    return Path(settings.AUDIT_COPY_DIR)


def _files() -> list[Path]:
    return sorted(_folder().glob("seals-*.jsonl"))


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _sync_folder() -> None:
    descriptor = os.open(_folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
