"""Whose processes and files the database server's are: PostgreSQL refuses to run as root (ruling 15)."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launch.console import Trouble

ACCOUNT = "claimflow-demo"


@dataclass(frozen=True)
class Owner:
    """Numbers of the user and group under which the server runs."""

    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()


def of(place: Path) -> Owner:
    """The owner of a file or folder."""
    seen = place.stat()
    return Owner(seen.st_uid, seen.st_gid)


def for_new_server() -> Owner:
    """Who shall own a new server: the user at the terminal, or for root an account without rights."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    return _account(ACCOUNT) or _made_account() or _nobody()


def _account(name: str) -> Owner | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Owner(entry.pw_uid, entry.pw_gid)


def _made_account() -> Owner | None:
    """The system account made now, None where useradd is missing or may not write."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    options = [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    subprocess.run([useradd, *options, ACCOUNT], capture_output=True, check=False)
    return _account(ACCOUNT)


def _nobody() -> Owner:
    found = _account("nobody")
    if found is None or found.uid == 0:
        raise Trouble(
            "PostgreSQL refuses to run as root, and this machine has no other account for it.",
            "Run it as an ordinary user, or name a server in ADMIN_DATABASE_URL.",
        )
    return found
