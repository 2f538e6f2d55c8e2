"""Ports on the loopback address: which are free, and who holds one that is not."""

import os
import socket
from pathlib import Path

from launch.console import Trouble
from launch.processes import PROC, command_line

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """True when a server could listen there. Raises PermissionError for a port this user may not have."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """True when something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def any_free() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int) -> None:
    """Raises Trouble when the port is taken, naming who holds it and another that is free."""
    try:
        if is_free(port):
            return
    except PermissionError:
        raise Trouble(
            f"This user may not listen on port {port}.",
            "Choose one above 1023, for example: bin/demo --port 8000",
        ) from None
    pid = holder(port)
    who = f" by process {pid} ({command_line(pid)[:60]})" if pid else ""
    raise Trouble(
        f"Port {port} is in use{who}.",
        f"End that program, or choose another port: bin/demo --port {_next_free(port)}",
    )


def _next_free(port: int) -> int:
    for candidate in range(port + 1, min(port + 100, 65_536)):
        if is_free(candidate):
            return candidate
    return any_free()


def holder(port: int) -> int | None:
    """The process that listens on the port, None when the system does not tell."""
    inodes = _listening_inodes(port)
    for entry in PROC.glob("[0-9]*/fd/*"):
        try:
            target = os.readlink(entry)
        except OSError:
            continue
        if target.startswith("socket:[") and target[8:-1] in inodes:
            return int(entry.parts[2])
    return None


def _listening_inodes(port: int) -> set[str]:
    listening = "0A"
    found = set()
    for table in ("net/tcp", "net/tcp6"):
        try:
            rows = Path(PROC / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, rows):
            if fields[3] == listening and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(fields[9])
    return found
