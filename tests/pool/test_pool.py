"""Pooled connections carry nothing from one caller to the next (security.md 4.1 rows 3 to 7 and 26, ruling 7)."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.harness import ADMIN_URL, DATABASE, PASSWORD, PREFIX, ROOT, environment, url_as
from tests.signed_in import make_organization, make_user

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_db")]
REQUESTS, THREADS = 300, 16


def arrangement(**changes: str) -> dict[str, int]:
    """What the callers of tests/pool/arrangement.py saw: a sentence each, and how many."""
    providers = []
    for _ in range(2):
        organization = make_organization("provider")
        make_user("provider", organization=organization, enrolled=False)
        providers.append(str(organization.pk))
    done = subprocess.run(
        [sys.executable, "-m", "tests.pool.arrangement", json.dumps(providers), str(REQUESTS), str(THREADS)],
        cwd=ROOT,
        env={**os.environ, **environment(DATABASE), "KILLER_URL": ADMIN_URL, **changes},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, int] = json.loads(done.stdout)
    assert sum(found.values()) == REQUESTS
    return found


def assert_nobody_saw_anothers(found: dict[str, int]) -> None:
    assert set(found) <= {
        "tenant: own",
        "anonymous: nothing",
        "leftover: bare",
        "careless: poisoned",
        "failing: raised",
        "killed: cut off",
    }, found
    assert found["tenant: own"] > 100
    assert found["anonymous: nothing"] > 40


def test_the_pool_carries_nothing_over() -> None:
    assert_nobody_saw_anothers(arrangement(DB_POOL="1", DB_POOL_MIN="2", DB_POOL_MAX="6"))


def test_without_a_pool_it_is_the_same() -> None:
    assert_nobody_saw_anothers(arrangement(DB_POOL="0"))


CONFIGURATION = """
[databases]
{database} = host={host} port={port} dbname={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = plain
auth_file = {users}
pool_mode = transaction
default_pool_size = 6
max_client_conn = 200
ignore_startup_parameters = options,extra_float_digits
logfile =
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def pgbouncer(place: Path) -> Iterator[str]:
    """The address of a pgbouncer in transaction mode before this run's database."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed on this machine")
    server, listen = urlsplit(ADMIN_URL), free_port()
    users = place / "users.txt"
    users.write_text(f'"{PREFIX}app" "{PASSWORD}"\n')
    file = place / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(
            database=DATABASE, host=server.hostname, port=server.port or 5432, listen=listen, users=users
        )
    )
    place.chmod(0o755)
    for each in (users, file):
        each.chmod(0o644)
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [program, *as_nobody, str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield urlunsplit(
            urlsplit(url_as("app", DATABASE))._replace(netloc=f"{PREFIX}app:{PASSWORD}@127.0.0.1:{listen}")
        )
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(url: str) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.nightly
@pytest.mark.parametrize("pool", ["0", "1"])
def test_pgbouncer_in_transaction_mode_carries_nothing_over(tmp_path: Path, pool: str) -> None:
    with pgbouncer(tmp_path) as url:
        wait_for(url)
        assert_nobody_saw_anothers(arrangement(DATABASE_URL=url, DB_POOL=pool, DB_POOL_MAX="6"))
