"""Reads the tabular list that the package simple-icd-10-cm carries (NCHS data, public domain; package MIT).

The package's own API builds its tree on import (2.3 s); its two data files read directly take under a second.
Codes with a seventh character stand in no element of the XML: they are the leaf, padded with X, plus each
character that the nearest ``sevenChrDef`` defines, as far as the confirmed list knows the result.
"""

import hashlib
import re
import xml.etree.ElementTree as ET
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from codes.formats import bare_icd
from codes.icd10.rows import CodeFile, CodeRow, FileProblem, Notes, SectionRow, one_space

PACKAGE = "simple_icd_10_cm"
_MONTHS = {"January": 1, "April": 4, "October": 10}
_EFFECTIVE = re.compile(r"tabular-(January|April|October)-(\d{1,2})-(\d{4})\.xml$")
_SPAN = re.compile(r"\s*\(([A-Z][0-9A-Z]{2})(?:-([A-Z][0-9A-Z]{2}))?\)$")
_NOTES = {
    "includes": "includes",
    "inclusionTerm": "inclusion_terms",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional_code",
    "codeAlso": "code_also",
    "notes": "notes",
}


def bundled_files() -> tuple[Path, Path]:
    """The package's tabular XML and its list of confirmed codes. ``FileProblem`` when it is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileProblem(f"The package {PACKAGE} is not installed. Install it, or name a CMS order file.")
    folder = Path(spec.origin).parent / "data"
    tabular, confirmed = sorted(folder.glob("*tabular*.xml")), sorted(folder.glob("code-list*.txt"))
    if len(tabular) != 1 or len(confirmed) != 1:
        raise FileProblem(f"The package {PACKAGE} does not hold one tabular list and one code list.")
    return tabular[0], confirmed[0]


def bundled_effective_from() -> date:
    """The day from which the bundled release holds, by its file name."""
    found = _EFFECTIVE.search(bundled_files()[0].name)
    if found is None:
        raise FileProblem(f"The tabular list of {PACKAGE} does not say its date in its name.")
    return date(int(found[3]), _MONTHS[found[1]], int(found[2]))


def bundled_sha256() -> str:
    """What ``read_bundled().sha256`` would be, without reading the list itself."""
    tabular, confirmed = bundled_files()
    return _digest(tabular.read_bytes(), confirmed.read_text(encoding="utf-8"))


def read_bundled() -> CodeFile:
    """Chapters, blocks, categories and codes of the bundled release."""
    tabular, confirmed = bundled_files()
    source = f"{PACKAGE.replace('_', '-')} {version(PACKAGE)}, {tabular.name}"
    return read_tabular(tabular.read_bytes(), confirmed.read_text(encoding="utf-8"), source=source)


def read_tabular(xml: bytes, confirmed: str, *, source: str) -> CodeFile:
    """``confirmed`` holds one code a line (it may be followed by a blank and text). ``FileProblem`` for XML
    of another shape."""
    try:
        root = ET.fromstring(xml)  # noqa: S314  # the file of a hash-checked wheel, not of a user  # nosec B314
    except ET.ParseError as problem:
        raise FileProblem(f"The tabular list is not readable XML: {problem}.") from problem
    reader = _Reader({line.split(" ")[0].replace(".", "") for line in confirmed.splitlines()})
    for chapter in root.findall("chapter"):
        reader.chapter(chapter)
    if not reader.rows:
        raise FileProblem("The tabular list holds no chapter with codes.")
    return CodeFile(rows=reader.rows, sections=reader.sections, sha256=_digest(xml, confirmed), source=source)


def _digest(xml: bytes, confirmed: str) -> str:
    return hashlib.sha256(xml + confirmed.encode()).hexdigest()


class _Reader:
    def __init__(self, confirmed: set[str]) -> None:
        self.confirmed = confirmed
        self.rows: list[CodeRow] = []
        self.sections: list[SectionRow] = []

    def chapter(self, element: ET.Element) -> None:
        chapter = _text(element, "name")
        self._section("chapter", element, code=chapter, chapter=chapter)
        for section in element.findall("section"):
            block = section.get("id", "")
            self._section("block", section, code=block, chapter=chapter)
            for diagnosis in section.findall("diag"):
                self._diagnosis(diagnosis, parent="", block=block, chapter=chapter, seventh={})

    def _section(self, kind: str, element: ET.Element, *, code: str, chapter: str) -> None:
        title = _text(element, "desc")
        span = _SPAN.search(title)
        first, last = (span[1], span[2] or span[1]) if span else (code[:3], code[-3:])
        self.sections.append(
            SectionRow(
                kind=kind,
                code=code,
                title=title[: span.start()] if span else title,
                first=first,
                last=last,
                chapter=chapter,
                order=len(self.sections) + 1,
                notes=_notes(element),
            )
        )

    def _diagnosis(
        self, element: ET.Element, *, parent: str, block: str, chapter: str, seventh: dict[str, str]
    ) -> None:
        code, description = bare_icd(_text(element, "name")), _text(element, "desc")
        seventh = _seventh(element) or seventh
        children = element.findall("diag")
        stem = code.ljust(6, "X")
        extended = {} if children else {c: text for c, text in seventh.items() if stem + c in self.confirmed}
        self._row(code, description, parent, block, chapter, not children and not extended, _notes(element))
        for child in children:
            self._diagnosis(child, parent=code, block=block, chapter=chapter, seventh=seventh)
        for character, text in extended.items():
            self._row(stem + character, one_space(f"{description}, {text}"), code, block, chapter, True, {})

    def _row(
        self, code: str, description: str, parent: str, block: str, chapter: str, billable: bool, notes: Notes
    ) -> None:
        self.rows.append(
            CodeRow(
                order=len(self.rows) + 1,
                code=code,
                billable=billable,
                description=description,
                parent=parent,
                block=block,
                chapter=chapter,
                notes=notes,
            )
        )


def _text(element: ET.Element, tag: str) -> str:
    return one_space(element.findtext(tag) or "")


def _notes(element: ET.Element) -> Notes:
    notes: Notes = {}
    for child in element:
        kind = _NOTES.get(child.tag)
        if kind is not None:
            notes.setdefault(kind, []).extend(one_space(note.text) for note in child if note.text)
    return {kind: texts for kind, texts in notes.items() if texts}


def _seventh(element: ET.Element) -> dict[str, str]:
    """Character and meaning; a ``note`` continues the meaning before it."""
    defined: dict[str, str] = {}
    character = ""
    for extension in element.findall("sevenChrDef/*"):
        if extension.tag == "extension":
            character = extension.get("char", "")
            defined[character] = extension.text or ""
        elif extension.tag == "note" and character and extension.text:
            defined[character] += f"/{extension.text}"
    return defined
