"""Making a backup: one snapshot for rows, hashes and pg_dump; nothing on the disk that is not encrypted."""

import contextlib
import datetime as dt
import os
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from django.conf import settings
from psycopg.conninfo import make_conninfo

from claimflow.lib.backup import BackupFault, fingerprints, programs
from claimflow.lib.backup.manifest import FORMAT, Manifest, beside
from claimflow.lib.backup.rotation import PARTIAL, name_of
from claimflow.lib.backup.sealed import FRAME_BYTES, Sealer
from claimflow.lib.keys import KeyRing

WHO = """
    SELECT rolname, rolsuper OR rolbypassrls, current_setting('server_version')
    FROM pg_roles WHERE rolname = session_user
"""
# The migrator alone writes this table, and no installation of ours is without it.
ALWAYS_THERE = "public.django_migrations"


@dataclass(frozen=True)
class Made:
    path: Path
    manifest: Manifest


def make(folder: Path, *, url: str, ring: KeyRing, now: dt.datetime) -> Made:
    """Write a backup of the database that `url` names, with its manifest, into `folder`: both whole and on the disk, or
    neither. BackupFault in a sentence otherwise."""
    words = programs.connection_words(url)
    name = name_of(words.get("dbname", ""), now)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with psycopg.connect(make_conninfo("", **words)) as connection, _new_file(folder / name) as file:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            sealer = Sealer(file, ring)
            facts = _saved(connection, words, sealer)
            manifest = Manifest(
                format=FORMAT,
                file=name,
                made_at=now.isoformat(timespec="seconds"),
                release=_release(),
                database=words.get("dbname", ""),
                role_prefix=settings.DB_ROLE_PREFIX,
                key_id=ring.current,
                bytes=sealer.bytes,
                sha256=sealer.sha256,
                **facts,
            )
        with _or_remove(folder / name), _new_file(beside(folder / name)) as file:
            file.write(manifest.text(ring).encode())
    except psycopg.Error as error:
        raise BackupFault(f"The database does not answer as it should: {_first_line(error)}") from None
    except OSError as error:
        raise BackupFault(f"The backup could not be written to {folder}: {error.strerror}.") from None
    return Made(folder / name, manifest)


def _saved(connection: psycopg.Connection[Any], words: dict[str, str], sealer: Sealer) -> dict[str, Any]:
    """Dump and fingerprints of one snapshot."""
    row = connection.execute(WHO).fetchone() or ("", False, "")
    login, reads_all, server_version = row
    if not reads_all:
        raise BackupFault(
            f"The login {login} is held by row-level security, so its backup would lack rows. BACKUP_DATABASE_URL must"
            " name the backup's login, which manage.py db_bootstrap makes."
        )
    program = programs.find("pg_dump", server_version=connection.info.server_version)
    exported = connection.execute("SELECT pg_export_snapshot()").fetchone()
    connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    snapshot = exported[0] if exported else ""
    command = [str(program), "--format=custom", "--compress=6", "--no-password", "--lock-wait-timeout=60s"]
    with programs.running(
        [*command, f"--snapshot={snapshot}"], words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None  # noqa: S101  # a pipe was asked for  # nosec B101
        while block := process.stdout.read(FRAME_BYTES):
            sealer.write(block)
    sealer.finish()
    tables = fingerprints.taken(connection)
    if not sealer.plain_bytes or not tables.get(ALWAYS_THERE, (0,))[0]:
        raise BackupFault("The database holds no ClaimFlow: there is nothing to back up.")
    return {"server_version": str(server_version), "tables": tables}


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone that gets its name only when all of it is on the disk."""
    partial = path.with_name(path.name + PARTIAL)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def _or_remove(path: Path) -> Iterator[None]:
    """The file goes when the block fails: a backup without its manifest proves nothing."""
    try:
        yield
    except BaseException:
        path.unlink()
        raise


def _release() -> str:
    paper = settings.BASE_DIR / "pyproject.toml"
    return str(tomllib.loads(paper.read_text())["project"]["version"]) if paper.is_file() else "unknown"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
