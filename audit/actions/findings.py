"""What a verification found, for the command, the job and the page."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written. `row` is the number of the event or access, where one can be
    named; a warning does not make the trail bad."""

    check: str
    sentence: str
    row: int | None = None
    batch: int | None = None
    is_warning: bool = False


@dataclass
class Report:
    """The answer. It is good when it holds nothing but warnings."""

    since: int
    started_at: dt.datetime
    events: int = 0
    accesses: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    copies: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_warning]

    @property
    def is_good(self) -> bool:
        return not self.errors

    @property
    def first(self) -> Finding | None:
        """The first bad row: one that itself is not as written goes before one that no longer fits its
        chain; where no row can be named, the first bad window or seal."""

        def place(found: Finding) -> tuple[bool, bool, int, int]:
            return (found.row is None, found.check == "chain", found.row or 0, found.batch or 0)

        return min(self.errors, key=place, default=None)

    def as_json(self) -> dict[str, Any]:
        facts = {name: value for name, value in vars(self).items() if name not in {"findings", "started_at"}}
        return {
            "good": self.is_good,
            "started_at": self.started_at.isoformat(),
            **facts,
            "first": asdict(self.first) if self.first else None,
            "findings": [asdict(finding) for finding in self.findings],
        }
