"""Search as you type over ICD-10-CM: by code, by words, by words mended.

Measured (bench/code_search.py): each way answers from one index. A prefix of the code is a range of the
unique index; words are a ``simple`` text search for the beginning of each word, within the release by its
own word; nothing found means the words that no code uses are replaced once by their nearest neighbours in
the vocabulary.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice, product

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from codes import data
from codes.answers import in_force, is_past
from codes.enums import CodeSystem
from codes.formats import bare_icd, dotted_icd, procedure_system, tidy_code
from codes.icd10.rows import tokens
from codes.icd10.spelling import nearest
from codes.models import CodeRelease, Icd10Code, Procedure

Words = tuple[str, ...]

LIMIT = 20
LONGEST = 100
MOST_WORDS = 8
MOST_ATTEMPTS = 6
CAP = 500
_CODE = re.compile(r"[A-Z](?:[0-9]|[A-Z][0-9])[0-9A-Z]{0,5}")
# Too common to tell codes apart; "with" and "without" are not among them.
_SMALL = frozenset(["a", "an", "and", "by", "for", "in", "of", "on", "or", "the", "to"])

# The scalar sub-select hides the words from the planner. With them it would see that half of all rows may
# match and, because of the LIMIT, read the table from its start (45 ms); without, it takes the index always
# (0.5 to 12 ms).
_BY_WORDS = """
WITH found AS MATERIALIZED (
    SELECT code, description, billable, search
    FROM codes_icd10code
    WHERE search @@ (SELECT %(words)s::tsquery) AND release_id = %(release)s
    LIMIT %(cap)s
)
SELECT code, description, billable, count(*) OVER ()
FROM found
ORDER BY search @@ %(own)s::tsquery DESC, billable DESC, length(description), code
LIMIT %(limit)s
"""
_NEIGHBOURS = """
SELECT typed,
       EXISTS (SELECT 1 FROM codes_icd10word WHERE release_id = %(release)s AND word = typed),
       EXISTS (SELECT 1 FROM codes_icd10word
               WHERE release_id = %(release)s
                 AND word >= typed COLLATE "C" AND word < (typed || '~') COLLATE "C"),
       near.word, near.uses
FROM unnest(%(words)s::text[]) AS typed
CROSS JOIN LATERAL (
    SELECT word, uses FROM codes_icd10word WHERE release_id = %(release)s ORDER BY word <-> typed LIMIT 40
) AS near
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. ``code`` is shown as people read it; ``billable`` says whether a claim may carry it."""

    code: str
    description: str
    billable: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a search answers. ``sentences`` tell how it was judged, mended or cut; empty when there is
    nothing to tell."""

    hits: tuple[Hit, ...] = ()
    sentences: tuple[str, ...] = ()
    release: CodeRelease | None = None


def find_icd10(text: str, *, on: date, limit: int = LIMIT) -> Found:
    """Codes and categories for what somebody typed, as of a date of service. Any text gets an answer."""
    text = text.replace("\0", "")[:LONGEST]
    releases = list(CodeRelease.objects.loaded())
    release = in_force(releases, on)
    if release is None:
        return Found(sentences=(_("No code set is loaded for this date."),))
    judged: tuple[str, ...] = ()
    if release is releases[0] and is_past(release, on):
        judged = (_("Judged by %(release)s, the newest loaded.") % {"release": release.label},)
    if not text.strip():
        return Found(release=release, sentences=judged)
    hits, told = _find(release, text, limit)
    return Found(hits=tuple(hits), sentences=(*told, *judged), release=release)


def find_procedures(text: str, *, on: date, limit: int = LIMIT) -> Found:
    """Our own procedures in force on the day, by code or by words. A code in the shape of CPT or HCPCS is
    given back as it is: its format is all that can be judged (ruling 39)."""
    text = text.replace("\0", "")[:LONGEST]
    code, words = tidy_code(text), text.split()[:MOST_WORDS]
    system = procedure_system(code)
    if system is not None and system is not CodeSystem.DEMO:
        sentence = _("Only the format of CPT and HCPCS codes is checked; no licensed list is loaded.")
        return Found(hits=(Hit(code, str(system).upper()),), sentences=(sentence,))
    fits = Q()
    for word in words:
        fits &= Q(description__icontains=word)
    rows = Procedure.objects.in_force(on)
    if words:
        rows = rows.filter(Q(code__startswith=code) | fits)
    return Found(hits=tuple(Hit(row.code, row.description) for row in rows[:limit]))


def _find(release: CodeRelease, text: str, limit: int) -> tuple[list[Hit], tuple[str, ...]]:
    """The ways in turn, until one answers."""
    first, _blank, rest = text.strip().partition(" ")
    prefix = bare_icd(first)
    if _CODE.fullmatch(prefix):
        hits = _by_code(release, prefix, _words(rest), limit)
        if hits:
            return hits, ()
    words = _words(text)
    if not words:
        return [], (_("Type at least two letters."),)
    meant = _in_official_words(words)
    for attempt in dict.fromkeys((meant, words)):
        hits, told = _by_words(release, attempt, limit)
        if hits:
            return hits, told if attempt == words else (_shown_for(attempt), *told)
    for attempt in _mended(release, meant):
        hits, told = _by_words(release, attempt, limit)
        if hits:
            return hits, (_shown_for(attempt), *told)
    return [], ()


def _shown_for(words: Words) -> str:
    return _("Showing results for “%(words)s”.") % {"words": " ".join(words)}


def _by_code(release: CodeRelease, prefix: str, words: Words, limit: int) -> list[Hit]:
    rows = Icd10Code.objects.filter(release=release).starting_with(prefix).order_by("code")
    if words:
        rows = rows.filter(search=SearchQuery(_beginnings(words), search_type="raw", config="simple"))
    return [_hit(*row) for row in rows.values_list("code", "description", "billable")[:limit]]


def _words(text: str) -> Words:
    """The words to search for: without the small ones where others stand, each once."""
    typed = list(dict.fromkeys(tokens(text)))
    telling = [word for word in typed if word not in _SMALL] or typed
    return tuple(telling[:MOST_WORDS]) if any(len(word) > 1 for word in telling) else ()


@lru_cache(maxsize=1)
def _lay_words() -> tuple[tuple[Words, Words], ...]:
    """(what people say, what the list says), longer sayings first."""
    pairs = [(tuple(row["said"].split()), _words(row["searched"])) for row in data.rows("lay_words")]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _in_official_words(words: Words) -> Words:
    """With the first saying of the lay list that stands in the words replaced: "breast cancer" becomes
    "breast malignant neoplasm"."""
    for said, official in _lay_words():
        for start in range(len(words) - len(said) + 1):
            if words[start : start + len(said)] == said:
                return tuple(dict.fromkeys((*words[:start], *official, *words[start + len(said) :])))
    return words


def _stem(word: str) -> str:
    """Without a plural's s, as the beginning of a word is searched for: "burns" also finds "burn"."""
    return (
        word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )


def _beginnings(words: Words, weight: str = "") -> str:
    """As a tsquery. Tokens hold letters and digits alone, so nothing needs quoting."""
    return " & ".join(f"{_stem(word)}:*{weight}" for word in words)


def _by_words(release: CodeRelease, words: Words, limit: int) -> tuple[list[Hit], tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_WORDS,
            {
                "words": f"{release.lexeme} & {_beginnings(words)}",
                "own": _beginnings(words, "A"),
                "release": release.pk,
                "cap": CAP,
                "limit": limit,
            },
        )
        rows = cursor.fetchall()
    told: tuple[str, ...] = ()
    if rows and rows[0][3] >= CAP:
        told = (_("More than %(count)d codes fit. Type more words.") % {"count": CAP},)
    elif rows and rows[0][3] > limit:
        told = (_("%(count)d codes fit. Type more words to narrow them.") % {"count": rows[0][3]},)
    return [_hit(*row[:3]) for row in rows], told


def _mended(release: CodeRelease, words: Words) -> Iterator[Words]:
    """Attempts with words replaced by their nearest ones of the vocabulary: first only those that begin no
    word of it ("diabtes"), then also those that are no whole word ("hart failure": Hartnup begins with it,
    heart was meant)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NEIGHBOURS, {"words": [word for word in words if len(word) > 2], "release": release.pk}
        )
        rows = cursor.fetchall()
    near: dict[str, list[tuple[str, int]]] = {}
    whole, beginning = set(), set()
    for typed, is_word, begins, word, uses in rows:
        near.setdefault(typed, []).append((word, uses))
        whole |= {typed} if is_word else set()
        beginning |= {typed} if begins else set()
    tried = {words}
    for kept in (beginning, whole):
        choices = [
            (word,) if word in kept else (nearest(word, _not_longer(word, near.get(word, ()))) or (word,))
            for word in words
        ]
        for attempt in islice(product(*choices), MOST_ATTEMPTS):
            if attempt not in tried:
                tried.add(attempt)
                yield attempt


def _not_longer(typed: str, candidates: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Without words that only go on from what was typed: those were searched for already."""
    return [(word, uses) for word, uses in candidates if not word.startswith(typed)]


def _hit(code: str, description: str, billable: bool) -> Hit:
    return Hit(dotted_icd(code), description, billable)
