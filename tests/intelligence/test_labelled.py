"""Agreement with the labelled claims. docs/priority.md has their history."""

from pathlib import Path

import pytest

from intelligence.enums import Priority
from intelligence.evaluation import evaluate, read_cases

FOLDER = Path(__file__).parent / "labelled"


@pytest.fixture(params=["tuning", "held_out", "later"])
def answers(request):
    return evaluate(read_cases((FOLDER / f"{request.param}.tsv").read_bytes()).read)


def test_there_are_enough_and_of_every_priority(answers):
    assert len(answers) > 150
    for priority in Priority:
        assert sum(answer.case.expected == priority for answer in answers) > 35


def test_at_least_95_of_100_agree(answers):
    assert sum(answer.agrees for answer in answers) >= 0.95 * len(answers)


def test_the_halves_are_large_enough():
    assert (
        sum(len(read_cases((FOLDER / f"{half}.tsv").read_bytes()).read) for half in ("tuning", "held_out"))
        >= 320
    )


def test_no_claim_is_in_both_halves():
    rows = [
        set((FOLDER / f"{half}.tsv").read_text(encoding="utf-8").splitlines()[1:])
        for half in ("tuning", "held_out")
    ]
    assert not rows[0] & rows[1]
