"""Which backups go: each day keeps its newest once the day is over, and only the newest days stay."""

import datetime as dt
import re
from pathlib import Path

from claimflow.lib.backup.manifest import beside

STAMP = "%Y%m%d-%H%M%S"
SUFFIX = ".backup"
PARTIAL = ".partial"
LEFT_BEHIND = dt.timedelta(days=1)


def name_of(database: str, moment: dt.datetime) -> str:
    """The file name of a backup made at `moment` (UTC)."""
    return f"{database}-{moment:{STAMP}}{SUFFIX}"


def rotate(folder: Path, database: str, *, keep: int, now: dt.datetime) -> list[str]:
    """Remove what is not among the newest `keep` days of this database's backups, and what a killed run left more than
    a day ago. Files that are not ours stay. Returns the names of the backups that went."""
    days: dict[str, list[Path]] = {}
    pattern = re.compile(rf"{re.escape(database)}-(\d{{8}})-\d{{6}}{re.escape(SUFFIX)}")
    for path in sorted(folder.iterdir(), reverse=True):
        if found := pattern.fullmatch(path.name):
            days.setdefault(found[1], []).append(path)
    going = []
    for number, files in enumerate(days.values()):
        going += files[1:] if 0 < number < keep else files if number >= keep else []
    for path in going:
        beside(path).unlink(missing_ok=True)
        path.unlink()
    for path in folder.glob(f"{database}-*{PARTIAL}"):
        if now.timestamp() - path.stat().st_mtime > LEFT_BEHIND.total_seconds():
            path.unlink()
    return [path.name for path in going]
