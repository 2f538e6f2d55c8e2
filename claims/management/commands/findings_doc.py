"""Writes docs/findings.md from the rulebooks; a test holds the two equal."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from claims.adjudication import BALANCE, DENIAL
from claims.edits.findings import EDITS, Rule

PATH = Path("docs", "findings.md")
HEAD = """# Findings

Everything that ClaimFlow may say about a claim or a decision. Written by `manage.py findings_doc` from the
rules themselves; a test fails when the two differ. An error stops the step, a warning and an information do
not. A star marks rules whose severity a payer's rule set may change. Words in braces are filled in: codes,
dates of service, amounts and line numbers, never names, birth dates or member IDs.
"""
BOOKS = (
    ("Before a claim is submitted", EDITS),
    ("Before a decision becomes final", BALANCE),
    ("Before a denial is sent", DENIAL),
)


def page() -> str:
    """Return the whole document."""
    sections = [_section(title, book.rules.values()) for title, book in BOOKS]
    return "\n".join([HEAD, *sections])


def _section(title: str, rules: Iterable[Rule[Any]]) -> str:
    rows = "\n".join(_row(rule) for rule in rules)
    head = "| Code | Severity | What it says | How to mend it | Source |\n|---|---|---|---|---|"
    return f"## {title}\n\n{head}\n{rows}\n"


def _row(rule: Rule[Any]) -> str:
    star = " \\*" if rule.adjustable else ""
    words = " | ".join((rule.says, rule.mend, rule.source)).replace("*", "\\*")
    return f"| `{rule.code}` | {rule.severity}{star} | {words} |"


class Command(BaseCommand):
    help = "Write docs/findings.md from the rules."

    def handle(self, *_args: object, **_options: object) -> None:
        path = Path(settings.BASE_DIR) / PATH
        path.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{PATH} is written.")
