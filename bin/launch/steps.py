"""What turns an empty database server into the demonstration: five commands.

Each is skipped while nothing it reads has changed since it last succeeded. One that was interrupted is simply
done again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launch.console import run_step
from launch.environment import Product
from launch.external import is_external
from launch.files import fingerprint, read_json, write_private
from launch.places import CHECKOUT
from launch.processes import Records

CHECK_ADDRESS = "Check the address and the password in ADMIN_DATABASE_URL."
SEED = "seed"
BEGIN_ANEW = "If it fails again, begin anew with: bin/demo reset"


@dataclass(frozen=True)
class Step:
    """One command of manage.py. `reads` are the files (globs) whose change makes it run again."""

    name: str
    title: str
    command: tuple[str, ...]
    reads: tuple[str, ...] = ()
    logins: tuple[str, ...] = ("app",)
    administrator: bool = False


def all_steps(accounts: Path) -> tuple[Step, ...]:
    return (
        Step(
            "bootstrap",
            "Making the database and its roles",
            ("db_bootstrap",),
            reads=("claimflow/lib/db/*.py",),
            logins=("app", "worker", "migrator", "backup"),
            administrator=True,
        ),
        Step(
            "migrate",
            "Making the tables",
            ("migrate", "--noinput"),
            reads=(
                "*/migrations/*.py",
                "claimflow/lib/migrations/*.py",
                "claimflow/lib/db/*.py",
                # What is copied into the database after every migrate: keys, job names, words of the trail, roles.
                "*/apps.py",
                "claimflow/lib/apps.py",
                "*/jobs.py",
                "*/enums.py",
                "accounts/roles.py",
                "requirements.txt",
            ),
            logins=("app", "migrator"),
        ),
        Step(
            "codes",
            "Loading the diagnosis codes (ICD-10-CM)",
            ("load_icd10cm", "--bundled"),
            reads=(
                "codes/data/**/*",
                "codes/icd10/*.py",
                "codes/actions/*.py",
                "codes/formats.py",
                "codes/management/commands/load_icd10cm.py",
                "requirements.txt",
            ),
        ),
        Step(SEED, "Inventing people and claims", ("seed_demo", "--accounts-file", str(accounts))),
        Step(
            "static",
            "Collecting style sheets and scripts",
            ("collectstatic", "--noinput"),
            reads=("static/**/*", "*/static/**/*", "requirements.txt"),
        ),
    )


def bring_up(product: Product, python: Path, server_identity: str, records: Records) -> None:
    """Runs the steps that are due. Raises Trouble at the first that fails; the others stay done."""
    kept = read_json(product.var.stamps) or {}
    # Another server, or one made anew, knows nothing of what was done on the last one.
    done: dict[str, str] = dict(kept.get("done", {})) if kept.get("server") == server_identity else {}
    for step in all_steps(product.var.accounts):
        now = fingerprint(_files(step))
        if done.get(step.name) == now and (step.name != SEED or product.var.accounts.exists()):
            continue
        run_step(
            step.title,
            [python, "manage.py", *step.command],
            log=product.var.log / f"{step.name}.log",
            env=product.environment(*step.logins, administrator=step.administrator),
            cwd=CHECKOUT,
            way_out=CHECK_ADDRESS if step.administrator and is_external(server_identity) else BEGIN_ANEW,
            on_start=lambda pid: records.note("step", pid),
        )
        records.forget("step")
        if step.name == SEED:
            product.var.accounts.chmod(0o600)
        done[step.name] = now
        write_private(product.var.stamps, json.dumps({"server": server_identity, "done": done}, indent=2))


def _files(step: Step) -> Iterator[Path]:
    for pattern in step.reads:
        yield from (
            file for file in CHECKOUT.glob(pattern) if file.is_file() and "__pycache__" not in file.parts
        )
