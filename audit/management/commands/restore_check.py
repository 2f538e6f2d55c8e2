import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from psycopg_pool import PoolTimeout

from audit.actions import backups, restored
from claimflow.lib.backup import BackupFault
from claimflow.lib.backup.enums import BackupKind, BackupOutcome
from claimflow.lib.backup.manifest import Manifest, read
from claimflow.lib.backup.restore import Administrator, served_from
from claimflow.lib.keys import KeyRing, parse_ring

SHOWN = 20  # sentences of one question
SILENT = (DatabaseError, InterfaceError, PoolTimeout)


class Command(BaseCommand):
    help = (
        "Prove a backup by restoring it: into an empty database of its own, which goes again, with the administrator's"
        " login in ADMIN_DATABASE_URL. Compares every table with the manifest, opens encrypted values, verifies the"
        " audit trail. Exit status 1 and what differs when it is not what it should be."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a backup; its manifest lies beside it")
        parser.add_argument("--keep", action="store_true", help="leave the database there, to look at")
        parser.add_argument(
            "--for-use",
            action="store_true",
            help="restore into the application's own database, which must be missing or empty, and begin a new epoch of"
            " the audit trail's seals. Stop the application first.",
        )
        parser.add_argument(
            "--sample", type=int, default=200, help="rows of each model whose values are opened"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        started_at, path = timezone.now(), options["file"]
        url = environ.Env().str("ADMIN_DATABASE_URL", default="")
        if not url:
            raise CommandError(
                "Set ADMIN_DATABASE_URL, an administrator's login. Roles must be there: db_bootstrap."
            )
        self.manifest: Manifest | None = None
        try:
            ring = parse_ring(settings.BACKUP_KEYS, name="BACKUP_KEYS")
            faults = self._check(path, Administrator(url), ring, options)
        except (BackupFault, ImproperlyConfigured) as fault:
            faults = [str(fault)]
        except (psycopg.Error, *SILENT) as error:
            faults = [f"The database does not answer as it should: {str(error).strip().splitlines()[0]}"]
        except OSError as error:
            faults = [f"{path.name} cannot be read: {error.strerror}."]
        self._conclude(faults, started_at=started_at, file_name=path.name)

    def _check(self, path: Path, server: Administrator, ring: KeyRing, options: dict[str, Any]) -> list[str]:
        """What is wrong, after every step that could be taken."""
        self.manifest = manifest = read(path, ring)
        self.stdout.write(
            f"The manifest is genuine: {manifest.made_at}, release {manifest.release}, PostgreSQL"
            f" {manifest.server_version}, {len(manifest.tables)} tables, {manifest.rows} rows."
        )
        manifest.require_file(path)
        self.stdout.write(f"The file is whole: {manifest.bytes} bytes.")
        if manifest.role_prefix != settings.DB_ROLE_PREFIX:
            raise BackupFault(
                f"The backup belongs to roles named {manifest.role_prefix}*; DB_ROLE_PREFIX says {settings.DB_ROLE_PREFIX}."
            )
        database = str(settings.DATABASES["default"]["NAME"])
        if not options["for_use"]:
            database = f"{manifest.database[:40]}_check_{secrets.token_hex(4)}"
        server.make_empty(database)
        is_kept = options["keep"]
        try:
            faults = self._restored(path, manifest, server, ring, database, options["sample"])
            if options["for_use"] and not faults:
                is_kept = True
                self._put_to_use(server, database)
        finally:
            if not is_kept:
                server.drop(database)
        self.stdout.write(f"The database {database} {'stays' if is_kept else 'is gone again'}.")
        return faults

    def _restored(
        self, path: Path, manifest: Manifest, server: Administrator, ring: KeyRing, database: str, sample: int
    ) -> list[str]:
        begun = time.monotonic()
        server.restore(path, ring, database)
        self.stdout.write(f"Restored into the database {database} in {time.monotonic() - begun:.1f} s.")
        faults = self._ask("Rows and hashes", lambda: iter(server.differences(database, manifest)))
        server.make_usable(database)
        with served_from(server, database):
            if found := self._ask("Migrations", restored.migrations):
                return [*faults, *found]
            faults += self._ask("Row-level security", restored.policies)
            faults += self._ask("Encrypted values", lambda: restored.values(sample))
            trail = restored.trail()
            for sentence in trail.warnings:
                self.stdout.write(f"  {sentence}")
            return faults + self._ask("Audit trail", lambda: iter(trail.faults))

    def _put_to_use(self, server: Administrator, database: str) -> None:
        with served_from(server, database):
            for sentence in restored.put_to_use():
                self.stdout.write(sentence)

    def _ask(self, name: str, question: Callable[[], Iterator[str]]) -> list[str]:
        found = list(question())
        self.stdout.write(f"{name}: {len(found) or 'no'} faults")
        for sentence in found[:SHOWN]:
            self.stderr.write(f"  {sentence}")
        if len(found) > SHOWN:
            self.stderr.write(f"  and {len(found) - SHOWN} more")
        return found

    def _conclude(self, faults: list[str], **facts: Any) -> None:
        outcome = BackupOutcome.FAILED if faults else BackupOutcome.SUCCEEDED
        said = ""
        try:
            backups.tell(BackupKind.RESTORE_CHECK, outcome, manifest=self.manifest, **facts)
        except SILENT:
            said = " The run could not be recorded: the live database does not answer."
        if faults:
            raise CommandError(f"The backup is not what it should be. {faults[0]}{said}")
        if said:
            raise CommandError(f"The backup is good.{said}")
        self.stdout.write("The backup is good.")
