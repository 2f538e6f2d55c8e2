"""Which codes usually stand together: suggestions from an organization's own approved claims, by counting alone.

Nothing is learned and nothing leaves the organization: whoever owns the claims counts them, and a suggestion says in
how many of how many. Small groups are left out, since they say little, and might say it of one person.
"""

import re
from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import product

VERSION = "together-1"
SMALLEST = 11
"""Claims that a count needs to be told, here and wherever numbers of people's choices are shown (CMS: cells of 1 to
10 are suppressed)."""
LEAST_SHARE = 0.2
MOST = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """`together` of the `sample` claims with the code `given` also had `code`."""

    given: str
    code: str
    together: int
    sample: int

    @property
    def share(self) -> float:
        """0 to 1, four places: how sure it is that a claim with `given` has `code`."""
        return round(self.together / self.sample, 4)


@dataclass(frozen=True, slots=True)
class TogetherFacts:
    """What was counted, and the codes that the claim has already, both tidied."""

    pairs: tuple[Pair, ...]
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fit:
    """``found`` of the ``asked`` words of a description stand in a code's own words."""

    found: int
    asked: int

    @property
    def share(self) -> float:
        """0 to 1, four places: how sure it is that the code was meant."""
        return round(self.found / self.asked, 4) if self.asked else 0.0


def fit(description: str, words: str) -> Fit:
    """Compare what somebody wrote with a code's words, without case; a word fits another that it begins, or that begins
    it, from three letters on. A code that was found by another name for it fits with none."""
    asked = dict.fromkeys(_words(description))
    own = _words(words)
    found = sum(any(each.startswith(word) or word.startswith(each) for each in own) for word in asked)
    return Fit(found, len(asked))


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.casefold()) if len(word) > 2]


def usual(facts: TogetherFacts) -> tuple[Pair, ...]:
    """Return what usually stands with the chosen codes and is not chosen yet, the surest first, each code once.

    At most five; a code that stands with several is told by the one that makes it surest.
    """
    best: dict[str, Pair] = {}
    for pair in sorted(filter(_tells, facts.pairs), key=_surest):
        if pair.code not in facts.chosen:
            best.setdefault(pair.code, pair)
    return tuple(best.values())[:MOST]


def count(claims: Iterable[tuple[Set[str], Set[str]]], chosen: Iterable[str]) -> tuple[Pair, ...]:
    """Count, over claims as (codes of the chosen kind, codes of the other kind), how often each other code stands with
    each chosen one."""
    wanted, samples, together = set(chosen), Counter[str](), Counter[tuple[str, str]]()
    for own, others in claims:
        given = own & wanted
        samples.update(given)
        together.update(product(given, others))
    return tuple(Pair(given, code, number, samples[given]) for (given, code), number in together.items())


def uses(claims: Iterable[Set[str]]) -> dict[str, int]:
    """Return on how many claims each code stands, where those are enough to be told."""
    counted = Counter(code for codes in claims for code in codes)
    return {code: number for code, number in counted.items() if number >= SMALLEST}


def _tells(pair: Pair) -> bool:
    return pair.together >= SMALLEST and pair.share >= LEAST_SHARE


def _surest(pair: Pair) -> tuple[float, int, str, str]:
    return -pair.share, -pair.sample, pair.code, pair.given
