"""Living, dead, zombie and stranger are told apart."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from launch import processes
from launch.processes import Process, Records

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = (
    f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); {SLEEP[2]}"
)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_a_living_process_is_known_by_number_and_birth(sleeper: subprocess.Popen[bytes]) -> None:
    found = processes.find(sleeper.pid)
    assert found is not None
    assert found.alive
    assert not Process(sleeper.pid, "another birth").alive


def test_a_zombie_is_dead(sleeper: subprocess.Popen[bytes]) -> None:
    found = processes.find(sleeper.pid)
    assert found is not None
    sleeper.kill()
    # Nobody has waited for it yet: its number still exists, and a signal to it would succeed.
    assert processes.wait_for_end(found, 5)
    os.kill(sleeper.pid, 0)
    assert processes.find(sleeper.pid) is None


def test_without_proc_ps_tells_the_same(
    sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PROC", Path("/nonexistent"))
    found = processes.find(sleeper.pid)
    assert found is not None
    assert found.alive
    assert "time.sleep(60)" in processes.command_line(sleeper.pid)
    assert processes.find(2**22 + 1) is None


def test_ending_is_gentle_first_and_then_not() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    found = processes.find(process.pid)
    assert found is not None
    assert processes.end(found, ((signal.SIGTERM, 0.2), (signal.SIGKILL, 5.0)), group=True)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()


def test_ending_one_that_is_gone_is_nothing() -> None:
    assert processes.end(Process(2**22 + 1, "never"))


def test_an_interrupt_ends_the_program_that_was_waited_for(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as sink:
        process = processes.spawn(SLEEP, sink)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        processes.to_its_end(process, interrupt, beat_seconds=0.05)
    assert process.returncode == -signal.SIGKILL


def test_those_that_live_in_a_folder_are_found(tmp_path: Path) -> None:
    process = subprocess.Popen(SLEEP, cwd=tmp_path)
    time.sleep(0.05)
    assert [one.pid for one in processes.living_in(tmp_path)] == [process.pid]
    process.kill()
    process.wait()
    assert processes.living_in(tmp_path) == []


class TestRecords:
    def test_what_a_killed_run_left_is_ended_and_forgotten(
        self, tmp_path: Path, sleeper: subprocess.Popen[bytes]
    ) -> None:
        Records(tmp_path).note("worker", sleeper.pid)
        assert list(Records(tmp_path).living()) == ["worker"]
        assert Records(tmp_path).end_all() == ["worker"]
        assert sleeper.wait(5) == -signal.SIGTERM
        assert list(tmp_path.iterdir()) == []

    def test_a_number_that_went_to_a_stranger_is_left_alone(
        self, tmp_path: Path, sleeper: subprocess.Popen[bytes]
    ) -> None:
        stale = {"pid": sleeper.pid, "born": "0", "folder": str(tmp_path)}
        (tmp_path / "worker.process").write_text(json.dumps(stale))
        assert Records(tmp_path).end_all() == []
        assert sleeper.poll() is None

    def test_a_copied_folder_does_not_end_the_original(
        self, tmp_path: Path, sleeper: subprocess.Popen[bytes]
    ) -> None:
        original, copy = tmp_path / "original", tmp_path / "copy"
        original.mkdir()
        Records(original).note("worker", sleeper.pid)
        original.rename(copy)
        assert Records(copy).end_all() == []
        assert sleeper.poll() is None

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x", "born": "", "folder": "FOLDER"}'])
    def test_a_half_written_record_is_thrown_away(self, tmp_path: Path, content: str) -> None:
        file = tmp_path / "worker.process"
        file.write_text(content.replace("FOLDER", str(tmp_path)))
        assert Records(tmp_path).living() == {}
        assert not file.exists()

    def test_nothing_is_noted_of_the_dead(self, tmp_path: Path) -> None:
        Records(tmp_path).note("worker", 2**22 + 1)
        assert list(tmp_path.iterdir()) == []
