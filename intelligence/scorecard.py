"""The logistic scorecard: how sure the rules are of a priority, as a sum of contributions anybody can check.

The rules alone decide the priority (ruling 44). The scorecard weighs what speaks for their answer and what
against it. Its weights stand in `data/scorecard-1.json`, with what each one is based on.
"""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from intelligence.enums import Priority, PriorityReason

log = logging.getLogger(__name__)
DATA = Path(__file__).parent / "data"
PATH = DATA / "scorecard-1.json"


class Contribution(NamedTuple):
    """What one reason adds to the logarithm of the odds: above 0 for the answer, below 0 against it."""

    reason: PriorityReason
    weight: float


class Weight(NamedTuple):
    """`weight` at the limit, `by_distance` more at a distance of 1 from it."""

    weight: float
    by_distance: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The weights of each priority's reasons. `where_from` says what they rest on."""

    version: str
    where_from: str
    weights: Mapping[Priority, Mapping[PriorityReason, Weight]]

    def contributions(
        self, priority: Priority, found: Mapping[PriorityReason, float]
    ) -> tuple[Contribution, ...]:
        """Return what each reason found adds: those for the answer, then those against it, strongest first.

        `found` gives each reason its distance, 0 to 1; 0 where the reason knows none. Raises KeyError for
        a reason that has no weight for this priority.
        """
        weights, parts = self.weights[priority], []
        for reason, distance in found.items():
            weight, by_distance = weights[reason]
            parts.append(Contribution(reason, round(weight + by_distance * distance, 2)))
        return tuple(sorted(parts, key=_for_and_strong))


def confidence(contributions: tuple[Contribution, ...]) -> float:
    """Return the logistic of the sum of the contributions, 0 to 1, rounded to four places."""
    return round(1.0 / (1.0 + math.exp(-math.fsum([each.weight for each in contributions]))), 4)


def read_scorecard(content: Mapping[str, Any]) -> Scorecard:
    """Return the scorecard of a JSON file. Raises KeyError or ValueError for reasons that do not exist."""
    return Scorecard(
        version=content["version"],
        where_from=content["where_from"],
        weights={
            Priority(priority): {
                PriorityReason(reason): Weight(entry["weight"], entry.get("by_distance", 0.0))
                for reason, entry in entries.items()
            }
            for priority, entries in content["weights"].items()
        },
    )


@lru_cache(maxsize=1)
def installed() -> Mapping[str, Scorecard]:
    """Every scorecard that the program brings, by its version. Which one answers is for people to say
    (`intelligence.models.ModelVersion`). A file that cannot be read is left out, and the log says so."""
    found = {}
    for path in sorted(DATA.glob("scorecard-*.json")):
        try:
            scorecard = read_scorecard(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
            log.error("The scorecard %s is left out: %s.", path.name, type(fault).__name__)
        else:
            found[scorecard.version] = scorecard
    return found


_ORDER = {reason: at for at, reason in enumerate(PriorityReason)}


def _for_and_strong(each: Contribution) -> tuple[bool, float, int]:
    """Equals stand in the order of the enum, so that every process tells them alike."""
    return each.weight < 0, -abs(each.weight), _ORDER[each.reason]


SCORECARD = read_scorecard(json.loads(PATH.read_text(encoding="utf-8")))
