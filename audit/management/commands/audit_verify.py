import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actions.findings import Report
from audit.actions.verify import verify


class Command(BaseCommand):
    help = (
        "Prove that the audit trail is what was written: rows, chains, seals, signatures and the copies"
        " outside the database. Exit status 1 and the first bad row when it is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from-checkpoint",
            type=int,
            default=0,
            metavar="N",
            help="trust what checkpoint N and those before it sealed, and ask about the rest",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = verify(from_checkpoint=options["from_checkpoint"])
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2))
        else:
            self._tell(report)
        if report.first is not None:
            raise CommandError(f"The trail is not what was written. First: {report.first.sentence}")

    def _tell(self, report: Report) -> None:
        self.stdout.write(
            f"{report.events} events, {report.accesses} accesses, {report.checkpoints} checkpoints,"
            f" {report.copies} copies; {report.unsealed} rows wait for their seal."
        )
        for finding in report.findings:
            word = "warning" if finding.is_warning else "BAD"
            self.stdout.write(f"{word} [{finding.check}] {finding.sentence}")
        if report.is_good:
            self.stdout.write("The trail is unbroken.")
