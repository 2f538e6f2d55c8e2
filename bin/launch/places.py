"""Where things are: the checkout, and var/, which holds everything the demonstration makes."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launch.console import Trouble, say

CHECKOUT = Path(__file__).resolve().parent.parent.parent

ROOM_FOR_FIRST_START = 1_000  # MB: packages, server and data
ROOM_FOR_LATER_START = 100


@dataclass(frozen=True)
class Var:
    """The folder of one demonstration; several can stand side by side (`--var`, `CLAIMFLOW_VAR`)."""

    root: Path

    @classmethod
    def chosen(cls, option: str | None) -> "Var":
        """The folder that the option or the environment names, else var/ in the checkout."""
        named = option or os.environ.get("CLAIMFLOW_VAR")
        return cls(Path(named).expanduser().resolve() if named else CHECKOUT / "var")

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def audit(self) -> Path:
        return self.root / "audit"

    @property
    def static(self) -> Path:
        return self.root / "static"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def accounts(self) -> Path:
        return self.root / "accounts.json"

    @property
    def stamps(self) -> Path:
        return self.root / "steps.json"

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    def prepare(self) -> None:
        """Makes what is missing, for its owner alone. Raises Trouble when something else stands there."""
        for folder in (self.root, self.log, self.run, self.mail, self.audit, self.static):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise Trouble(
                    f"{folder} should be a folder, but something else stands there.",
                    "Move it away, or choose another folder with --var DIR.",
                ) from None
        require_room(self.root, ROOM_FOR_LATER_START if self.stamps.exists() else ROOM_FOR_FIRST_START)

    def remove(self) -> None:
        """Removes what the demonstration made, and the folder itself when nothing else is in it."""
        for folder in (self.log, self.run, self.mail, self.audit, self.static, self.postgres):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.secrets, self.accounts, self.stamps):
            file.unlink(missing_ok=True)
        if self.root.is_dir() and not any(self.root.iterdir()):
            self.root.rmdir()


def require_room(place: Path, megabytes: int) -> None:
    """Raises Trouble when the disk that holds `place` has less room than that."""
    free = shutil.disk_usage(place).free // 1_000_000
    if free < megabytes:
        raise Trouble(
            f"The disk that holds {place} has only {free} MB left; {megabytes} MB are needed.",
            "Free some space, or choose a folder on another disk with --var DIR.",
        )


def hold(folder: Path, patience: float = 1.0) -> int | None:
    """Takes the lock of a folder for as long as this process lives; None when another process has it.

    The system gives the lock back when the holder dies, however it dies: no stale lock is possible. `patience`,
    in seconds, outlasts one who only looks whether it is held.
    """
    handle = os.open(folder, os.O_RDONLY)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(handle)
                return None
            time.sleep(0.02)
        else:
            return handle


def is_held(folder: Path) -> bool:
    """True while some process holds the lock of the folder."""
    if not folder.is_dir():
        return False
    handle = hold(folder, patience=0)
    if handle is None:
        return True
    os.close(handle)
    return False


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[int]:
    """Waits until no other process is in the same block for the same folder; gives the lock's handle.

    A program that inherits the handle keeps the lock, even when the one that started it is killed.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another run that is at work on .venv")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
