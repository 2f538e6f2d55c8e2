"""What a remote model may answer: one JSON object of a fixed shape, with words of ours alone. Anything else is no answer.

The shape is sent along as JSON Schema, so that a service that can keep to a schema does; whether it did is checked here,
by hand: three keys do not need a package of schemas. No text of the model's own reaches a page or the database.
"""

import json
from dataclasses import dataclass
from typing import Any

from intelligence.enums import Priority, PriorityReason

REASONS = tuple(reason.value for reason in PriorityReason if reason != PriorityReason.RULES_FAILED)
MOST_REASONS = 5
LONGEST = 2_000
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["priority", "confidence", "reasons"],
    "properties": {
        "priority": {"type": "string", "enum": [priority.value for priority in Priority]},
        "confidence": {"type": "number"},
        "reasons": {"type": "array", "items": {"type": "string", "enum": list(REASONS)}},
    },
}
"""Only what both protocols accept; limits of numbers and lengths are checked by `read_answer` alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's suggestion. `confidence` is what it says of itself, 0 to 1."""

    priority: Priority
    confidence: float
    reasons: tuple[PriorityReason, ...]


class Unfit(ValueError):
    """The text is not an answer of the agreed shape. Says which part, never what stood there."""


def read_answer(text: str) -> Answer:
    """Return the answer. Raises Unfit for anything but the agreed shape."""
    if len(text) > LONGEST:
        raise Unfit("too long")
    try:
        told = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Unfit("not JSON") from error
    if not isinstance(told, dict) or set(told) != set(SCHEMA["required"]):
        raise Unfit("keys")
    return Answer(_priority(told["priority"]), _confidence(told["confidence"]), _reasons(told["reasons"]))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that stands twice would let two readers read two answers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def _priority(told: Any) -> Priority:
    if not isinstance(told, str) or told not in set(Priority):
        raise Unfit("priority")
    return Priority(told)


def _confidence(told: Any) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= 1:
        raise Unfit("confidence")
    return round(float(told), 4)


def _reasons(told: Any) -> tuple[PriorityReason, ...]:
    if not isinstance(told, list) or not 1 <= len(told) <= MOST_REASONS:
        raise Unfit("reasons")
    if any(not isinstance(reason, str) or reason not in REASONS for reason in told):
        raise Unfit("reasons")
    if len(set(told)) != len(told):
        raise Unfit("reasons")
    return tuple(PriorityReason(reason) for reason in told)
