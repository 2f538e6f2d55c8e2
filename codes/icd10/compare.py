"""What changes between two releases."""

from collections.abc import Mapping
from dataclasses import dataclass

from codes.icd10.rows import CodeRow, FileProblem

SMALLEST_SHARE = 0.8
Wording = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Difference:
    """Codes, sorted, that came, changed their wording or their billable flag, and went."""

    added: tuple[str, ...]
    revised: tuple[str, ...]
    deleted: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.added):,} added, {len(self.revised):,} revised, {len(self.deleted):,} deleted"


def compare(before: Mapping[str, Wording], after: Mapping[str, Wording]) -> Difference:
    """Both map code to (description, billable)."""
    return Difference(
        added=tuple(sorted(after.keys() - before.keys())),
        revised=tuple(sorted(code for code in after.keys() & before.keys() if after[code] != before[code])),
        deleted=tuple(sorted(before.keys() - after.keys())),
    )


def wording(rows: list[CodeRow]) -> dict[str, Wording]:
    return {row.code: (row.description, row.billable) for row in rows}


def refuse_too_small(before: int, after: int, *, release: str) -> None:
    """A file with fewer than 80 % of the rows of the release before it is a torn or a wrong file."""
    if after < before * SMALLEST_SHARE:
        raise FileProblem(
            f"The file holds {after:,} codes, fewer than 80 percent of the {before:,} of {release}. "
            "It looks incomplete, so nothing was loaded."
        )
