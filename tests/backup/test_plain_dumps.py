"""A dump by any other login than the backup's fails loudly: it is never empty and never looks like one that is whole.

PostgreSQL alone does not hold this for the owner under --enable-row-security: its tables would come out without a row
and the exit status would be 0. What stops it is that the trail belongs to another role, whose tables the owner cannot
lock (test_the_owner_would_dump_tables_without_their_rows shows what would be otherwise).
"""

import os
import subprocess

import pytest
from psycopg.conninfo import conninfo_to_dict

from claimflow.lib.db.context import acting_as
from tests.backup.conftest import programs
from tests.factories.accounts import OrganizationFactory
from tests.harness import DATABASE, PREFIX, url_as

pytestmark = pytest.mark.usefixtures("real_db")


def dumped(login: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    """A plain pg_dump; the migrator's login is the owner's, as in the settings."""
    known = conninfo_to_dict(url_as(login, DATABASE))
    names = {
        "PGHOST": "host",
        "PGPORT": "port",
        "PGUSER": "user",
        "PGPASSWORD": "password",
        "PGDATABASE": "dbname",
    }
    env = {name: str(known[word]) for name, word in names.items()}
    if login == "migrator":
        env["PGOPTIONS"] = f"-c role={PREFIX}owner"
    return subprocess.run(
        [programs() / "pg_dump", *words], env={"PATH": os.environ["PATH"], **env}, capture_output=True
    )


@pytest.mark.parametrize("words", [(), ("--enable-row-security",)], ids=["plain", "with row security"])
@pytest.mark.parametrize("login", ["app", "worker", "migrator"])
def test_it_fails_and_gives_nothing(login: str, words: tuple[str, ...]) -> None:
    done = dumped(login, *words)
    assert done.returncode != 0
    assert b"permission denied" in done.stderr or b"row-level security" in done.stderr
    assert b"COPY" not in done.stdout


def organizations(done: subprocess.CompletedProcess[bytes]) -> int:
    lines = done.stdout.split(b"FROM stdin;\n")[1].split(b"\\.\n")[0]
    return len(lines.splitlines())


def test_the_owner_would_dump_tables_without_their_rows() -> None:
    """Why only `manage.py backup` is a backup: table by table the owner gets none of the rows and the status 0."""
    with acting_as("system", "test"):
        OrganizationFactory()
    one = ("--table=accounts_organization",)
    assert organizations(dumped("backup", *one)) > 0
    assert dumped("migrator", *one).returncode != 0
    silent = dumped("migrator", *one, "--enable-row-security")
    assert (silent.returncode, organizations(silent)) == (0, 0)
