"""Submissions a second through the web, with the remote model switched on and hanging, against switched off.

Needs an administrator's login on a PostgreSQL 15 to 18, nothing else: it makes a database of its own and drops it.

    TEST_DATABASE_URL=postgres://... python bench/submit_ai_down.py [rounds] [submissions a round]

Two real gunicorn servers on one database, one with the model on and one without, take turns; a worker runs all the time.
The model is a server on this machine that takes every question and never answers, so that each job waits for its whole
deadline. Between rounds the questions that are left are taken out of the queue and the breaker is closed, so that the
model hangs in every round and no round pays for another. The last line is the ratio of the medians; the target is that
it lies above 0.9, and the exit status says so.
"""

import http.client
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimflow.settings")
os.environ["PYTEST_XDIST_WORKER"] = "bench"

import psycopg  # noqa: E402

from tests import harness  # noqa: E402

import django  # noqa: E402  # isort: skip  (after the harness has set the environment)

django.setup()

from django.conf import settings  # noqa: E402

from tests.claims.cast import Cast, make_cast  # noqa: E402
from tests.claims.test_form_page import typed  # noqa: E402
from tests.intelligence.remote.arrangement import give_budget, in_force  # noqa: E402
from tests.intelligence.remote.server import KEY, Conversation, serving  # noqa: E402
from tests.signed_in import client_of  # noqa: E402

CLIENTS = 4
WARM_UP = 8
TARGET = 0.9


def never(talk: Conversation) -> None:
    """Takes the question and keeps the connection open."""
    talk.server.over.wait(600)


@contextmanager
def running(name: str, *command: str, **changes: str) -> Iterator[subprocess.Popen[bytes]]:
    log = ROOT / "var" / "log"
    log.mkdir(parents=True, exist_ok=True)
    with (log / f"bench-{name}.log").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **harness.environment(harness.DATABASE), "LOG_LEVEL": "WARNING", **changes},
            stdout=out,
            stderr=out,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def web(name: str, **changes: str) -> Iterator[int]:
    """The port of a gunicorn as the image starts it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = (
        f"-m gunicorn claimflow.wsgi --bind 127.0.0.1:{port} --worker-class gthread --workers 2 --threads 4"
        " --no-control-socket"
    )
    with running(name, *command.split(), DB_POOL="1", **changes) as process:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                raise SystemExit(f"gunicorn did not start; see var/log/bench-{name}.log")
            time.sleep(0.1)
        yield port


class Biller:
    """One browser: a session, its form token, and a connection of its own to each server."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.session = client_of(cast.biller).cookies[settings.SESSION_COOKIE_NAME].value
        self.csrf = ""

    def _cookies(self) -> str:
        told = f"{settings.SESSION_COOKIE_NAME}={self.session}"
        return f"{told}; {settings.CSRF_COOKIE_NAME}={self.csrf}" if self.csrf else told

    def open_form(self, port: int) -> None:
        web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        web.request("GET", "/claims/new/", headers={"Cookie": self._cookies()})
        answer = web.getresponse()
        answer.read()
        found = re.search(rf"{settings.CSRF_COOKIE_NAME}=([^;]+)", str(answer.getheader("Set-Cookie")))
        if answer.status != 200 or found is None:
            raise SystemExit(f"the form answers {answer.status}")
        self.csrf = found[1]
        web.close()

    def submit(self, web: http.client.HTTPConnection) -> None:
        form: dict[str, Any] = {
            **typed(self.cast, form_token=str(uuid4()), member_id=f"AH{secrets.randbelow(10**8):08d}"),
            "csrfmiddlewaretoken": self.csrf,
            "do": "submit",
        }
        headers = {"Cookie": self._cookies(), "Content-Type": "application/x-www-form-urlencoded"}
        web.request("POST", "/claims/new/", urlencode(form), headers)
        answer = web.getresponse()
        answer.read()
        if answer.status != 302:
            raise SystemExit(f"a submission was answered with {answer.status}")


def submissions(billers: list[Biller], port: int, count: int) -> float:
    """Submissions a second of all clients together."""

    def work(biller: Biller) -> None:
        web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        start.wait()
        for _ in range(count // len(billers)):
            biller.submit(web)
        web.close()

    start = threading.Barrier(len(billers) + 1)
    threads = [threading.Thread(target=work, args=(biller,)) for biller in billers]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return count // len(billers) * len(billers) / (time.monotonic() - began)


def tidy(admin: psycopg.Connection) -> int:
    """Takes waiting questions out of the queue and closes the breaker; returns how many waited."""
    left = admin.execute(
        "WITH gone AS (DELETE FROM procrastinate_jobs WHERE task_name = 'ask_model' AND status = 'todo' RETURNING 1)"
        " SELECT count(*) FROM gone"
    ).fetchone()
    admin.execute("UPDATE intelligence_remotecircuit SET failures = 0, open_until = NULL")
    return int(left[0]) if left else 0


def measure(rounds: int, count: int) -> float:
    cast = make_cast()
    give_budget(cast.insurer, "1000.00", "1000.00")
    in_force("openai")
    billers = [Biller(cast) for _ in range(CLIENTS)]
    with ExitStack() as stack:
        server = stack.enter_context(serving())
        server.will(never)
        on = {"REMOTE_MODEL": "openai", "REMOTE_MODEL_ADDRESS": server.address, "REMOTE_MODEL_KEY": KEY}
        ports = {
            "off": stack.enter_context(web("off")),
            "hanging": stack.enter_context(web("hanging", **on)),
        }
        worker_login = {"CLAIMFLOW_LOGIN": "worker"}
        stack.enter_context(running("worker", "manage.py", "run_worker", **on, **worker_login))
        admin = stack.enter_context(harness.admin_connection(autocommit=True))
        for biller in billers:
            biller.open_form(ports["off"])
        for port in ports.values():
            submissions(billers, port, WARM_UP)
        rates: dict[str, list[float]] = {name: [] for name in ports}
        for number in range(rounds):
            names = list(ports) if number % 2 else list(reversed(ports))
            told = []
            for name in names:
                tidy(admin)
                rates[name].append(submissions(billers, ports[name], count))
                told.append(f"{name} {rates[name][-1]:6.2f}/s")
            print(
                f"round {number + 1}: {', '.join(sorted(told))}, questions asked so far {len(server.requests)}"
            )
    medians = {name: statistics.median(each) for name, each in rates.items()}
    ratio = medians["hanging"] / medians["off"]
    print(f"median: off {medians['off']:.2f}/s, hanging {medians['hanging']:.2f}/s, ratio {ratio:.3f}")
    return ratio


def main() -> int:
    rounds, count = (int(text) for text in (*sys.argv[1:], *("8", "60")[len(sys.argv) - 1 :]))
    with psycopg.connect(harness.ADMIN_URL, autocommit=True) as admin:
        harness.make_database(admin)
    try:
        return 0 if measure(rounds, count) >= TARGET else 1
    finally:
        from django.db import connections

        connections.close_all()
        harness.drop_database()


if __name__ == "__main__":
    sys.exit(main())
