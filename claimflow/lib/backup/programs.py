"""PostgreSQL's own programs: found, of the right age, started without a secret on their command line."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from claimflow.lib.backup import BackupFault

# libpq's words for a connection, and the variables that say the same to a program.
VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def connection_words(url: str, **changes: str) -> dict[str, str]:
    """A URL of the settings in libpq's words, with the certificates of DB_SSL_*."""
    options = settings.DATABASES["default"].get("OPTIONS", {})
    ssl = {word: str(options[word]) for word in VARIABLES if word.startswith("ssl") and word in options}
    said = {word: str(value) for word, value in conninfo_to_dict(url).items() if value is not None}
    return {**ssl, **said, **changes}


def find(name: str, *, server_version: int) -> Path:
    """The program `name`, from PG_BIN or else the PATH. BackupFault when there is none, or when it is older than the
    server (`server_version` as the server gives it: 150018), whose tables it might not understand."""
    where = settings.PG_BIN
    found = shutil.which(name, path=where or None)
    if found is None:
        raise BackupFault(
            f"{name} is not in {where}, which PG_BIN names."
            if where
            else f"{name} is not on the PATH. Install PostgreSQL's client programs, or name their folder in PG_BIN."
        )
    asked = [found, "--version"]
    shown = subprocess.run(asked, capture_output=True, text=True, check=False, env=_environment({}))  # noqa: S603  # nosec B603
    version = re.search(r"\(PostgreSQL\) (\d+)", shown.stdout)
    if version is None:
        raise BackupFault(
            f"{found} does not run here: {_last_line(shown.stderr) or 'it does not say its version'}."
        )
    if int(version[1]) < server_version // 10_000:
        raise BackupFault(
            f"{found} is of PostgreSQL {version[1]} and the server of {server_version // 10_000}; an older program"
            " cannot save a newer server. Name the folder of newer programs in PG_BIN."
        )
    return Path(found)


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], words: dict[str, str], *, stdin: int, stdout: int
) -> Iterator[subprocess.Popen[bytes]]:
    """The program while the block runs; killed when the block fails. BackupFault with its last words when it ends with
    another status than 0."""
    name = Path(command[0]).name
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  # our own command  # nosec B603
            list(command), stdin=stdin, stdout=stdout, stderr=said, env=_environment(words)
        )
        try:
            yield process
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            status = process.wait()
        except BrokenPipeError:
            status = process.wait() or 1  # it ended before everything was read; its own words say why
        except BaseException:
            process.kill()
            process.wait()
            raise
        if status:
            raise BackupFault(f"{name} failed: {_words_of(said) or f'exit status {status}'}")


def _words_of(said: IO[bytes]) -> str:
    """The first error line: those after it follow from it. Never the lines that quote a row."""
    said.seek(0)
    lines = said.read().decode(errors="replace").splitlines()
    errors = [line for line in lines if "error:" in line]
    return (errors or lines or [""])[0].strip()


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else ""


def _environment(words: dict[str, str]) -> dict[str, str]:
    """Ours without what a terminal may carry for another server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {
        **kept,
        "LC_ALL": "C",
        **{VARIABLES[word]: value for word, value in words.items() if word in VARIABLES},
    }
