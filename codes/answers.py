"""What the code sets answer about a code on a day. Plain facts: the edits turn them into findings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from codes.enums import CodeSystem, ProcedureCategory


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """What the code set says about one code on one service date.

    ``code`` is tidied (upper case, ICD without its point). ``release`` is the set that answered, like
    "FY2026 April". ``judged_by_newest``: the date lies after the fiscal year of the newest loaded release,
    which answered instead; ``before_oldest``: no loaded release covers the date, so ``known`` says nothing
    (ruling 38).
    """

    code: str
    known: bool
    billable: bool = True
    description: str = ""
    release: str = ""
    judged_by_newest: bool = False
    before_oldest: bool = False
    in_force_from: date | None = None
    in_force_to: date | None = None
    """Last day in force, for sets with dates of their own (X-codes)."""
    narrower: tuple[str, ...] = ()
    """A few billable codes below a code that is not billable."""


@dataclass(frozen=True, slots=True)
class ProcedureAnswer(CodeAnswer):
    """A procedure: what the row of an X-code says besides. CPT and HCPCS get no answer until a licensed set
    is loaded (ruling 39): their format is all that can be judged."""

    system: CodeSystem = CodeSystem.DEMO
    category: ProcedureCategory = ProcedureCategory.OTHER
    emergency: bool = False
    preventive: bool = False


class Dated(Protocol):
    """A release, as far as its days matter."""

    @property
    def in_force_from(self) -> date: ...

    @property
    def effective_from(self) -> date: ...


R = TypeVar("R", bound=Dated)


def fiscal_year(day: date) -> int:
    """ICD-10-CM years begin on 1 October: 2025-10-01 belongs to FY2026."""
    return day.year + (day.month >= 10)


def fiscal_start(day: date) -> date:
    return date(fiscal_year(day) - 1, 10, 1)


def release_label(effective_from: date) -> str:
    """``"FY2026 April"`` for 2026-04-01."""
    months = (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )  # fmt: skip
    return f"FY{fiscal_year(effective_from)} {months[effective_from.month - 1]}"


def in_force(releases: Iterable[R], on: date) -> R | None:
    """The release that answers for a day, None before the oldest (ruling 38).

    A release counts from 1 October of its fiscal year until the next loaded one begins. Where a year has
    several loaded, the latest that was effective on the day answers; before all of them, the earliest of
    the year.
    """
    begun = [release for release in releases if release.in_force_from <= on]
    if not begun:
        return None
    year = max(release.in_force_from for release in begun)
    of_year = sorted(
        (release for release in begun if release.in_force_from == year),
        key=lambda release: release.effective_from,
    )
    effective = [release for release in of_year if release.effective_from <= on]
    return effective[-1] if effective else of_year[0]


def is_past(release: Dated, on: date) -> bool:
    """Does the day lie after the release's fiscal year?"""
    return fiscal_start(on) > release.in_force_from
