"""A roster file, cell by cell: what is read, what is faulty, and in which words."""

from datetime import date

import pytest

from members.roster.columns import COLUMNS, MOST_BYTES, MOST_ROWS, template
from members.roster.read import Roster, Unreadable, read

TODAY = date(2026, 11, 21)
HEADING = "member_id,last_name,first_name,birth_date,plan,effective_from"
ROW = "W1,Okafor,Adaeze,1965-03-14,Silver PPO,2026-01-01"


def reading(content: str | bytes) -> Roster:
    raw = content if isinstance(content, bytes) else content.encode()
    return read(raw, plans=["Silver PPO"], today=TODAY)


def cell(column: str, value: str) -> Roster:
    names = [*HEADING.split(","), *([column] if column not in HEADING.split(",") else [])]
    values = dict(zip(HEADING.split(","), ROW.split(","), strict=True)) | {column: value}
    quoted = (f'"{values[name]}"' for name in names)
    return reading(f"{','.join(names)}\n{','.join(quoted)}\n")


def test_the_template_is_a_roster_without_fault() -> None:
    roster = reading(template())
    assert (len(roster.rows), roster.faults, roster.notes) == (1, [], [])
    assert set(template().splitlines()[0].split(",")) == {column.name for column in COLUMNS}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_ends_and_marks(separator: str, bom: bytes, end: str) -> None:
    text = f"{HEADING}{end}{ROW}{end}".replace(",", separator)
    assert reading(bom + text.encode()).rows[0]["last_name"] == "Okafor"


def test_the_line_that_names_the_separator_is_skipped_and_counted() -> None:
    roster = reading(f"sep=;\r\n{HEADING}\r\n{ROW}\r\n".replace(",", ";"))
    assert roster.rows[0]["row"] == "3"


def test_headings_in_people_s_own_spelling() -> None:
    heading = "Member ID,LAST NAME,First-Name,birth date,Plan,Effective from,Favorite color"
    roster = reading(f"{heading}\n{ROW},blue\n")
    assert len(roster.rows) == 1
    assert str(roster.notes[0]) == "These columns are not read: Favorite color."


def test_windows_text_is_read_with_a_note() -> None:
    roster = reading(f"{HEADING}\n{ROW.replace('Okafor', 'Núñez')}\n".encode("cp1252"))
    assert roster.rows[0]["last_name"] == "Núñez"
    assert "Windows text" in str(roster.notes[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "Missing: member_id"),
        (HEADING.encode(), "no member below"),
        (b"a,b\n1,2", "Missing: member_id, last_name"),
        (f"{HEADING},member_id\n".encode(), "twice: member_id"),
        (b"PK\x03\x04rest", "not a CSV file"),
        (HEADING.encode("utf-16"), "not plain text"),
        (f"{HEADING}\nW\0".encode(), "not plain text"),
        (b"x" * (MOST_BYTES + 1), "larger than 2 MB"),
        (f"{HEADING}\n{'x,' * 5}{'y' * 140_000}\n".encode(), "too long"),
        (f"{HEADING}\n{(ROW + chr(10)) * (MOST_ROWS + 1)}".encode(), "more than 5,000 rows"),
    ],
)
def test_files_that_cannot_be_used(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as problem:
        reading(content)
    assert words in str(problem.value.sentence)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("member_id", "", "The cell is empty."),
        ("member_id", "W 1!", "letters, digits and hyphens"),
        ("member_id", "1.23E+11", "shortened this member ID"),
        ("member_id", "W" * 51, "51 characters; at most 50"),
        ("last_name", "=HYPERLINK(1)", "begins with ="),
        ("last_name", "@cmd", "begins with @"),
        ("last_name", "Oka\x07for", "cannot be printed"),
        ("first_name", "A" * 101, "at most 100"),
        ("birth_date", "14.03.1965", "no date that we can read"),
        ("birth_date", "2027-01-01", "in the future"),
        ("birth_date", "1901-01-01", "120 years ago"),
        ("birth_date", "02/30/1990", "no such day"),
        ("effective_from", "9999-01-01", "between 1900 and 2200"),
        ("effective_to", "2025-12-31", "before the first day"),
        ("plan", "Gold", "no active plan of this name"),
        ("sex", "Q", "F, M or U"),
        ("relationship", "aunt", "self, spouse, child or other"),
        ("copay", "many", "digits"),
        ("copay", "-5", "not negative"),
        ("coinsurance_percent", "120", "from 0 to 100"),
        ("coinsurance_percent", "NaN", "from 0 to 100"),
        ("state", "N1", "two letters"),
        ("postal_code", "12", "5 digits"),
    ],
)
def test_a_faulty_cell_is_named(column: str, value: str, words: str) -> None:
    roster = cell(column, value)
    assert roster.rows == []
    (fault,) = roster.faults
    assert (fault.row, fault.column) == (2, column)
    assert words in str(fault.message)


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("birth_date", "3/14/1965", "1965-03-14"),
        ("birth_date", "1965-03-14 00:00:00", "1965-03-14"),
        ("sex", "female", "F"),
        ("plan", "silver ppo", "Silver PPO"),
        ("copay", "1.234,50", "1234.50"),
        ("coinsurance_percent", "20 %", "20.00"),
        ("postal_code", "2108", "02108"),
        ("state", "ma", "MA"),
        ("last_name", "O'Brien-Núñez", "O'Brien-Núñez"),
        ("relationship", "Child", "child"),
    ],
)
def test_cells_as_spreadsheets_write_them(column: str, value: str, kept: str) -> None:
    assert cell(column, value).rows[0][column] == kept


def test_the_same_coverage_twice_is_faulty_the_second_time() -> None:
    roster = reading(f"{HEADING}\n{ROW}\n{ROW.replace('W1', 'w-1')}\n")
    assert len(roster.rows) == 1
    assert (roster.faults[0].row, "Row 2" in str(roster.faults[0].message)) == (3, True)


def test_a_row_that_is_too_long_or_too_short() -> None:
    roster = reading(f"{HEADING}\n{ROW},more\nW2,Lind\n\n")
    assert "more cells than the first line" in str(roster.faults[0].message)
    assert {fault.column for fault in roster.faults if fault.row == 3} == {
        "first_name",
        "birth_date",
        "plan",
        "effective_from",
    }
    assert roster.count == 2
