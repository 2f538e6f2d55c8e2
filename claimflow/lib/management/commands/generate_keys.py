import base64
import os
import re
import secrets
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

LOGINS = {
    "DATABASE_URL": "app",
    "WORKER_DATABASE_URL": "worker",
    "MIGRATE_DATABASE_URL": "migrator",
    "BACKUP_DATABASE_URL": "backup",
}
EMPTY = re.compile(r"^#?(?P<name>[A-Z_]+)=(?P<value>.*)$")
PLACEHOLDERS = {"", "1:"}


def key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def fresh(*, server: str, database: str, prefix: str) -> dict[str, str]:
    """Every secret of an installation by the name of its setting: keys, and a password for each database login."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        **{
            name: f"postgres://{prefix}{login}:{secrets.token_urlsafe(24)}@{server}/{database}"
            for name, login in LOGINS.items()
        },
        **{ring: f"1:{key()}" for ring in ("CONTEXT_KEYS", "PHI_KEYS", "PHI_INDEX_KEYS", "BACKUP_KEYS")},
        "AUDIT_SIGNING_KEY": key(),
    }


def filled(text: str, made: dict[str, str]) -> tuple[str, list[str]]:
    """The settings file with the secrets put where it has none yet, and their names. A value that somebody set stays:
    another key in its place would make the encrypted data unreadable."""
    lines, named = [], []
    for line in text.splitlines():
        found = EMPTY.match(line)
        name = found["name"] if found else ""
        if found and name in made and (found["value"].strip() in PLACEHOLDERS or _is_example(found["value"])):
            line = f"{name}={made[name]}"
            named.append(name)
        lines.append(line)
    return "\n".join([*lines, ""]), named


def _is_example(value: str) -> bool:
    return value.startswith("postgres://") and ":password@" in value


class Command(BaseCommand):
    help = (
        "Make every secret of an installation: prints them as lines for .env, or puts them into a copy of .env.example "
        "where it has none yet. A value that is already there is never replaced."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--into", metavar="FILE", help="a copy of .env.example to fill in")
        parser.add_argument("--server", default="127.0.0.1:5432", metavar="HOST:PORT", help="of PostgreSQL")
        parser.add_argument("--database", default="claimflow", help="its name")
        parser.add_argument("--prefix", default="claimflow_", help="what the names of the roles begin with")

    def handle(self, *_args: Any, **options: Any) -> None:
        made = fresh(server=options["server"], database=options["database"], prefix=options["prefix"])
        if not options["into"]:
            self.stdout.write("\n".join(f"{name}={value}" for name, value in made.items()))
            return
        path = Path(options["into"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}. Make it first: cp .env.example {path}")
        text, named = filled(path.read_text(encoding="utf-8"), made)
        handle = os.open(path, os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        path.chmod(0o600)
        if named:
            self.stdout.write(f"Made in {path}: {', '.join(named)}.")
            self.stdout.write(
                "Keep a copy of the keys where the backups are not: without them no health data can be read."
            )
        else:
            self.stdout.write(f"Every secret of {path} is already set; nothing was changed.")
