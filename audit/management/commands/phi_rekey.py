from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actions import record
from audit.enums import Action, Detail, Outcome, Severity, SubjectKind
from claimflow.lib.db.context import acting_as
from claimflow.lib.phi import keyring
from claimflow.lib.phi.rekey import Findings, count_stale, encrypted_models, rekey

KEYS = UUID("00000000-0000-7000-8000-0000000000a2")  # the subject of events about the keys


class Command(BaseCommand):
    help = (
        "Re-encrypt every encrypted value with the current key (the first of PHI_KEYS), and rebuild blind"
        " indexes and seals with the current index key. Works beside the running application and can be"
        " stopped and started again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows in one transaction (default 500)")

    def handle(self, *_args: Any, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("--batch needs at least 1.")
        values, indexes = keyring.values(), keyring.indexes()
        self.stdout.write(f"Current key {values.current}, current index key {indexes.current}.")
        models = encrypted_models()
        if waiting := sum(count_stale(model) for model in models):
            _tell(Action.PURPOSE_STARTED, {Detail.COMMAND: "phi_rekey", Detail.ROWS: waiting})
        met: dict[str, Findings] = {}
        left = 0
        try:
            for model in models:
                for findings in rekey(model, batch=batch):
                    met[findings.model] = findings
                    if options["verbosity"] > 1:
                        self.stdout.write(f"{findings.model}: {findings.rows} rows so far")
                left += count_stale(model) - len(findings.bad)
                self.stdout.write(f"{findings.model}: {findings.changed} rows re-encrypted")
                for key, sentence in findings.bad:
                    self.stderr.write(f"{findings.model} {key}: {sentence}")
        finally:
            _tell_result(list(met.values()))
        if bad := sum(len(findings.bad) for findings in met.values()):
            raise CommandError(
                f"{bad} rows do not open or do not fit their seal, and keep their old key. Keep it in the ring."
            )
        if left > 0:
            raise CommandError(
                f"{left} rows were written with an older key meanwhile. Restart every process and run again."
            )
        self.stdout.write("Every value has the current key. An older key may go once no backup needs it.")


def _tell_result(met: list[Findings]) -> None:
    """What this run changed, also when it was stopped half way; nothing when it found nothing to do."""
    bad = sum(len(findings.bad) for findings in met)
    changed = sum(findings.changed for findings in met)
    if changed or bad:
        _tell(
            Action.KEYS_CHANGED,
            {
                Detail.KEY_ID: keyring.values().current,
                Detail.INDEX_KEY_ID: keyring.indexes().current,
                Detail.ROWS: changed,
                Detail.TABLES: [f"{each.model}:{each.changed}" for each in met if each.changed],
                Detail.REFUSED: bad,
            },
            is_good=not bad,
        )


def _tell(action: Action, details: dict[str, Any], *, is_good: bool = True) -> None:
    with acting_as("system", "rekey"):
        record(
            action,
            SubjectKind.COMMAND,
            KEYS,
            details=details,
            outcome=Outcome.SUCCESS if is_good else Outcome.FAILURE,
            severity=Severity.INFO if is_good else Severity.CRITICAL,
        )
