"""One shape of an answer is read; everything else is refused, without a word of it being kept."""

import json
from typing import Any

import pytest

from intelligence.enums import Priority, PriorityReason
from intelligence.remote.answer import REASONS, SCHEMA, Answer, Unfit, read_answer

GOOD = {"priority": "routine", "confidence": 0.75, "reasons": ["preventive_service"]}


def with_(**changes: Any) -> str:
    return json.dumps({**GOOD, **changes})


def test_a_good_answer_is_read() -> None:
    assert read_answer(json.dumps(GOOD)) == Answer(
        Priority.ROUTINE, 0.75, (PriorityReason.PREVENTIVE_SERVICE,)
    )
    assert read_answer(with_(confidence=1)).confidence == 1.0
    assert read_answer(with_(confidence=0.123456)).confidence == 0.1235


@pytest.mark.parametrize(
    "text",
    [
        "",
        "urgent",
        "null",
        "[]",
        "{}",
        json.dumps(GOOD) + " and more",
        "```json\n" + json.dumps(GOOD) + "\n```",
        "[" * 1_900,
        json.dumps(GOOD)[:-1] + ',"priority":"urgent"}',
        with_(note="hello"),
        json.dumps({key: value for key, value in GOOD.items() if key != "reasons"}),
        with_(priority="Urgent"),
        with_(priority=["urgent"]),
        with_(priority=1),
        with_(confidence="0.9"),
        with_(confidence=True),
        with_(confidence=None),
        with_(confidence=1.01),
        with_(confidence=-0.01),
        with_(confidence=float("nan")),
        with_(confidence=float("inf")),
        with_(reasons=[]),
        with_(reasons="preventive_service"),
        with_(reasons=["because I say so"]),
        with_(reasons=["rules_failed"]),
        with_(reasons=[["preventive_service"]]),
        with_(reasons=["preventive_service"] * 2),
        with_(reasons=list(REASONS[:6])),
        with_(priority="x" * 3_000),
    ],
)
def test_anything_else_is_unfit(text: str) -> None:
    with pytest.raises(Unfit):
        read_answer(text)


def test_the_schema_that_is_sent_asks_for_the_same() -> None:
    assert SCHEMA["additionalProperties"] is False
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"]) == set(GOOD)
    assert SCHEMA["properties"]["priority"]["enum"] == [each.value for each in Priority]
    assert set(SCHEMA["properties"]["reasons"]["items"]["enum"]) == set(PriorityReason) - {"rules_failed"}
