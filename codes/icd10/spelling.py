"""How far a typed word is from a known one."""

from collections.abc import Iterable


def distance(typed: str, word: str) -> tuple[int, int]:
    """(edits to the nearest beginning of ``word``, edits to all of it). An edit adds, drops, replaces or
    swaps neighbouring letters (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(word) + 1))
    for row, letter in enumerate(typed, start=1):
        line = [row]
        for column, other in enumerate(word, start=1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == word[column - 2] and typed[row - 2] == other
            line.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, last = last, line
    return min(last), last[-1]


def allowed(typed: str) -> int:
    """Edits that still count as a slip: one in a short word, up to four in a long one."""
    return min(4, max(1, len(typed) // 3))


def nearest(typed: str, candidates: Iterable[tuple[str, int]], *, most: int = 3) -> list[str]:
    """The candidates, given as (word, uses), that ``typed`` may mean, likeliest first; none when all are too far.
    People are still typing, so the beginning of a longer word counts, a whole word a little more; then the same
    first letter, then the more used word."""
    ranked = []
    for word, uses in candidates:
        start, whole = distance(typed, word)
        far = min(float(whole), start + 0.5)
        if far <= allowed(typed):
            ranked.append(((far, word[0] != typed[0], -uses), word))
    return [word for _, word in sorted(ranked)[:most]]
