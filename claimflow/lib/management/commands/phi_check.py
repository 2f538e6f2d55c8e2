from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claimflow.lib.phi.rekey import check, encrypted_models

SHOWN = 20  # bad rows printed for one model


class Command(BaseCommand):
    help = (
        "Open encrypted values of every model, verify the seals over them and count both by key. Exit status 1"
        " when a value does not open or a seal does not fit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        how_many = parser.add_mutually_exclusive_group()
        how_many.add_argument("--all", action="store_true", help="every row, not a sample")
        how_many.add_argument("--sample", type=int, default=200, help="rows of each model (default 200)")

    def handle(self, *_args: Any, **options: Any) -> None:
        bad = 0
        for model in encrypted_models():
            found = check(model, sample=None if options["all"] else options["sample"])
            keys = ", ".join(f"key {key}: {count}" for key, count in sorted(found.keys.items()))
            seals = "".join(f", seals by index key {key}: {n}" for key, n in sorted(found.seals.items()))
            bad_here = len(found.bad)
            self.stdout.write(
                f"{found.model}: {found.rows} rows, {keys or 'no values'}{seals}, {bad_here} that do not open"
            )
            for key, sentence in found.bad[:SHOWN]:
                self.stderr.write(f"{found.model} {key}: {sentence}")
            bad += bad_here
        if bad:
            raise CommandError(f"{bad} encrypted values do not open or do not fit their seal.")
