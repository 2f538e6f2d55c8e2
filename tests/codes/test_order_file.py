"""The CMS order file: what is read, and what each wrong line is told."""

import pytest

from codes.icd10.order_file import read_order_file
from codes.icd10.rows import FileProblem
from tests.codes.conftest import LINES, order_bytes, order_file, order_line


def read(text: str | bytes):
    return read_order_file(text.encode() if isinstance(text, str) else text, source="ours.txt")


def test_rows_keep_their_order_wording_and_parent():
    file = order_file()
    assert [row.code for row in file.rows] == [code for _, code, _ in LINES]
    by_code = {row.code: row for row in file.rows}
    assert by_code["E119"].billable
    assert not by_code["E11"].billable
    assert by_code["E1165"].parent == "E116"
    assert by_code["T07XXXA"].parent == "T07"
    assert by_code["E11"].parent == ""
    assert by_code["S72001A"].description.endswith("right femur, initial encounter")
    assert len(file.sha256) == 64


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_blank_lines_and_a_byte_order_mark_do_not_matter(ending):
    text = "\ufeff" + ending.join([order_line(1, 0, "I10", "Hypertension"), "", ""])
    assert [row.code for row in read(text).rows] == ["I10"]


def test_white_space_inside_a_title_becomes_one_blank():
    line = order_line(1, 1, "H35", "Nonexudative\tage-related   degeneration")
    assert read(line).rows[0].description == "Nonexudative age-related degeneration"


def test_cp1252_is_read():
    line = order_line(1, 0, "H810", "Ménière's disease").replace("H810", "H81 ")
    assert read(line.encode("cp1252")).rows[0].description == "Ménière's disease"


def test_the_category_of_fiscal_year_2026_with_two_letters_is_read():
    assert read(order_line(1, 0, "QA0", "Neurodevelopmental disorders")).rows[0].code == "QA0"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty"),
        ("code,description\nE11,Diabetes", "Line 1: columns 1 to 5"),
        (order_line(1, 0, "E11", "Diabetes") + "\n" + "0000x E119    1", "Line 2: columns 1 to 5"),
        (order_line(1, 0, "E1.1", "Diabetes"), "columns 7 to 13"),
        (order_line(1, 0, "11E", "Diabetes"), "columns 7 to 13"),
        (order_line(1, 2, "E11", "Diabetes"), "column 15"),
        (order_line(1, 1, "E11", ""), "column 78"),
        (
            order_line(1, 0, "E11", "A") + "\n" + order_line(2, 0, "E11", "B"),
            "Line 2 repeats the code E11 of line 1",
        ),
        (order_line(1, 1, "E119", "A"), "before its category E11"),
        ("١٢٣٤٥ E11     0 x", "columns 1 to 5"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
    ],
)
def test_a_wrong_file_is_told_where_and_what(text, sentence):
    with pytest.raises(FileProblem, match=sentence.replace("(", r"\(")):
        read(text)


def test_a_file_above_the_limit_is_refused_unread(monkeypatch):
    monkeypatch.setattr("codes.icd10.order_file.LIMIT", 10)
    with pytest.raises(FileProblem, match="40 MB"):
        read(order_bytes())
