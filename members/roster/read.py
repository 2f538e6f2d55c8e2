"""A roster file: bytes in, rows and faulty cells out."""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from claimflow.lib.sentences import Sentence, gettext_noop, sentence
from codes.formats import member_key
from members.roster import cells
from members.roster.columns import ADDRESS, BY_NAME, COLUMNS, MOST_BYTES, MOST_ROWS, Column, named

SEPARATORS = ",;\t"
NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


class Unreadable(ValueError):
    """The file as a whole cannot be used; ``sentence`` says why and what to do."""

    def __init__(self, template: str, **values: object) -> None:
        self.sentence: Sentence = sentence(template, values)
        super().__init__(template)


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty cell. ``row`` is the line that a spreadsheet shows, the headings being 1; ``typed`` what stands
    there, empty when nothing does."""

    row: int
    column: str
    message: Sentence
    typed: str = ""


@dataclass(frozen=True)
class Roster:
    """``rows`` are without fault: column to what is kept, absent where the cell is empty, and ``row`` its line.
    ``notes`` are sentences about the file that stop nothing."""

    rows: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    count: int = 0


def read(content: bytes, *, plans: Collection[str], today: date) -> Roster:
    """Read a file. ``plans`` are the names that the column "plan" may hold, compared without case.

    Raises ``Unreadable`` for a file that is too large, no text, without the columns needed, or without rows.
    """
    text, notes = _text_of(content)
    lines = _lines_of(text)
    heading = next(lines, None)
    if heading is None:
        raise Unreadable(gettext_noop("The file is empty. Start from the template."))
    columns, unknown = _columns_of(heading[1])
    if unknown:
        notes.append(
            sentence(gettext_noop("These columns are not read: {names}."), {"names": ", ".join(unknown)})
        )
    roster = Roster(notes=notes)
    spelled = {plan.casefold(): plan for plan in plans}
    count = 0
    first_at: dict[tuple[str, ...], int] = {}
    for number, row in lines:
        if not any(cell.strip() for cell in row):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Unreadable(
                gettext_noop("The file has more than {most} rows. Split it into several files."),
                most=f"{MOST_ROWS:,}",
            )
        _read_row(roster, number, row, columns, spelled, today, first_at)
    if not count:
        raise Unreadable(gettext_noop("The file has headings, but no member below them."))
    return Roster(roster.rows, roster.faults, roster.notes, count)


def _text_of(content: bytes) -> tuple[str, list[Sentence]]:
    if len(content) > MOST_BYTES:
        raise Unreadable(gettext_noop("The file is larger than 2 MB. Split it into several files."))
    if content.startswith(NOT_TEXT):
        raise Unreadable(
            gettext_noop(
                "This is a spreadsheet or a document, not a CSV file. In your spreadsheet, save it as CSV UTF-8."
            )
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise Unreadable(
            gettext_noop("The file is not plain text in UTF-8. In your spreadsheet, save it as CSV UTF-8.")
        )
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = gettext_noop(
            "The file is not UTF-8, so it was read as Windows text. Check names with accents."
        )
        return content.decode("cp1252", errors="replace"), [sentence(note)]


def _lines_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number that a spreadsheet shows for each."""
    start = text.lstrip("\r\n ")
    if start[:4].lower() == "sep=" and len(start) > 4 and start[4] in SEPARATORS:
        separator, skipped = start[4], 1
    else:
        first = start.split("\n", 1)[0]
        separator, skipped = max(SEPARATORS, key=first.count), 0
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(rows, start=1):
            if number > skipped and (number > 1 or any(cell.strip() for cell in row)):
                yield number, row
    except csv.Error:
        raise Unreadable(
            gettext_noop(
                "A quotation mark is opened and never closed, or a cell is too long. Save the file as CSV again."
            )
        ) from None


def _columns_of(heading: list[str]) -> tuple[list[Column | None], list[str]]:
    names = [named(cell) for cell in heading]
    twice = [name for name, count in Counter(names).items() if count > 1 and name in BY_NAME]
    if twice:
        raise Unreadable(
            gettext_noop("The first line names a column twice: {names}. Remove one of them."),
            names=", ".join(twice),
        )
    missing = [column.name for column in COLUMNS if column.needed and column.name not in names]
    if missing:
        raise Unreadable(
            gettext_noop("The first line must name the columns. Missing: {names}. Start from the template."),
            names=", ".join(missing),
        )
    unknown = [
        cell.strip()[:40] for cell, name in zip(heading, names, strict=True) if name and name not in BY_NAME
    ]
    return [BY_NAME.get(name) for name in names], unknown[:20]


def _read_row(
    roster: Roster,
    number: int,
    row: list[str],
    columns: list[Column | None],
    plans: Mapping[str, str],
    today: date,
    first_at: dict[tuple[str, ...], int],
) -> None:
    found, faults = _cells_of(number, row, columns, plans, today)
    faults += _across(number, found)
    if not faults:
        key = (
            member_key(found["member_id"]),
            found["first_name"].casefold(),
            found["birth_date"],
            found["plan"],
            found["effective_from"],
        )
        if key in first_at:
            message = sentence(
                gettext_noop(
                    "Row {row} names the same member, plan and first day. Remove one of the two rows."
                ),
                {"row": first_at[key]},
            )
            faults.append(Fault(number, "member_id", message, found["member_id"]))
        first_at.setdefault(key, number)
    if faults:
        roster.faults.extend(faults)
    else:
        roster.rows.append({**found, "row": str(number)})


def _cells_of(
    number: int, row: list[str], columns: list[Column | None], plans: Mapping[str, str], today: date
) -> tuple[dict[str, str], list[Fault]]:
    found: dict[str, str] = {}
    faults: list[Fault] = []
    if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
        message = sentence(
            gettext_noop(
                "The row has more cells than the first line. Put cells that hold the separator in quotation marks."
            )
        )
        faults.append(Fault(number, columns[-1].name if columns[-1] else "", message))
    padded = row + [""] * (len(columns) - len(row))
    for column, cell in zip(columns, padded, strict=False):
        if column is None:
            continue
        text = cell.strip()
        if not text:
            if column.needed:
                faults.append(
                    Fault(number, column.name, sentence(gettext_noop("The cell is empty. Fill it in.")))
                )
            continue
        try:
            found[column.name] = _read_cell(column, text, plans, today)
        except cells.Faulty as faulty:
            faults.append(Fault(number, column.name, faulty.sentence, text[:60]))
    return found, faults


def _read_cell(column: Column, text: str, plans: Mapping[str, str], today: date) -> str:
    text = cells.plain(text, column.longest)
    if column.name == "birth_date":
        return cells.birth_date(text, today)
    if column.name == "plan":
        plan = plans.get(text.casefold())
        if plan is None:
            raise cells.Faulty(
                gettext_noop(
                    "You have no active plan of this name. Write it as on the page of plans, or add it there first."
                )
            )
        return plan
    reader = cells.READERS.get(column.name)
    return reader(text) if reader else text


def _across(number: int, found: Mapping[str, str]) -> list[Fault]:
    """What only several cells together can be wrong about."""
    faults = []
    first, last = found.get("effective_from"), found.get("effective_to")
    if first and last and last < first:
        message = sentence(gettext_noop("The last day is before the first day. Check both dates."))
        faults.append(Fault(number, "effective_to", message, last))
    limit = found.get("out_of_pocket_limit")
    if limit and float(limit) < float(found.get("deductible", "0")):
        message = sentence(
            gettext_noop("The out-of-pocket limit is below the deductible. Check both amounts.")
        )
        faults.append(Fault(number, "out_of_pocket_limit", message, limit))
    return faults


def address_of(row: Mapping[str, str]) -> dict[str, str] | None:
    """The address as ``Member.address`` holds it; None when the row tells none."""
    address = {name: row.get(name, "") for name in ADDRESS}
    return address if any(address.values()) else None
