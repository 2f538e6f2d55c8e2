from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claimflow.lib.phi import keyring
from claimflow.lib.phi.rekey import count_stale, encrypted_models, rekey


class Command(BaseCommand):
    help = (
        "Re-encrypt every encrypted value with the current key (the first of PHI_KEYS) and rebuild blind"
        " indexes with the current index key. Works beside the running application and can be stopped and"
        " started again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows in one transaction (default 500)")

    def handle(self, *_args: Any, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("--batch needs at least 1.")
        values, indexes = keyring.values(), keyring.indexes()
        self.stdout.write(f"Current key {values.current}, current index key {indexes.current}.")
        bad = left = 0
        for model in encrypted_models():
            for findings in rekey(model, batch=batch):
                if options["verbosity"] > 1:
                    self.stdout.write(f"{findings.model}: {findings.rows} rows so far")
            remaining = count_stale(model)
            self.stdout.write(f"{findings.model}: {findings.rows - len(findings.bad)} rows re-encrypted")
            for key, sentence in findings.bad:
                self.stderr.write(f"{findings.model} {key}: {sentence}")
            bad += len(findings.bad)
            left += remaining - len(findings.bad)
        if bad:
            raise CommandError(f"{bad} rows could not be opened and keep their old key. Keep it in the ring.")
        if left > 0:
            raise CommandError(
                f"{left} rows were written with an older key meanwhile. Restart every process and run again."
            )
        self.stdout.write("Every value has the current key. An older key may go once no backup needs it.")
