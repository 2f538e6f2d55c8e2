"""How long one search of ICD-10-CM takes in the database and as a whole: 200 inputs, p50 and p95 per way.

Run on a loaded, otherwise idle database, with the environment of the application:

    python bench/code_search.py

"database" is the sum of the statements of one search, as the driver sees them over a local connection; "search"
adds our Python, without HTTP; "processor" is what the server's process itself used for the search, which other work
on the machine does not stretch (Linux, server on the same host). Inputs are drawn with a fixed seed from the codes.
"""

import os
import random
import statistics
import sys
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimflow.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from claimflow.lib.db.context import acting_as  # noqa: E402
from codes.icd10.rows import tokens  # noqa: E402
from codes.models import CodeRelease, Icd10Code, Icd10Word  # noqa: E402
from codes.search import find_icd10  # noqa: E402

ON = date(2026, 6, 1)
ROUNDS = 3


def inputs(seed: int = 20261121) -> list[tuple[str, str]]:
    """(way, text): 60 beginnings of codes, 100 of words, 40 misspellings."""
    draw = random.Random(seed)
    release = CodeRelease.objects.loaded()[0]
    rows = draw.sample(
        list(Icd10Code.objects.filter(release=release).values_list("code", "description")), 130
    )
    words = [
        w for w, _ in Icd10Word.objects.filter(release=release, uses__gte=20).values_list("word", "uses")
    ]
    found = [("code", code[: draw.randint(2, len(code))]) for code, _ in rows[:60]]
    for _, description in rows[60:]:
        typed = [word for word in tokens(description) if len(word) > 2][: draw.randint(1, 3)]
        found.append(("words", " ".join([*typed[:-1], typed[-1][: draw.randint(2, len(typed[-1]))]])))
    found += [("words", word[: draw.randint(2, 5)]) for word in draw.sample(sorted(words), 30)]
    found += [
        ("misspelt", _slip(draw, word)) for word in draw.sample(sorted(w for w in words if len(w) > 5), 40)
    ]
    return found


def _slip(draw: random.Random, word: str) -> str:
    """One letter dropped, doubled or swapped with its neighbour, not the first."""
    at = draw.randint(1, len(word) - 2)
    return draw.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def processor(pid: int) -> float:
    """Milliseconds that a process has been running, 0 where the system does not say."""
    path = Path(f"/proc/{pid}/schedstat")
    return int(path.read_text().split()[0]) / 1e6 if path.exists() else 0.0


def measure(text: str, pid: int) -> dict[str, float]:
    """Milliseconds by kind of time."""
    spent = 0.0

    def timed(execute, sql, params, many, context):
        nonlocal spent
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - started

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(timed))
        used, started = processor(pid), time.perf_counter()
        find_icd10(text, on=ON)
        whole = (time.perf_counter() - started) * 1000
        return {"database": spent * 1000, "search": whole, "processor": processor(pid) - used}


def line(way: str, times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    middle, worst = statistics.median(ordered), ordered[-1]
    return f"{way:<22} n {len(times):>4}  p50 {middle:6.2f}  p95 {p95:6.2f}  worst {worst:6.2f} ms"


def main() -> None:
    with acting_as("provider"):
        drawn = inputs()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        for _, text in drawn:
            measure(text, pid)
        taken: dict[str, list[float]] = {}
        worst: list[tuple[float, str]] = []
        for way, text in drawn * ROUNDS:
            times = measure(text, pid)
            for kind, spent in times.items():
                taken.setdefault(f"{way}, {kind}", []).append(spent)
                taken.setdefault(f"all, {kind}", []).append(spent)
            worst.append((times["processor"] or times["database"], text))
    for way, times in sorted(taken.items()):
        print(line(way, times))
    print("slowest:", ", ".join(f"{text!r} {took:.1f}" for took, text in sorted(worst, reverse=True)[:5]))


if __name__ == "__main__":
    main()
