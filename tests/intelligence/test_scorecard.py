import json
import math
from decimal import Decimal
from pathlib import Path

import pytest

from intelligence.enums import Priority, PriorityReason
from intelligence.priority import PLAIN_WORDS, VERSION, PriorityFacts, ProcedureFacts, decide
from intelligence.scorecard import PATH, SCORECARD, Contribution, confidence, read_scorecard

R = PriorityReason
ROOT = Path(__file__).resolve().parents[2]
CONTENT = json.loads(PATH.read_text(encoding="utf-8"))
# Reasons that cannot stand together: an emergency is of high severity or not, a charge on one side of a limit.
APART = [{R.EMERGENCY_HIGH_SEVERITY, R.EMERGENCY_SERVICE}, {R.CHARGE_AT_LEAST_500, R.CHARGE_BELOW_500}]


def test_it_says_what_it_is_made_for_and_from():
    assert CONTENT["made_for"] == VERSION
    assert CONTENT["version"] == SCORECARD.version == PATH.stem
    assert "judgment" in SCORECARD.where_from


def test_every_weight_says_why():
    for entries in CONTENT["weights"].values():
        for entry in entries.values():
            assert entry["because"]
            assert set(entry) <= {"weight", "by_distance", "because"}


def test_every_reason_but_failure_has_a_weight():
    assert set(SCORECARD.weights) == set(Priority)
    assert set().union(*SCORECARD.weights.values()) == set(PriorityReason) - {R.RULES_FAILED}


def test_contributions_are_exact_and_in_order():
    found = {
        R.UNKNOWN_PROCEDURE: 0.0,
        R.HIGH_CHARGE: 0.7,
        R.CRITICAL_DIAGNOSIS: 0.0,
        R.EMERGENCY_HIGH_SEVERITY: 0.0,
    }
    contributions = SCORECARD.contributions(Priority.URGENT, found)
    assert contributions == (
        Contribution(R.EMERGENCY_HIGH_SEVERITY, 2.5),
        Contribution(R.CRITICAL_DIAGNOSIS, 2.1),
        Contribution(R.HIGH_CHARGE, 1.76),
        Contribution(R.UNKNOWN_PROCEDURE, -0.3),
    )
    assert confidence(contributions) == round(1 / (1 + math.exp(-6.06)), 4)


def test_the_example_of_the_document_adds_up():
    claim = PriorityFacts((ProcedureFacts("99285"),), ("I219",), Decimal("8500.00"))
    suggestion = decide(claim)
    page = (ROOT / "docs" / "priority.md").read_text(encoding="utf-8")
    for reason, weight in suggestion.contributions:
        assert f"| {PLAIN_WORDS[reason]} | {weight:.2f} |" in page
    assert f"confidence {suggestion.confidence} |" in page
    assert f"(`intelligence/priority.py`, {VERSION})" in page


def test_nothing_known_is_even_odds():
    assert confidence(()) == 0.5


@pytest.mark.parametrize("priority", list(Priority))
def test_it_is_never_certain(priority):
    weights = SCORECARD.weights[priority]
    strongest = {reason: weight.weight + weight.by_distance for reason, weight in weights.items()}
    for pair in APART:
        if pair <= set(strongest):
            del strongest[min(pair, key=strongest.__getitem__)]
    total = sum(weight for weight in strongest.values() if weight > 0)
    assert confidence((Contribution(R.HIGH_CHARGE, total),)) < 1


def test_a_reason_without_a_weight_is_an_error():
    with pytest.raises(KeyError):
        SCORECARD.contributions(Priority.ROUTINE, {R.CRITICAL_CARE: 0.0})


def test_a_reason_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="wishful"):
        read_scorecard({**CONTENT, "weights": {"urgent": {"wishful": {"weight": 1}}}})
