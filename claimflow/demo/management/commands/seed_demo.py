import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claimflow.demo.seed import Found, found, seed


class Command(BaseCommand):
    help = "Fill an empty database with invented organizations, people and claims. Refused in production."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--accounts-file", help="write e-mail, password, role, organization, totp_secret here (JSON)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.CLAIMFLOW_ENV not in {"demo", "development", "test"}:
            raise CommandError("The demonstration is never written into a production database.")
        there = found()
        if there == Found.WHOLE:
            self.stdout.write("The demonstration is already there; nothing was changed.")
            return
        if there == Found.HALF:
            raise CommandError(
                "The demonstration is only half there, because an earlier run was stopped. Start again from an empty "
                "database: bin/demo reset, then bin/demo."
            )
        file = options["accounts_file"]
        accounts = seed(say=self._say, keep=lambda made: self._write(Path(file), made) if file else None)
        self.stdout.write(f"The demonstration has {len(accounts)} accounts.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    @staticmethod
    def _write(path: Path, accounts: list[dict[str, str]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(accounts, file, indent=2)
