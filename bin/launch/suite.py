"""`bin/test`: every check of the project in one command; the last line is pytest's own."""

import argparse
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launch import keys, postgres
from launch.chromium import require_chromium
from launch.console import Trouble, say
from launch.environment import KEY_NAMES
from launch.files import read_json, write_private
from launch.places import CHECKOUT, hold
from launch.venv import Environment

PROCESSES = "2"
OLDEST_SERVER = Path("/usr/lib/postgresql/15")


@dataclass(frozen=True)
class Part:
    """What one word after `bin/test` runs: which marks, with or without the checks and a browser."""

    marks: str
    explanation: str
    checks: bool = True
    browser: bool = True


PARTS = {
    "full": Part("not nightly", "everything but the long runs of the night (the default)"),
    "quick": Part(
        "not slow and not browser and not nightly", "what takes less than two minutes", browser=False
    ),
    "browser": Part("browser and not nightly", "only the journeys in a real browser", checks=False),
    "nightly": Part("", "everything, and again on PostgreSQL 15 where its programs are installed"),
}


@dataclass(frozen=True)
class Check:
    """One check that needs no test: a program of the environment and its words."""

    name: str
    command: tuple[str, ...]


def main(arguments: list[str]) -> int:
    options, further = _parser().parse_known_args(arguments)
    name, further = _part(options.part, further)
    part = PARTS[name]
    var = CHECKOUT / "var"
    log = var / "log"
    log.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = Environment()
    environment.ensure("dev", log=log)
    failed = _failed_checks(environment.root / "bin") if part.checks else []
    if failed:
        say(f"Failed: {', '.join(failed)}. The tests are run all the same; the exit status will say so.")
    browser = {"CHROMIUM": require_chromium(log)} if part.browser else {}
    status = 1 if failed else 0
    for place, programs in _servers(name, environment):
        with _server(var, place, programs, log) as url:
            status = (
                _pytest(environment.python, part, further, {**browser, "TEST_DATABASE_URL": url}) or status
            )
    return status


def _parser() -> argparse.ArgumentParser:
    parts = "\n".join(f"  {name:8} {part.explanation}" for name, part in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description=f"Every check of the project.\n\n{parts}",
        epilog="Everything else goes to pytest, for example: bin/test quick tests/claims -k submit\n"
        "TEST_DATABASE_URL, an administrator's login, runs the tests on another PostgreSQL 15 to 18.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="?", default="full", metavar="PART")
    return parser


def _part(first: str, further: list[str]) -> tuple[str, list[str]]:
    """A first word that is no part is meant for pytest."""
    return (first, further) if first in PARTS else ("full", [first, *further])


def _failed_checks(programs: Path) -> list[str]:
    """Runs the checks, two at a time. Prints the output of those that fail, and how long the others took."""
    checks = list(_checks())
    with ThreadPoolExecutor(2) as two:
        results = list(two.map(lambda check: _run_check(programs, check), checks))
    failed = []
    for check, (output, seconds) in zip(checks, results, strict=True):
        if output is None:
            say(f"{check.name}: well, {seconds:.1f} s")
        else:
            say(f"{check.name}: failed\n{output}")
            failed.append(check.name)
    return failed


def _run_check(programs: Path, check: Check) -> tuple[str | None, float]:
    """The output of a failed check, None of a good one; and its seconds."""
    began = time.monotonic()
    done = subprocess.run(
        [programs / check.command[0], *check.command[1:]],
        cwd=CHECKOUT,
        env={**os.environ, **_settings_for_checks()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr if done.returncode else None), time.monotonic() - began


def _checks() -> Iterator[Check]:
    """The slowest first, so that two hands are busy to the end."""
    yield Check("types", ("python", "-m", "mypy", "."))
    yield Check("format", ("ruff", "format", "--check", "--output-format", "concise", "."))
    yield Check("lint", ("ruff", "check", "--output-format", "concise", "."))
    if "[tool.importlinter]" in (CHECKOUT / "pyproject.toml").read_text():
        lint_imports = "from importlinter.cli import lint_imports_command as go; go()"
        yield Check("floors", ("python", "-c", lint_imports))
    folders = sorted(str(file.parent.relative_to(CHECKOUT)) for file in CHECKOUT.glob("*/__init__.py"))
    own = [folder for folder in folders if folder != "tests"]  # tests say passwords aloud and start programs
    yield Check(
        "security", ("bandit", "--quiet", "--recursive", "--severity-level", "medium", *own, "bin", "bench")
    )
    yield Check("migrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run"))
    templates = sorted(str(file.relative_to(CHECKOUT)) for file in CHECKOUT.glob("templates/**/*.html"))
    if templates:
        yield Check("template format", ("djade", "--check", "--target-version", "5.2", *templates))
        yield Check("templates", ("python", "-m", "djlint", "--lint", "--quiet", *templates))


def _settings_for_checks() -> dict[str, str]:
    """Enough for Django to load its models; no check opens a database."""
    made = keys.fresh()
    settings = {"CLAIMFLOW_ENV": "test", "CLAIMFLOW_ENV_FILE": os.devnull, "DB_POOL": "0"}
    return {**settings, **{name: made[name] for name in KEY_NAMES}}


def _servers(name: str, environment: Environment) -> Sequence[tuple[str, Path | None]]:
    """The servers to test on: (name of its folder in var/, its programs), or one that somebody named."""
    if os.environ.get("TEST_DATABASE_URL"):
        return [("", None)]
    embedded = ("test-pg", environment.postgres_programs())
    if name != "nightly":
        return [embedded]
    if not OLDEST_SERVER.is_dir():
        say(f"SKIPPED: the tests on PostgreSQL 15, because {OLDEST_SERVER} is not installed on this machine.")
        return [embedded]
    return [("test-pg15", OLDEST_SERVER), embedded]


@contextmanager
def _server(var: Path, name: str, programs: Path | None, log: Path) -> Iterator[str]:
    """The administrator's URL of a running server: of TEST_DATABASE_URL, or of one started for this run."""
    if programs is None:
        yield os.environ["TEST_DATABASE_URL"]
        return
    place = var / name
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = hold(place)
    if lock is None:
        raise Trouble(
            "Another bin/test is running in this checkout.", "Wait for it, or use another checkout."
        )
    durability = postgres.WITHOUT_DURABILITY
    cluster = postgres.Cluster(place, programs, _password(place), log / f"{name}.log", settings=durability)
    try:
        cluster.start()
        yield cluster.admin_url
    finally:
        cluster.stop()
        os.close(lock)


def _password(place: Path) -> str:
    file = place / "password.json"
    if not read_json(file):
        write_private(file, f'"{secrets.token_urlsafe(24)}"')
    return str(read_json(file))


def _pytest(python: Path, part: Part, further: Sequence[str], env: dict[str, str]) -> int:
    marks = ("-m", part.marks) if part.marks else ()
    command = [python, "-m", "pytest", "-n", PROCESSES, *marks, *further]
    sys.stdout.flush()
    process = subprocess.Popen(command, cwd=CHECKOUT, env={**os.environ, **env})
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The terminal has told pytest as well; it ends by itself and says what it has seen so far.
        return process.wait()
