"""The validation score of a draft or a claim: 100, less what each finding takes.

What a finding takes stands in `data/score-1.json`, by its kind, or by its own code where the kind says too much or too
little. A rule that is added needs nothing here: its severity says what it takes. Findings are facts from above:
this app knows no claim.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from intelligence.enums import FindingKind

PATH = Path(__file__).parent / "data" / "score-1.json"
MISSING = ".missing"
"""How the codes of findings end that say a box is still empty."""


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, as far as the score looks: its code, `error`, `warning` or `info`, and the box it stands at."""

    code: str
    severity: str
    field: str = ""

    @property
    def kind(self) -> FindingKind:
        kind = FindingKind(self.severity)
        return FindingKind.MISSING if kind == FindingKind.ERROR and self.code.endswith(MISSING) else kind


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """What the score may look at."""

    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Deduction:
    """What one finding takes, 0 or more points of 100."""

    code: str
    field: str
    points: int


class Points(NamedTuple):
    """What a kind or a code takes, and why so much."""

    points: int
    because: str


@dataclass(frozen=True, slots=True)
class Table:
    """Who takes how much. `where_from` says what the points rest on."""

    version: str
    whole: int
    where_from: str
    kinds: Mapping[FindingKind, Points]
    findings: Mapping[str, Points]

    def of(self, found: Found) -> Points:
        return self.findings.get(found.code) or self.kinds[found.kind]


@dataclass(frozen=True, slots=True)
class Score:
    """A number that cannot be had without its reasons: it is what they leave of the whole."""

    deductions: tuple[Deduction, ...]
    """One for each finding, in their order, also those that take nothing."""
    whole: int
    version: str

    @property
    def value(self) -> int:
        """0 to 100."""
        return max(0, self.whole - sum(each.points for each in self.deductions))

    @property
    def reasons(self) -> tuple[Deduction, ...]:
        """The deductions that take something; as many as there are, also where less than nothing is left."""
        return tuple(each for each in self.deductions if each.points)


def read_table(content: Mapping[str, Any]) -> Table:
    """Return the table of a JSON file. Raises KeyError or ValueError where a kind is missing or unknown."""
    kinds = {FindingKind(kind): Points(**entry) for kind, entry in content["kinds"].items()}
    return Table(
        version=content["version"],
        whole=content["whole"],
        where_from=content["where_from"],
        kinds={kind: kinds[kind] for kind in FindingKind},
        findings={code: Points(**entry) for code, entry in content["findings"].items()},
    )


TABLE = read_table(json.loads(PATH.read_text(encoding="utf-8")))


def score(facts: ScoreFacts, table: Table = TABLE) -> Score:
    """Return the score of what was found, nothing found being 100. Raises ValueError for an unknown severity."""
    return Score(
        tuple(Deduction(each.code, each.field, table.of(each).points) for each in facts.findings),
        table.whole,
        table.version,
    )
