"""One row of ICD-10-CM, one chapter or block, and the set they make."""

import re
import unicodedata
from dataclasses import dataclass, field

Notes = dict[str, list[str]]

_POSSESSIVE = re.compile(r"['\u2019]s\b")
_TOKEN = re.compile(r"[a-z0-9]+")
_LETTERS = re.compile(r"[a-z]{3,}")


class FileProblem(ValueError):
    """A code file that cannot be taken; the message is a sentence for the person who brought it."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A category or code. ``code`` and ``parent`` are upper case without the dot; ``order`` counts from 1
    in the order of the tabular list; ``notes`` keeps the list's own instructions (excludes1, includes,
    ...)."""

    order: int
    code: str
    billable: bool
    description: str
    parent: str = ""
    block: str = ""
    chapter: str = ""
    notes: Notes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A chapter ("9") or a block ("I20-I25") with the categories it spans."""

    kind: str
    code: str
    title: str
    first: str
    last: str
    chapter: str
    order: int
    notes: Notes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodeFile:
    """Everything read from one source. A CMS order file has no sections and no notes."""

    rows: list[CodeRow]
    sections: list[SectionRow]
    sha256: str
    source: str


def one_space(text: str) -> str:
    """Descriptions of the published list hold TABs and line ends."""
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """Words for the search, in order: lower case, without accents and possessive endings."""
    plain = text.casefold()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _TOKEN.findall(_POSSESSIVE.sub("", plain))


def tokens_of(row: CodeRow) -> tuple[set[str], set[str]]:
    """The words of the description, and those of its other names that are not among them: "high blood
    pressure" stands in a note of I10."""
    own = set(tokens(row.description))
    other = {
        word
        for kind in ("inclusion_terms", "includes")
        for note in row.notes.get(kind, ())
        for word in tokens(note)
    }
    return own, other - own


def lexemes(own: set[str], other: set[str]) -> str:
    """A search vector as text: weight A for a row's own words, B for those of other names. Tokens hold
    letters and digits alone, so nothing needs quoting; the positions mean nothing."""
    return " ".join([f"{word}:1A" for word in own] + [f"{word}:1B" for word in other])


def in_vocabulary(word: str) -> bool:
    """Words of three letters or more: what misspellings are mended with."""
    return _LETTERS.fullmatch(word) is not None
