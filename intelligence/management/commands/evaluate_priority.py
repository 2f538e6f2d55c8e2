import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from claimflow.lib.money import dollars
from codes.formats import dotted_icd
from intelligence.evaluation import Answer, UnreadableCases, confusion, evaluate, read_cases
from intelligence.priority import PLAIN_WORDS

SHOWN = 20  # faults printed for one file


class Command(BaseCommand):
    help = (
        "Compare the priority of labelled claims with the rules. FILE is tab-separated with the header "
        "cpt icd10 age billed expected; several codes in a cell are separated by spaces. Names rows that "
        "cannot be read, prints each disagreement, the confusion table and, as last line, agreement N of M. "
        "Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="labelled claims, UTF-8 text")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            cases = read_cases(path.read_bytes())
        except OSError as problem:
            raise CommandError(f"{path} cannot be read: {problem.strerror}.") from problem
        except UnreadableCases as problem:
            raise CommandError(_faults(problem.sentences)) from problem
        answers = evaluate(cases.read)
        if cases.faults:
            self.stderr.write(_faults(cases.faults))
        for answer in answers:
            if not answer.agrees:
                self.stdout.write(_disagreement(answer))
        self.stdout.write("\n".join(["", *confusion(answers), ""]))
        self.stdout.write(f"agreement {sum(answer.agrees for answer in answers)} of {len(answers)}")
        if cases.faults:
            sys.exit(1)


def _faults(sentences: list[str]) -> str:
    more = len(sentences) - SHOWN
    return "\n".join(sentences[:SHOWN] + ([f"And {more} more."] if more > 0 else []))


def _disagreement(answer: Answer) -> str:
    facts, suggestion = answer.case.facts, answer.suggestion
    codes = " ".join(procedure.code for procedure in facts.procedures)
    diagnoses = " ".join(map(dotted_icd, facts.diagnoses))
    age = "" if facts.age is None else f", age {facts.age}"
    reasons = "; ".join(_(PLAIN_WORDS[reason]) for reason in suggestion.reasons)
    return (
        f"line {answer.case.line}: {codes} with {diagnoses}, {dollars(facts.total)}{age}: "
        f"expected {answer.case.expected}, got {suggestion.priority} "
        f"(confidence {suggestion.confidence:.2f}: {reasons})"
    )
