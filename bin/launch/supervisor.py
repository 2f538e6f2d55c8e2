"""Keeps the product's processes running: starts them, restarts one that falls, ends all."""

import http.client
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from launch.console import Trouble, reason, say
from launch.files import fresh_log
from launch.places import CHECKOUT
from launch.ports import LOOPBACK
from launch.postgres import Cluster
from launch.processes import Command, Records, end, find, spawn

READY_SECONDS = 90.0
LOOK_SECONDS = 0.2
FALLS_ALLOWED, FALLS_WINDOW_SECONDS = 3, 60.0


@dataclass
class Falls:
    """When something fell, as far as it still counts."""

    times: deque[float] = field(default_factory=lambda: deque(maxlen=FALLS_ALLOWED))

    def one_too_many(self, now: float) -> bool:
        """Notes a fall; True when it was one too many within the window."""
        full = len(self.times) == FALLS_ALLOWED
        too_many = full and now - self.times[0] < FALLS_WINDOW_SECONDS
        self.times.append(now)
        return too_many


@dataclass
class Service:
    """One process of the product and how to start it."""

    name: str
    command: Command
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    falls: Falls = field(default_factory=Falls)

    def start(self) -> int:
        """Starts it, and first ends what a fallen process of it left behind. Returns the process number."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        with fresh_log(self.log) as sink:
            self.process = spawn(self.command, sink, cwd=CHECKOUT, env=self.env)
        return self.process.pid

    @property
    def has_fallen(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def why(self) -> str:
        return reason(self.log.read_text(errors="replace"))


class Supervisor:
    """The services of one run, in the order in which they start; they end in reverse. The embedded database under
    them, if there is one, is started and stopped by its owner and only held up here."""

    def __init__(
        self, services: Sequence[Service], records: Records, database: Cluster | None = None
    ) -> None:
        self.services = services
        self.records = records
        self.database = database
        self._database_falls = Falls()

    def start(self) -> None:
        for service in self.services:
            self._start(service)

    def _start(self, service: Service) -> None:
        self.records.note(service.name, service.start())

    def wait_until_ready(self, port: int) -> None:
        """Returns once /readyz answers 200. Raises Trouble when a service falls or 90 s have passed."""
        say("Starting the web server and the worker")
        started = time.monotonic()
        while not is_ready(port):
            for service in self.services:
                if service.has_fallen:
                    raise Trouble(
                        f"The {service.name} did not start. {service.why()}", f"Its log is {service.log}."
                    )
            if time.monotonic() - started > READY_SECONDS:
                raise Trouble(f"The web server did not become ready. {last_word(port)}", _logs(self.services))
            time.sleep(LOOK_SECONDS)

    def watch(self) -> None:
        """Stays here, and restarts what falls. Raises Trouble when something falls again and again."""
        while True:
            time.sleep(LOOK_SECONDS)
            if self.database is not None and self.database.has_fallen:
                _tell_fall("database", self.database.log, self._database_falls)
                self.database.revive()
            for service in self.services:
                if service.has_fallen:
                    _tell_fall(service.name, service.log, service.falls)
                    self._start(service)

    def stop(self) -> None:
        for service in reversed(self.services):
            if service.process is not None:
                if process := find(service.process.pid):
                    end(process, group=True)
                service.process.wait()
            self.records.forget(service.name)


def _tell_fall(name: str, log: Path, falls: Falls) -> None:
    """Says that it is started again. Raises Trouble when that has been said too often."""
    why = reason(log.read_text(errors="replace")) if log.exists() else ""
    if falls.one_too_many(time.monotonic()):
        raise Trouble(f"The {name} keeps falling. {why}", f"Its log is {log}.")
    say(f"The {name} ended unexpectedly and is started again. {why}")


def is_ready(port: int) -> bool:
    return _ask(port)[0] == http.client.OK


def last_word(port: int) -> str:
    status, body = _ask(port)
    return f"It answers {status}: {body[:200]}" if status else "It does not answer."


def _ask(port: int) -> tuple[int, str]:
    """Status and text of /readyz; (0, "") when nothing answers. No proxy of the machine is asked."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def _logs(services: Sequence[Service]) -> str:
    return "The logs are " + " and ".join(str(service.log) for service in services) + "."
