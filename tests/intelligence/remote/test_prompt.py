"""What leaves the house is codes, an amount, a band and families; the same facts give the same text."""

import json
from decimal import Decimal

import pytest

from codes.enums import ProcedureCategory
from intelligence.priority import PriorityFacts, ProcedureFacts
from intelligence.remote.prompt import AGE_BANDS, INSTRUCTIONS, age_band, prompt_of

FACTS = PriorityFacts(
    procedures=(ProcedureFacts("99285"), ProcedureFacts("X0001", ProcedureCategory.THERAPY, emergency=True)),
    diagnoses=("I219",),
    total=Decimal("8500.00"),
    age=61,
    places=frozenset({"23", "11"}),
)


def test_the_facts_are_these_and_no_others() -> None:
    assert json.loads(prompt_of(FACTS).facts) == {
        "procedures": [
            {"code": "99285", "family": "emergency", "emergency": False, "preventive": False},
            {"code": "X0001", "family": "therapy", "emergency": True, "preventive": False},
        ],
        "diagnoses": ["I219"],
        "charge": "8500.00",
        "age": "60 to 69",
        "places": ["11", "23"],
    }
    assert prompt_of(FACTS) == prompt_of(FACTS)
    assert prompt_of(FACTS).instructions == INSTRUCTIONS


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (None, "unknown"),
        (-1, "unknown"),
        (0, "under 1"),
        (4, "1 to 4"),
        (5, "5 to 12"),
        (17, "13 to 17"),
        (18, "18 to 29"),
        (89, "80 to 89"),
        (90, "90 or older"),
        (107, "90 or older"),
    ],
)
def test_age_is_a_band(age: int | None, band: str) -> None:
    assert age_band(age) == band


def test_bands_rise_and_end_at_ninety() -> None:
    begins = [begin for begin, _ in AGE_BANDS]
    assert begins == sorted(begins)
    assert begins[0] == 0
    assert begins[-1] == 90


@pytest.mark.parametrize("pasted", ["OKAFOR", "W000012345", "1965-03-14", "", "99285 I219"])
def test_what_has_no_shape_of_a_code_stays_here(pasted: str) -> None:
    facts = PriorityFacts((ProcedureFacts(pasted),), (pasted,), Decimal("10.00"), places=frozenset({pasted}))
    told = json.loads(prompt_of(facts).facts)
    assert told["procedures"][0]["code"] == told["diagnoses"][0] == "unreadable"
    assert told["places"] == []
