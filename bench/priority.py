"""How long one priority takes in pure Python: every labelled claim, and the longest claims that can be sent.

Needs no database and no settings:

    python bench/priority.py

Times are the processor's for this thread, so that a busy machine does not decide, read around 20 decisions of the same
claim. "at rest" is the best of several rounds for each claim, "as it comes" every round. No decision remembers anything
of the one before. The issue asks for less than 50 microseconds.
"""

import random
import statistics
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from intelligence.evaluation import read_cases  # noqa: E402
from intelligence.priority import PriorityFacts, ProcedureFacts, decide  # noqa: E402

LABELLED = ROOT / "tests" / "intelligence" / "labelled"
ROUNDS, DECISIONS = 20, 20


def labelled() -> list[PriorityFacts]:
    return [
        replace(case.facts, places=frozenset({"11"}))
        for path in sorted(LABELLED.glob("*.tsv"))
        for case in read_cases(path.read_bytes()).read
    ]


def long_claims(single: list[PriorityFacts], seed: int = 20261121) -> list[PriorityFacts]:
    """Claims of 50 lines and 12 diagnoses, the most that fit, drawn from the single ones."""
    draw = random.Random(seed)
    drawn = [draw.sample(single, 50) for _ in range(200)]
    return [
        PriorityFacts(
            tuple(claim.procedures[0] for claim in fifty),
            tuple(claim.diagnoses[0] for claim in fifty[:12]),
            sum((claim.total for claim in fifty), Decimal(0)),
            places=frozenset({"11", "21"}),
        )
        for fifty in drawn
    ]


def strange_claims(seed: int = 20261121) -> list[PriorityFacts]:
    """As long, with codes that no family holds and diagnoses that exist nowhere."""
    draw = random.Random(seed)
    return [
        PriorityFacts(
            tuple(ProcedureFacts(f"X{n:04}") for n in draw.sample(range(10_000), 50)),
            tuple(f"Q{n:04}" for n in draw.sample(range(10_000), 12)),
            Decimal("4800.00"),
            age=40,
            places=frozenset({"11", "21"}),
        )
        for _ in range(200)
    ]


def microseconds(facts: PriorityFacts) -> float:
    started = time.thread_time_ns()
    for _ in range(DECISIONS):
        decide(facts)
    return (time.thread_time_ns() - started) / 1000 / DECISIONS


def line(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    middle, worst = statistics.median(ordered), ordered[-1]
    return f"{name:<30} n {len(times):>5}  p50 {middle:5.1f}  p99 {p99:5.1f}  worst {worst:5.1f} microseconds"


def main() -> None:
    single = labelled()
    for name, claims in (
        ("labelled claims", single),
        ("50 lines each", long_claims(single)),
        ("50 unknown lines", strange_claims()),
    ):
        rounds = [[microseconds(facts) for facts in claims] for _ in range(ROUNDS)]
        print(line(f"{name}, at rest", [min(each) for each in zip(*rounds, strict=True)]))
        print(line(f"{name}, as it comes", [each for one in rounds for each in one]))


if __name__ == "__main__":
    main()
