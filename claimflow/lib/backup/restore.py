"""Making a database of a backup again, with the administrator's login (ruling 2).

Roles belong to the whole server: they must be there, which is `db_bootstrap`'s work. Everything else comes from the
file, owners, grants and policies included.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection as live
from psycopg import sql
from psycopg.conninfo import make_conninfo

from claimflow.lib.backup import BackupFault, fingerprints, programs, sealed
from claimflow.lib.backup.manifest import Fingerprint, Manifest
from claimflow.lib.db.bootstrap import Plan, make_database
from claimflow.lib.db.context import put_keys
from claimflow.lib.db.roles import ALL_ROLES, role
from claimflow.lib.keys import KeyRing

ANY_TABLE = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""


class Administrator:
    """The server that a backup is restored on, as its administrator sees it. psycopg's errors reach the caller."""

    def __init__(self, url: str) -> None:
        self.words = programs.connection_words(url)

    def connected(self, database: str | None = None, *, autocommit: bool = True) -> psycopg.Connection[Any]:
        words = {**self.words, **({"dbname": database} if database else {})}
        return psycopg.connect(make_conninfo("", **words), autocommit=autocommit)

    def make_empty(self, database: str) -> None:
        """An empty database of this name. BackupFault when one is there that holds anything, or when roles are
        missing."""
        with self.connected() as connection:
            self._require_roles(connection)
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if there:
                self._require_empty(database)
                self.drop(database)
            plan = Plan(admin_url="", database=database, prefix=settings.DB_ROLE_PREFIX, passwords={})
            with connection.cursor() as cursor:
                make_database(cursor, plan)

    def drop(self, database: str) -> None:
        with self.connected() as connection:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(statement.format(sql.Identifier(database)))

    def restore(self, path: Path, ring: KeyRing, database: str) -> None:
        """Fill the empty database from the file, frame by proven frame. The first error ends it."""
        with self.connected() as connection:
            program = programs.find("pg_restore", server_version=connection.info.server_version)
        words = {**self.words, "dbname": database}
        with (
            path.open("rb") as file,
            programs.running(
                [program, "--exit-on-error", "--no-password", f"--dbname={database}"],
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
            ) as process,
        ):
            assert process.stdin is not None  # noqa: S101  # a pipe was asked for  # nosec B101
            for plain in sealed.opened(file, ring):
                process.stdin.write(plain)

    def make_usable(self, database: str) -> None:
        """Statistics, which no dump holds, and today's keys: the database's copy of them is that of the backup's day."""
        with self.connected(database) as connection, connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role("owner"))))
            put_keys(cursor)

    def differences(self, database: str, manifest: Manifest) -> list[str]:
        """What is not as the manifest says, a sentence each. To be asked before anything else writes there."""
        return fingerprints.differences(manifest.tables, self._fingerprints(database))

    def _fingerprints(self, database: str) -> dict[str, Fingerprint]:
        with self.connected(database, autocommit=False) as connection:
            return fingerprints.taken(connection)

    def _require_roles(self, connection: psycopg.Connection[Any]) -> None:
        wanted = [role(name) for name in ALL_ROLES]
        rows = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [wanted]).fetchall()
        if missing := sorted(set(wanted) - {name for (name,) in rows}):
            raise BackupFault(
                f"The server lacks {len(missing)} roles, among them {missing[0]}. Roles are the server's and in no"
                " backup: run manage.py db_bootstrap first."
            )

    def _require_empty(self, database: str) -> None:
        with self.connected(database) as connection:
            row = connection.execute(ANY_TABLE).fetchone()
        if row and row[0]:
            raise BackupFault(f"The database {database} is not empty. Nothing in it was touched.")


@contextlib.contextmanager
def served_from(administrator: Administrator, database: str) -> Iterator[None]:
    """Django's connection leads to a restored database while the block runs, with the application's own login."""
    known = {name: live.settings_dict[name] for name in ("HOST", "PORT", "NAME")}
    where = {"HOST": administrator.words.get("host", ""), "PORT": administrator.words.get("port", "")}
    try:
        _lead_to({**where, "NAME": database})
        yield
    finally:
        _lead_to(known)


def _lead_to(place: dict[str, Any]) -> None:
    live.close()
    if hasattr(live, "close_pool"):
        live.close_pool()
    live.settings_dict.update(place)
