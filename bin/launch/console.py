"""What the person at the terminal reads: progress, sentences about trouble, never a traceback."""

import errno
import os
import re
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import gettempdir

from launch.files import fresh_log
from launch.processes import Command, spawn, to_its_end

WORTH_A_TIME_SECONDS = 2.0
FULL_BELOW_BYTES = 1_000_000

NO_DISK = "There is no room left on the disk. Free some space (about 1 GB is needed) and run it again."
DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT)


class Trouble(Exception):
    """A sentence that says what is wrong, and one that shows the way out. Ends the program with status 1."""

    def __init__(self, what: str, way_out: str = "") -> None:
        super().__init__(f"{what}\n{way_out}" if way_out else what)


def say(text: str = "") -> None:
    """Prints at once, also into a pipe or a file."""
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def guard(program: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Runs a program and turns every failure into a sentence. Returns the exit status."""
    try:
        return program(arguments)
    except Trouble as trouble:
        complain(str(trouble))
        return 1
    except KeyboardInterrupt:
        complain("Stopped.")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        complain(sentence_for(error))
        return 1
    except Exception:
        report = Path(gettempdir()) / f"claimflow-error-{os.getpid()}.txt"
        report.write_text(traceback.format_exc())
        complain(f"Something unforeseen happened; {report} holds the details.")
        return 1


def sentence_for(error: OSError) -> str:
    """An error of the operating system in words, with the way out where there is a usual one."""
    if error.errno in DISK_FULL_ERRORS:
        return NO_DISK
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return (
            f"This user may not write or read {os.fsdecode(error.filename)}.\n"
            "Run it as the user who owns that place, or choose another folder with --var DIR."
        )
    place = f" ({os.fsdecode(error.filename)})" if error.filename else ""
    return f"The operating system refused: {error.strerror or error}{place}."


def run_step(
    title: str,
    command: Command,
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    way_out: str = "",
    keeps: tuple[int, ...] = (),
    on_start: Callable[[int], None] | None = None,
) -> None:
    """Runs a command to its end with its output in `log`, and tells how long it takes.

    Raises Trouble with the command's own reason when it fails. An interrupt ends the command too. `keeps` are
    open handles that it inherits; `on_start` is told its process number.
    """
    say(title)
    started = time.monotonic()
    with fresh_log(log) as sink:
        process = spawn(command, sink, cwd=cwd, env=env, keeps=keeps)
    if on_start:
        on_start(process.pid)
    status = to_its_end(process, lambda: say(f"  still working, {time.monotonic() - started:.0f} s"))
    if status:
        raise Trouble(*failure(title, log, way_out))
    seconds = time.monotonic() - started
    if seconds >= WORTH_A_TIME_SECONDS:
        say(f"  done after {seconds:.0f} s")


def failure(title: str, log: Path, way_out: str) -> tuple[str, str]:
    """What to tell about a command that failed: (what is wrong, the way out)."""
    text = log.read_text(errors="replace")
    full = shutil.disk_usage(log.parent).free < FULL_BELOW_BYTES
    if full or "No space left on device" in text or "Disk quota exceeded" in text:
        return f"{title}: it failed.", NO_DISK
    hint = f"{way_out}\n" if way_out else ""
    return f"{title}: it failed. {reason(text)}", f"{hint}The whole output is in {log}."


_WORDS_OF_FAILURE = re.compile(
    r"(?:^(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Configured|Refusal)|\b(?:FATAL|PANIC|ERROR|error)):\s+(?P<why>.+)$"
)
_SERVER_OWN_END = ("gunicorn.errors.", "Worker failed to boot")


def reason(output: str) -> str:
    """The one line of a failed command's output that says why; an empty string when it said nothing."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    lines = [line for line in lines if not any(part in line for part in _SERVER_OWN_END)]
    for line in reversed(lines):
        if found := _WORDS_OF_FAILURE.search(line):
            return found["why"]
    return lines[-1] if lines else ""
