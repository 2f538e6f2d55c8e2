"""Which process is which, alive or not, and how to end it.

A number alone says little: it may belong to a zombie that nobody reaps (in a container whose first process
does not), or, after a restart, to a stranger. A process is therefore known by number and time of birth.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

PROC = Path("/proc")
POLL_SECONDS = 0.05

Command = Sequence["str | os.PathLike[str]"]

GENTLY_THEN_NOT: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


def spawn(
    command: Command,
    sink: BinaryIO,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: int | None = None,
    group: int | None = None,
    keeps: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """Starts a program that writes to `sink` and reads nothing.

    It gets a session of its own: Ctrl-C at the terminal must not reach it. With `user` and `group` (numbers)
    it runs as these and without further groups. `keeps` are open handles that it inherits, such as a lock.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sink,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=env,
        user=user,
        group=group,
        extra_groups=None if user is None else (),
        pass_fds=keeps,
        start_new_session=True,
    )


def to_its_end(
    process: subprocess.Popen[bytes], on_beat: Callable[[], None], beat_seconds: float = 10.0
) -> int:
    """Waits for a spawned program and returns its exit status; an interrupt ends it with all it started."""
    try:
        while True:
            try:
                return process.wait(timeout=beat_seconds)
            except subprocess.TimeoutExpired:
                on_beat()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


@dataclass(frozen=True)
class Process:
    """A process as it was seen: its number, and when it was born as the system writes it."""

    pid: int
    born: str

    @property
    def alive(self) -> bool:
        return born(self.pid) == self.born


def find(pid: int) -> Process | None:
    """The process with this number, None when there is none or only its zombie."""
    time_of_birth = born(pid)
    return Process(pid, time_of_birth) if time_of_birth else None


def born(pid: int) -> str | None:
    """When a living process began (ticks since boot, or a date without /proc); None for none or a zombie."""
    if not PROC.joinpath("self/stat").exists():
        return _born_by_ps(pid)
    try:
        # The name may hold spaces and brackets itself, so fields are counted from the last bracket.
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZXx" else fields[19]


def _born_by_ps(pid: int) -> str | None:
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, started = shown.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def command_line(pid: int) -> str:
    """The command line of a process, its words separated by blanks; empty when it cannot be read."""
    try:
        return (
            (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        )
    except OSError:
        shown = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return shown.stdout.strip()


def living_in(folder: Path) -> list[Process]:
    """The living processes whose working folder is `folder`; empty where the system does not tell."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") != str(folder):
                continue
        except OSError:
            continue
        if process := find(int(entry.name)):
            found.append(process)
    return found


def end(
    process: Process, ladder: Sequence[tuple[signal.Signals, float]] = GENTLY_THEN_NOT, *, group: bool = False
) -> bool:
    """Sends the signals of the ladder, each with its seconds of patience, until the process is gone.

    With `group` the signals go to the whole process group that it leads. True when it is gone.
    """
    for number, patience in ladder:
        if not process.alive:
            return True
        try:
            (os.killpg if group else os.kill)(process.pid, number)
        except ProcessLookupError:
            return True
        if wait_for_end(process, patience):
            return True
    return not process.alive


def wait_for_end(process: Process, patience: float) -> bool:
    """True as soon as the process is gone, False when it still lives after `patience` seconds."""
    deadline = time.monotonic() + patience
    while process.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


class Records:
    """The processes of one run, a small file each, so that a later run can end what a killed one left.

    The folder's own path stands in each file: a copied folder must not end the processes of the original.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(self, name: str, pid: int) -> None:
        process = find(pid)
        if process is None:
            return
        kept = {**asdict(process), "folder": str(self.folder)}
        (self.folder / f"{name}.process").write_text(json.dumps(kept))

    def forget(self, name: str) -> None:
        (self.folder / f"{name}.process").unlink(missing_ok=True)

    def living(self) -> dict[str, Process]:
        return {name: process for name, process in self._read().items() if process.alive}

    def end_all(self) -> list[str]:
        """Ends what still lives and forgets all of it. Returns the names of those that were alive."""
        living = self.living()
        for process in living.values():
            end(process, group=True)
        for name in self._read():
            self.forget(name)
        return sorted(living)

    def _read(self) -> dict[str, Process]:
        found = {}
        for file in self.folder.glob("*.process"):
            try:
                kept = json.loads(file.read_text())
                if kept["folder"] == str(self.folder):
                    found[file.stem] = Process(int(kept["pid"]), str(kept["born"]))
            except (ValueError, KeyError, TypeError):
                file.unlink(missing_ok=True)
        return found
