"""How long one priority takes in pure Python: every labelled claim, single lines and the longest claims.

Needs no database and no settings:

    python bench/priority.py

"first" is a claim whose codes this process has not met, "again" one whose codes it knows, as in a web process that
has run for a while. Each claim's time is the best of several rounds, so that other work on the machine does not count.
The issue asks for less than 50 microseconds.
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

from intelligence import families  # noqa: E402
from intelligence.evaluation import read_cases  # noqa: E402
from intelligence.priority import PriorityFacts, decide  # noqa: E402

LABELLED = ROOT / "tests" / "intelligence" / "labelled"
ROUNDS = 30


def labelled() -> list[PriorityFacts]:
    return [
        replace(case.facts, places=frozenset({"11"}))
        for path in sorted(LABELLED.glob("*.tsv"))
        for case in read_cases(path.read_bytes())
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


def forget() -> None:
    for cached in (families.category_of, families.is_critical, families.is_preventive, families.is_readable):
        cached.cache_clear()


def microseconds(facts: PriorityFacts) -> float:
    started = time.perf_counter_ns()
    decide(facts)
    return (time.perf_counter_ns() - started) / 1000


def first_time(facts: PriorityFacts) -> float:
    forget()
    return microseconds(facts)


def line(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    middle, worst = statistics.median(ordered), ordered[-1]
    return f"{name:<22} n {len(times):>4}  p50 {middle:5.1f}  p99 {p99:5.1f}  worst {worst:5.1f} microseconds"


def main() -> None:
    single = labelled()
    for name, claims in (("labelled claims", single), ("50 lines each", long_claims(single))):
        for when, measure in (("first", first_time), ("again", microseconds)):
            best = [min(measure(facts) for _ in range(ROUNDS)) for facts in claims]
            print(line(f"{name}, {when}", best))


if __name__ == "__main__":
    main()
