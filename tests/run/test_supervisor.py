"""Services start, fall, are started again and end."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from launch import ports, supervisor
from launch.console import Trouble
from launch.processes import Records
from launch.supervisor import Service, Supervisor

READY = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2]) if self.path == "/readyz" else 404)
        self.end_headers()
        self.wfile.write(b"database: no")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
SLEEP = "import time; time.sleep(60)"
FALL = "raise SystemExit('RuntimeError: PHI_KEYS is empty.')"


def service(tmp_path: Path, program: str, *arguments: str, name: str = "web server") -> Service:
    command = [sys.executable, "-c", program, *arguments]
    return Service(name, command, dict(os.environ), tmp_path / f"{name}.log")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor([], Records(tmp_path))
    yield supervisor
    supervisor.stop()


def test_it_waits_until_the_server_is_ready(run: Supervisor, tmp_path: Path) -> None:
    port = ports.any_free()
    run.services = [service(tmp_path, READY, str(port), "200"), service(tmp_path, SLEEP, name="worker")]
    run.start()
    run.wait_until_ready(port)
    assert supervisor.is_ready(port)
    assert sorted(run.records.living()) == ["web server", "worker"]
    run.stop()
    assert run.records.living() == {}
    assert not ports.answers(port)


def test_a_refusal_to_start_is_told(run: Supervisor, tmp_path: Path) -> None:
    run.services = [service(tmp_path, FALL)]
    run.start()
    with pytest.raises(
        Trouble, match=r"(?s)The web server did not start\. PHI_KEYS is empty\..*web server\.log"
    ):
        run.wait_until_ready(ports.any_free())


def test_a_server_that_never_gets_ready_tells_its_last_word(
    run: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "READY_SECONDS", 1.0)
    port = ports.any_free()
    run.services = [service(tmp_path, READY, str(port), "503")]
    run.start()
    with pytest.raises(Trouble, match=r"did not become ready\. It answers 503: database: no"):
        run.wait_until_ready(port)


def test_what_falls_is_started_again(
    run: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.services = [service(tmp_path, SLEEP, name="worker")]
    run.start()
    fallen = run.services[0].process
    assert fallen is not None
    os.kill(fallen.pid, signal.SIGKILL)
    looks = iter(range(20))

    def look(_seconds: float) -> None:
        if next(looks) == 10:
            raise KeyboardInterrupt
        time.sleep_(0.05)

    monkeypatch.setattr(time, "sleep_", time.sleep, raising=False)
    monkeypatch.setattr(supervisor.time, "sleep", look)
    with pytest.raises(KeyboardInterrupt):
        run.watch()
    monkeypatch.undo()
    assert "The worker ended unexpectedly and is started again." in capsys.readouterr().out
    now = run.services[0].process
    assert now is not None
    assert now.pid != fallen.pid
    assert now.poll() is None


def test_what_falls_again_and_again_ends_the_run(
    run: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.05)
    run.services = [service(tmp_path, FALL, name="worker")]
    run.start()
    with pytest.raises(Trouble, match=r"The worker keeps falling\. PHI_KEYS is empty\."):
        run.watch()


class FallenDatabase:
    """A database that falls as often as it is told to."""

    def __init__(self, log: Path, falls: int) -> None:
        self.log = log
        self.falls = falls
        self.revived = 0

    @property
    def has_fallen(self) -> bool:
        return self.revived < self.falls

    def revive(self) -> None:
        self.revived += 1


def test_a_database_that_falls_is_started_again_before_the_services(
    run: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.05)
    database = FallenDatabase(tmp_path / "postgres.log", 1)
    run.database = database  # type: ignore[assignment]  # as much of a cluster as is asked of it here
    run.services = [service(tmp_path, FALL, name="worker")]
    run.start()
    with pytest.raises(Trouble, match="The worker keeps falling"):
        run.watch()
    assert database.revived == 1
    assert capsys.readouterr().out.startswith("The database ended unexpectedly and is started again.")


def test_a_database_that_falls_again_and_again_ends_the_run(
    run: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.05)
    log = tmp_path / "postgres.log"
    log.write_text("FATAL:  could not write to file\n")
    run.database = FallenDatabase(log, 99)  # type: ignore[assignment]  # see above
    with pytest.raises(Trouble, match=r"(?s)The database keeps falling\. .*postgres\.log"):
        run.watch()


def test_falls_long_ago_do_not_count() -> None:
    falls = supervisor.Falls()
    hour = 3600.0
    assert [falls.one_too_many(at * hour) for at in range(6)] == [False] * 6
    assert [falls.one_too_many(10 * hour + second) for second in range(4)] == [False, False, False, True]
