"""Writes docs/findings.md from the rulebooks; a test holds the two equal."""

import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from claims.adjudication import BALANCE, DENIAL
from claims.edits.findings import EDITS, Rule
from intelligence.score import TABLE, Found, Points

PATH = Path("docs", "findings.md")
HEAD = """# Findings

Everything that ClaimFlow may say about a claim or a decision. Written by `manage.py findings_doc` from the
rules themselves; a test fails when the two differ. An error stops the step, a warning and an information do
not. A star marks rules whose severity a payer's rule set may change. Words in braces are filled in: codes,
dates of service, amounts and line numbers, never names, birth dates or member IDs.

A rule is one function with its sentence, severity and source above it, in `claims/edits/` or
`claims/adjudication/`, and one test. Nothing else has to know it: form, desk, score and this page read the books.
"""
SCORE = """## Validation score

A draft's score is 100 less what its findings take, at least 0. It is shown while the claim is written, kept as it was
when the claim arrived, and shown to the adjudicator with every finding beside it (`intelligence/score.py`, {version}).
{where_from}

| Finding | Takes | Because |
|---|---|---|
{rows}

"Missing" are the errors that only say that a box is still empty. The column Takes below says it of every rule.
"""
BOOKS = (
    ("Before a claim is submitted", EDITS),
    ("Before a decision becomes final", BALANCE),
    ("Before a denial is sent", DENIAL),
)


def page() -> str:
    """Return the whole document."""
    sections = [_section(title, book.rules.values(), scored=book is EDITS) for title, book in BOOKS]
    return "\n".join([HEAD, _score(), *sections])


def _score() -> str:
    """What findings take: by kind, then the codes that take another number than their kind."""
    rows = [_points(f"any {kind}", points) for kind, points in TABLE.kinds.items()]
    rows += [_points(f"`{code}`", points) for code, points in TABLE.findings.items()]
    return SCORE.format(
        version=TABLE.version, where_from=textwrap.fill(TABLE.where_from, 118), rows="\n".join(rows)
    )


def _points(name: str, points: Points) -> str:
    return f"| {name} | {points.points} | {points.because} |"


def _section(title: str, rules: Iterable[Rule[Any]], *, scored: bool) -> str:
    names = ["Code", "Severity", *(["Takes"] if scored else []), "What it says", "How to mend it", "Source"]
    head = f"| {' | '.join(names)} |\n{'|---' * len(names)}|"
    rows = "\n".join(_row(rule, scored=scored) for rule in rules)
    return f"## {title}\n\n{head}\n{rows}\n"


def _row(rule: Rule[Any], *, scored: bool) -> str:
    star = " \\*" if rule.adjustable else ""
    takes = f" {TABLE.of(Found(rule.code, rule.severity)).points} |" if scored else ""
    words = " | ".join((rule.says, rule.mend, rule.source)).replace("*", "\\*")
    return f"| `{rule.code}` | {rule.severity}{star} |{takes} {words} |"


class Command(BaseCommand):
    help = "Write docs/findings.md from the rules."

    def handle(self, *_args: object, **_options: object) -> None:
        path = Path(settings.BASE_DIR) / PATH
        path.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{PATH} is written.")
