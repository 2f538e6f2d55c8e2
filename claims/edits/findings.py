"""What an edit says, and the list of all edits.

An edit is one small function under `@edit(...)`: facts in, hits out. The decorator carries everything a
reader may ask about it: code, severity, sentence, how to mend it, source. Adding a rule is one function and
one test; docs/findings.md is generated from this list.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from claimflow.lib.sentences import Sentence, sentence
from claims.edits.facts import ClaimFacts
from claims.enums import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to see or to mend. Free of health data: `values` hold codes, dates, amounts, line numbers."""

    code: str
    severity: Severity
    field: str
    """Path in the claim form, like "lines-0-charge"; "" for the claim as a whole."""
    sentence: Sentence
    mend: Sentence

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.ERROR


@dataclass(frozen=True, slots=True)
class Hit:
    """Where an edit found something, and the values for its sentence."""

    field: str
    values: tuple[tuple[str, object], ...]


Check = Callable[[ClaimFacts], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One rule of the list."""

    code: str
    severity: Severity
    says: str
    mend: str
    source: str
    adjustable: bool
    check: Check

    def run(self, facts: ClaimFacts) -> Iterator[Finding]:
        severity = facts.payer.severity_of(self.code, self.severity) if self.adjustable else self.severity
        for hit in self.check(facts):
            yield self.finding(hit, severity)

    def finding(self, hit: Hit, severity: Severity) -> Finding:
        values = dict(hit.values)
        said, mend = sentence(self.says, values), sentence(self.mend, values)
        return Finding(self.code, severity, hit.field, said, mend)


EDITS: dict[str, Edit] = {}
"""Every edit by its code, in the order in which findings are shown."""


def edit(
    code: str, severity: Severity, *, says: str, mend: str, source: str, adjustable: bool = False
) -> Callable[[Check], Check]:
    """Put a rule on the list. `adjustable`: a payer's rule set may choose another severity."""

    def register(check: Check) -> Check:
        if code in EDITS:
            raise ValueError(f"Two edits are called {code}.")
        EDITS[code] = Edit(code, severity, says, mend, source, adjustable, check)
        return check

    return register


def hit(field: str, **values: object) -> Hit:
    """Say where, with the values that the rule's sentences name."""
    return Hit(field, tuple(values.items()))


def run(facts: ClaimFacts) -> list[Finding]:
    """Ask every edit. Errors first, then in the order of the list. Raises nothing for well-typed facts."""
    found = [finding for rule in EDITS.values() for finding in rule.run(facts)]
    return sorted(found, key=lambda finding: _ORDER[finding.severity])


def blocking(findings: Iterable[Finding]) -> bool:
    """Say whether any finding stops the submission."""
    return any(finding.blocks for finding in findings)


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
