import datetime as dt
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from psycopg_pool import PoolTimeout

from audit.actions import backups
from claimflow.lib.backup import BackupFault, dump
from claimflow.lib.backup.enums import BackupKind, BackupOutcome
from claimflow.lib.backup.rotation import rotate
from claimflow.lib.keys import parse_ring


class Command(BaseCommand):
    help = (
        "Save the whole database, encrypted with BACKUP_KEYS, with the backup's login in BACKUP_DATABASE_URL. Beside the"
        " file lies a manifest with the rows and a hash of every table, all of one moment. Older backups go: each day"
        " keeps its newest, and only the newest days stay. Exit status 1 when there is no backup."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="DIR", default=settings.BACKUP_DIR, help="instead of BACKUP_DIR")
        parser.add_argument(
            "--keep", type=int, default=30, metavar="DAYS", help="days that stay (default 30)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        started_at, folder = timezone.now(), Path(options["to"])
        url = environ.Env().str("BACKUP_DATABASE_URL", default="")
        if not url:
            raise CommandError(
                "Set BACKUP_DATABASE_URL, the backup's login. manage.py db_bootstrap makes it."
            )
        if options["keep"] < 1:
            raise CommandError("--keep needs at least 1 day.")
        try:
            ring = parse_ring(settings.BACKUP_KEYS, name="BACKUP_KEYS")
            made = dump.make(folder, url=url, ring=ring, now=started_at)
        except (BackupFault, ImproperlyConfigured) as fault:
            said = _tell(BackupOutcome.FAILED, started_at=started_at)
            raise CommandError(f"No backup was made. {fault}{said}") from None
        told = made.manifest
        self.stdout.write(
            f"{made.path.name}: {told.rows} rows of {len(told.tables)} tables, {told.bytes} bytes, key {told.key_id}."
        )
        gone, left = _rotated(folder, told.database, options["keep"], started_at)
        if gone:
            self.stdout.write(f"Removed {len(gone)} older: {', '.join(sorted(gone))}.")
        said = left + _tell(
            BackupOutcome.SUCCEEDED, started_at=started_at, file_name=made.path.name, manifest=told
        )
        if said:
            raise CommandError(f"The backup is in its place.{said}")


def _rotated(folder: Path, database: str, keep: int, now: dt.datetime) -> tuple[list[str], str]:
    """What went, and a sentence with a blank before it when it could not."""
    try:
        return rotate(folder, database, keep=keep, now=now), ""
    except OSError as error:
        return [], f" Older ones could not be removed: {error.strerror}."


def _tell(outcome: BackupOutcome, **facts: Any) -> str:
    """Record the run; a sentence with a blank before it when that was not possible."""
    try:
        backups.tell(BackupKind.BACKUP, outcome, **facts)
    except (DatabaseError, InterfaceError, PoolTimeout):
        return " The run could not be recorded: the database does not answer to the application's login."
    return ""
