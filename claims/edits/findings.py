"""Findings, and the rulebooks that make them.

A rule is one small function under `@book.rule(...)`: facts in, hits out. The decorator carries everything a
reader may ask about it: code, severity, sentence, how to mend it, source. Adding a rule is one function and
one test; docs/findings.md is generated from the books.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Generic, TypeVar

from claimflow.lib.sentences import Sentence, sentence
from claims.edits.facts import ClaimFacts
from claims.enums import Severity

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to see or to mend. Free of health data: values are codes, dates, amounts, line numbers."""

    code: str
    severity: Severity
    field: str
    """Path in the form, like "lines-0-charge"; "" for the claim as a whole."""
    sentence: Sentence
    mend: Sentence

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.ERROR

    @property
    def values(self) -> dict[str, str]:
        """What to store beside code, severity and field, to tell the finding again."""
        return dict(self.sentence.values)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule found something, and the values for its sentences."""

    field: str
    values: tuple[tuple[str, object], ...]


def hit(field: str, **values: object) -> Hit:
    """Say where, with the values that the rule's sentences name."""
    return Hit(field, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Rule(Generic[F]):
    """One rule of a book."""

    code: str
    severity: Severity
    says: str
    mend: str
    source: str
    adjustable: bool
    check: Callable[[F], Iterable[Hit]]

    @property
    def names(self) -> set[str]:
        """The values that the sentences name."""
        return {name for _, name, _, _ in Formatter().parse(self.says + self.mend) if name}

    def run(self, facts: F, severities: Mapping[str, Severity]) -> Iterator[Finding]:
        severity = Severity(severities.get(self.code, self.severity)) if self.adjustable else self.severity
        for found in self.check(facts):
            yield self.tell(found.field, severity, dict(found.values))

    def tell(self, field: str, severity: Severity, values: Mapping[str, object]) -> Finding:
        """Make a finding, also again from what was stored of it."""
        return Finding(self.code, severity, field, sentence(self.says, values), sentence(self.mend, values))


class Rulebook(Generic[F]):
    """Rules about one kind of facts, in the order in which findings are shown."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule[F]] = {}

    def rule(
        self, code: str, severity: Severity, *, says: str, mend: str, source: str, adjustable: bool = False
    ) -> Callable[[Callable[[F], Iterable[Hit]]], Callable[[F], Iterable[Hit]]]:
        """Add a rule. `adjustable`: a payer's rule set may choose another severity."""

        def add(check: Callable[[F], Iterable[Hit]]) -> Callable[[F], Iterable[Hit]]:
            if code in self.rules:
                raise ValueError(f"Two rules are called {code}.")
            self.rules[code] = Rule(code, severity, says, mend, source, adjustable, check)
            return check

        return add

    def run(self, facts: F, severities: Mapping[str, Severity] | None = None) -> list[Finding]:
        """Ask every rule. Errors first, then in the order of the book; raises nothing for typed facts."""
        found = [finding for rule in self.rules.values() for finding in rule.run(facts, severities or {})]
        return sorted(found, key=lambda finding: _ORDER[finding.severity])

    def tell(self, code: str, field: str, severity: Severity, values: Mapping[str, object]) -> Finding | None:
        """Make a stored finding anew; None when its rule, or a value it needs, no longer exists."""
        rule = self.rules.get(code)
        if rule is None or not rule.names <= values.keys():
            return None
        return rule.tell(field, severity, values)


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}

EDITS: Rulebook[ClaimFacts] = Rulebook()
edit = EDITS.rule


def run(facts: ClaimFacts) -> list[Finding]:
    """Judge a claim before submission, with the severities of its payer."""
    return EDITS.run(facts, facts.payer.severities)


def blocking(findings: Iterable[Finding]) -> bool:
    """Say whether any finding stops the step."""
    return any(finding.blocks for finding in findings)
