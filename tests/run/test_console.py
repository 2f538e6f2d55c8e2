"""Failures become sentences."""

import errno
import os
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from launch import console
from launch.console import Trouble

PIP = """WARNING: something
ERROR: Could not find a version that satisfies the requirement x
ERROR: No matching distribution found for x
"""
DJANGO = """Traceback (most recent call last):
  File "a.py", line 1
django.core.exceptions.ImproperlyConfigured: PHI_KEYS is empty.
"""
GUNICORN = f"""{DJANGO}
[2026] [ERROR] Worker (pid:3) exited with code 3.
gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>
"""
POSTGRES = """2026 [3] LOG:  starting
2026 [3] FATAL:  could not create shared memory
2026 [3] LOG:  database system is shut down
"""
COMMAND = "CommandError: Set ADMIN_DATABASE_URL.\n"


@pytest.mark.parametrize(
    ("output", "why"),
    [
        (PIP, "No matching distribution found for x"),
        (DJANGO, "PHI_KEYS is empty."),
        (GUNICORN, "PHI_KEYS is empty."),
        (POSTGRES, "could not create shared memory"),
        (COMMAND, "Set ADMIN_DATABASE_URL."),
        ("just words\n\n", "just words"),
        ("", ""),
    ],
)
def test_the_reason_is_found_in_what_a_program_printed(output: str, why: str) -> None:
    assert console.reason(output) == why


def test_a_step_that_fails_says_why_and_where_to_read_more(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise ValueError('no such plan')"]
    with pytest.raises(
        Trouble, match=r"(?s)Planning: it failed\. no such plan\nTry again\.\n.*plan\.log"
    ) as caught:
        console.run_step("Planning", command, log=tmp_path / "plan.log", way_out="Try again.")
    assert "Traceback" not in str(caught.value)


def test_a_step_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(console.shutil, "disk_usage", lambda _: usage(1, 1, 0))
    with pytest.raises(Trouble, match="no room left on the disk"):
        console.run_step("Planning", [sys.executable, "-c", "raise SystemExit(1)"], log=tmp_path / "plan.log")


def test_a_quick_step_shows_its_name_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    console.run_step("Planning", [sys.executable, "-c", "print('x')"], log=tmp_path / "plan.log")
    assert capsys.readouterr().out == "Planning\n"
    assert (tmp_path / "plan.log").read_text() == "x\n"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "no room left on the disk"),
        (PermissionError(errno.EACCES, "denied", "/root/x"), "may not write or read /root/x"),
        (OSError(errno.EIO, "Input/output error", "/x"), r"refused: Input/output error \(/x\)"),
    ],
)
def test_errors_of_the_operating_system_are_told_in_words(error: OSError, sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError(console.sentence_for(error))


@pytest.mark.parametrize(
    ("failure", "status", "said"),
    [
        (Trouble("It is so.", "Do this."), 1, "It is so.\nDo this.\n"),
        (KeyboardInterrupt(), 130, "Stopped.\n"),
        (OSError(errno.ENOSPC, "full"), 1, console.NO_DISK + "\n"),
    ],
)
def test_a_program_ends_with_a_sentence(
    failure: BaseException, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def program(_arguments: list[str]) -> int:
        raise failure

    assert console.guard(program, []) == status
    assert capsys.readouterr().err == said


def test_even_the_unforeseen_shows_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "gettempdir", lambda: str(tmp_path))
    assert console.guard(lambda arguments: 1 // len(arguments), []) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    (report,) = tmp_path.iterdir()
    assert str(report) in said
    assert "ZeroDivisionError" in report.read_text()
