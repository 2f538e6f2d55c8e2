"""How often the rules agree with people: labelled claims in, disagreements and a confusion table out.

A file of labelled claims is tab-separated text with a header naming `cpt icd10 age billed expected` in any
order. Several codes in a cell are separated by spaces, commas, semicolons or slashes. Nothing here
needs a database: procedures are judged by their number, X-codes by the demonstration list that comes with the program.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from claimflow.lib.money import parse_money
from codes import data
from codes.enums import ProcedureCategory
from codes.formats import bare_icd, tidy_code
from intelligence.enums import Priority
from intelligence.priority import PriorityFacts, ProcedureFacts, Suggestion, decide_safely

COLUMNS = ("cpt", "icd10", "age", "billed", "expected")
OLDEST = 130
LONGEST_CODE = 40
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BETWEEN = re.compile(r"[\s,;/]+")
_WHOLE = re.compile(r"([0-9]{1,3})(?:\.0{1,6})?", re.ASCII)
_NEEDLESS = re.compile(r"(\.[0-9]{2})0+$", re.ASCII)
"""Zeros after the cents, as spreadsheets write amounts."""


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled claim; `line` is its line in the file, the header being line 1."""

    line: int
    facts: PriorityFacts
    expected: Priority


@dataclass(frozen=True, slots=True)
class Answer:
    """A labelled claim and what the rules say of it."""

    case: Case
    suggestion: Suggestion

    @property
    def agrees(self) -> bool:
        return self.suggestion.priority == self.case.expected


@dataclass(frozen=True, slots=True)
class Cases:
    """The claims of a file, and a sentence with line and column for each row that could not be read."""

    read: list[Case]
    faults: list[str]


class UnreadableCases(ValueError):
    """The file as a whole cannot be read. `sentences` name line and column of each fault."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def read_cases(content: bytes) -> Cases:
    """Return the labelled claims of a file; a bad row does not hide the others. Raises UnreadableCases when there is
    no header, or nothing under it."""
    lines = re.split(r"\r\n|\r|\n", _text(content))
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    columns = _header(lines[first], first + 1)
    cases, faults = [], []
    for number, line in enumerate(lines[first + 1 :], start=first + 2):
        if line.strip():
            try:
                cases.append(_case(number, _cells(line), columns))
            except ValueError as fault:
                faults.append(f"Line {number}, {fault}")
    if not cases and not faults:
        raise UnreadableCases([f"Line {first + 2}, column 1: the file has a header and no claims under it."])
    return Cases(cases, faults)


def evaluate(cases: Iterable[Case]) -> list[Answer]:
    """Ask the rules about every claim, the way a submission does."""
    return [Answer(case, decide_safely(case.facts)) for case in cases]


def confusion(answers: Iterable[Answer]) -> list[str]:
    """Return the confusion table as lines of text: expected in rows, got in columns."""
    counts = Counter((answer.case.expected, answer.suggestion.priority) for answer in answers)
    head = f"{'expected':<12}" + "".join(f"{f'got {priority}':>14}" for priority in Priority)
    return [
        head,
        *(
            f"{expected:<12}" + "".join(f"{counts[expected, priority]:>14}" for priority in Priority)
            for expected in Priority
        ),
    ]


def _text(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8-sig")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        column = content[: fault.start].rpartition(b"\n")[2].count(b"\t") + 1
        raise UnreadableCases(
            [f"Line {line}, column {column}: the text is not UTF-8. Save it as UTF-8."]
        ) from fault


def _cells(line: str) -> list[str]:
    """Spreadsheets put a cell with a comma in quotation marks."""
    cells = [cell.strip() for cell in line.split("\t")]
    return [cell[1:-1].strip() if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]


def _header(line: str, number: int) -> dict[str, int]:
    """Return the place of each column, counted from 0."""
    places: dict[str, int] = {}
    for at, name in enumerate(_cells(line.lower())):
        if name in COLUMNS and name in places:
            raise UnreadableCases(
                [f"Line {number}, column {at + 1}: the column {name} stands here a second time."]
            )
        places[name] = at
    missing = [name for name in COLUMNS if name not in places and name != "age"]
    if missing:
        raise UnreadableCases(
            [
                f"Line {number}, column {missing[0]}: the column is missing. The first line names the columns "
                f"{' '.join(COLUMNS)}, separated by tabs."
            ]
        )
    return places


def _case(number: int, cells: list[str], columns: Mapping[str, int]) -> Case:
    row = {name: cells[at] if at < len(cells) else None for name, at in columns.items()}
    procedures = _codes("cpt", row["cpt"])
    return Case(
        number,
        PriorityFacts(
            procedures=tuple(_procedure(tidy_code(code.partition("-")[0])) for code in procedures),
            diagnoses=tuple(bare_icd(code) for code in _diagnoses(row["icd10"])),
            total=_billed(row["billed"]),
            age=_age(row.get("age")),
        ),
        _expected(row["expected"]),
    )


def _present(column: str, cell: str | None) -> str:
    if cell is None:
        raise ValueError(f"column {column}: the line ends before this column.")
    if not cell:
        raise ValueError(f"column {column}: the cell is empty.")
    return cell


def _codes(column: str, cell: str | None) -> list[str]:
    codes = [code for code in _BETWEEN.split(_present(column, cell)) if code]
    if not codes or any(
        len(code) > LONGEST_CODE or not code.isprintable() or code.startswith("-") for code in codes
    ):
        raise ValueError(f"column {column}: a code has 1 to {LONGEST_CODE} letters, digits and points.")
    return codes


def _diagnoses(cell: str | None) -> list[str]:
    """None in an empty cell: a claim without one is answered too."""
    return [] if cell == "" else _codes("icd10", cell)


def _billed(cell: str | None) -> Decimal:
    try:
        amount = parse_money(_NEEDLESS.sub(r"\1", _present("billed", cell)))
    except ValueError as fault:
        if str(fault).startswith("column"):
            raise
        raise ValueError(f"column billed: {fault}") from fault
    if amount < 0:
        raise ValueError("column billed: the amount must not be negative.")
    return amount


def _age(cell: str | None) -> int | None:
    if not cell:
        return None
    whole = _WHOLE.fullmatch(cell)
    if whole is None or int(whole[1]) > OLDEST:
        raise ValueError(f"column age: write whole years from 0 to {OLDEST}, or leave the cell empty.")
    return int(whole[1])


def _expected(cell: str | None) -> Priority:
    word = _present("expected", cell).lower()
    if word not in set(Priority):
        raise ValueError("column expected: write urgent, standard or routine.")
    return Priority(word)


def _procedure(code: str) -> ProcedureFacts:
    return _demonstration().get(code) or ProcedureFacts(code)


@lru_cache(maxsize=1)
def _demonstration() -> dict[str, ProcedureFacts]:
    return {
        row["code"]: ProcedureFacts(
            row["code"],
            ProcedureCategory(row["category"]),
            emergency=row["emergency"] == "yes",
            preventive=row["preventive"] == "yes",
        )
        for row in data.rows("procedures")
    }
