"""Coverage as facts: in force on a day, and what the member still owes. No database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from claimflow.lib.money import ZERO
from members.enums import Standing


@dataclass(frozen=True, slots=True)
class Span:
    """Days of a coverage, both included; `last` None has no end."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def standing(spans: Iterable[Span], day: date) -> Standing:
    """Return where a member's coverages stand on a day. None at all: the member is unknown.

    In a gap between two coverages the earlier one has ended.
    """
    known = tuple(spans)
    if not known:
        return Standing.UNKNOWN
    if any(span.holds(day) for span in known):
        return Standing.IN_FORCE
    begun = any(span.first <= day for span in known)
    return Standing.ENDED if begun else Standing.NOT_STARTED


@dataclass(frozen=True, slots=True)
class Benefits:
    """What the member still owes. `coinsurance_rate` 0.20 means that the patient pays 20 %.

    `copay` is for one visit, the others are what is left of the benefit year. `out_of_pocket_left` None means
    that there is no limit.
    """

    copay: Decimal = ZERO
    deductible_left: Decimal = ZERO
    coinsurance_rate: Decimal = ZERO
    out_of_pocket_left: Decimal | None = None

    def after(self, *, copay: Decimal, deductible: Decimal, coinsurance: Decimal) -> "Benefits":
        """Return what is left once a line has used its part."""
        limit, share = self.out_of_pocket_left, copay + deductible + coinsurance
        return replace(
            self,
            copay=self.copay - copay,
            deductible_left=self.deductible_left - deductible,
            out_of_pocket_left=None if limit is None else limit - share,
        )


NO_COST_SHARING = Benefits()


def benefits_left(
    *,
    copay: Decimal,
    deductible: Decimal,
    coinsurance_percent: Decimal,
    out_of_pocket_limit: Decimal | None = None,
    deductible_used: Decimal = ZERO,
    out_of_pocket_used: Decimal = ZERO,
) -> Benefits:
    """Return what is left of a coverage after what was used in its benefit year; never below zero."""
    limit = out_of_pocket_limit
    return Benefits(
        copay=copay,
        deductible_left=max(deductible - deductible_used, ZERO),
        coinsurance_rate=coinsurance_percent / 100,
        out_of_pocket_left=None if limit is None else max(limit - out_of_pocket_used, ZERO),
    )
