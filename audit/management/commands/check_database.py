from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, connection
from psycopg_pool import PoolTimeout

from audit.actions.verify import verify
from claimflow.lib import start_checks
from claimflow.lib.db import drift
from claimflow.lib.db.context import acting_as
from claimflow.lib.phi.rekey import check, encrypted_models

SHOWN = 20  # faults printed for one question, rows for one table
SIZES = """
    SELECT s.schemaname || '.' || s.relname, s.n_live_tup, s.n_dead_tup, pg_total_relation_size(s.relid),
           coalesce(to_char(greatest(s.last_vacuum, s.last_autovacuum), 'YYYY-MM-DD HH24:MI'), 'never')
    FROM pg_stat_user_tables s ORDER BY 4 DESC LIMIT %s
"""
INDEXES = """
    SELECT s.schemaname || '.' || s.indexrelname, s.idx_scan, pg_relation_size(s.indexrelid)
    FROM pg_stat_user_indexes s JOIN pg_index i ON i.indexrelid = s.indexrelid
    WHERE NOT i.indisunique AND s.idx_scan = 0 ORDER BY 3 DESC LIMIT %s
"""
RUNNING = """
    SELECT pid, extract(epoch FROM clock_timestamp() - xact_start)::int, state
    FROM pg_stat_activity WHERE datname = current_database() AND xact_start < clock_timestamp() - interval '1 minute'
    ORDER BY xact_start LIMIT %s
"""


class Command(BaseCommand):
    help = (
        "Ask the database everything that can be asked without changing it: connection and login, migrations, tables"
        " against models, row-level security, encrypted values, the audit trail, sizes, unused indexes and long"
        " transactions. Exit status 1 when anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sample", type=int, default=200, help="rows of each model whose values are opened"
        )
        parser.add_argument("--without-trail", action="store_true", help="do not verify the audit trail")

    def handle(self, *_args: Any, **options: Any) -> None:
        questions: list[tuple[str, Callable[[], Iterator[str]]]] = [
            ("Settings, login and migrations", start_checks.faults),
            ("Tables and models", _as_system(drift.model_faults)),
            ("Row-level security", _as_system(drift.security_faults)),
            ("Encrypted values", lambda: _values(options["sample"])),
        ]
        if not options["without_trail"]:
            questions.append(("Audit trail", _trail))
        wrong = 0
        for name, question in questions:
            found = self._ask(name, question)
            if found is None:
                raise CommandError("The database does not answer. Nothing more was asked.")
            wrong += found
        self._tell()
        if wrong:
            raise CommandError(f"{wrong} things are wrong. Nothing was changed.")
        self.stdout.write("All is well.")

    def _ask(self, name: str, question: Callable[[], Iterator[str]]) -> int | None:
        """How many faults; None when there is no database to ask."""
        try:
            found = list(question())
        except (DatabaseError, InterfaceError, PoolTimeout) as error:
            self.stderr.write(f"{name}: {str(error).strip().splitlines()[0]}")
            return None
        self.stdout.write(f"{name}: {len(found) or 'no'} faults")
        for sentence in found[:SHOWN]:
            self.stderr.write(f"  {sentence}")
        if len(found) > SHOWN:
            self.stderr.write(f"  and {len(found) - SHOWN} more")
        return len(found)

    def _tell(self) -> None:
        """What is no fault but worth knowing."""
        with acting_as("system", "check_database"), connection.cursor() as cursor:
            cursor.execute(SIZES, [SHOWN])
            self.stdout.write("Largest tables (rows, dead rows, size, last vacuumed):")
            for table, rows, dead, size, when in cursor.fetchall():
                self.stdout.write(f"  {table}  {rows}  {dead}  {_size(size)}  {when}")
            cursor.execute(INDEXES, [SHOWN])
            self.stdout.write("Indexes never used since the statistics began:")
            for index, _scans, size in cursor.fetchall():
                self.stdout.write(f"  {index}  {_size(size)}")
            cursor.execute(RUNNING, [SHOWN])
            for process, seconds, state in cursor.fetchall():
                self.stdout.write(f"A transaction of process {process} ({state}) is open for {seconds} s.")


def _as_system(question: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
    def asked() -> Iterator[str]:
        with acting_as("system", "check_database"):
            yield from list(question())

    return asked


def _values(sample: int) -> Iterator[str]:
    for model in encrypted_models():
        found = check(model, sample=sample)
        yield from (f"{found.model} {key}: {sentence}" for key, sentence in found.bad)


def _trail() -> Iterator[str]:
    report = verify()
    yield from (finding.sentence for finding in report.errors)


def _size(amount: int) -> str:
    """Bytes in words: 12 kB, 3.4 MB."""
    number = float(amount)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1024 or unit == "GB":
            break
        number /= 1024
    return f"{number:.0f} {unit}" if number >= 10 or unit == "B" else f"{number:.1f} {unit}"
