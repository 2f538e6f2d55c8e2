import codecs
from decimal import Decimal

import pytest

from intelligence.enums import Priority
from intelligence.evaluation import UnreadableCases, confusion, evaluate, read_cases

HEAD = "cpt\ticd10\tage\tbilled\texpected"


def read(*rows, head=HEAD):
    cases = read_cases("\n".join([head, *rows]).encode())
    assert cases.faults == []
    return cases.read


def faults(*rows, head=HEAD):
    try:
        return read_cases("\n".join([head, *rows]).encode()).faults
    except UnreadableCases as raised:
        return raised.sentences


def test_a_row_becomes_a_case():
    (case,) = read("99285\tI21.9\t58\t8500.00\turgent")
    assert case.line == 2
    assert [procedure.code for procedure in case.facts.procedures] == ["99285"]
    assert case.facts.diagnoses == ("I219",)
    assert (case.facts.age, case.facts.total) == (58, Decimal("8500.00"))
    assert case.expected == Priority.URGENT


@pytest.mark.parametrize(
    ("billed", "amount"),
    [
        ("$1,234.50", "1234.50"),
        ('"$1,234.50"', "1234.50"),
        ("$ 900", "900"),
        ("0", "0"),
        ("5000.01", "5000.01"),
    ],
)
def test_amounts_as_people_write_them(billed, amount):
    (case,) = read(f"99213\tI10\t\t{billed}\troutine")
    assert case.facts.total == Decimal(amount)


@pytest.mark.parametrize("cell", ["I21.9 E11.9", "I219,E119", "i21.9; e11.9", '"I21.9, E11.9"'])
def test_several_codes_in_a_cell(cell):
    (case,) = read(f"99213\t{cell}\t\t90\troutine")
    assert case.facts.diagnoses == ("I219", "E119")


def test_cells_as_spreadsheets_and_people_leave_them():
    (case,) = read_cases(f"\n \n{HEAD}\n99285-25/93010\t\t58.0\t8500.000\turgent".encode()).read
    assert [procedure.code for procedure in case.facts.procedures] == ["99285", "93010"]
    assert (case.line, case.facts.diagnoses, case.facts.age) == (4, (), 58)
    assert case.facts.total == Decimal("8500.00")


def test_a_bad_row_hides_no_other():
    cases = read_cases(f"{HEAD}\n99213\tI10\t\tmuch\troutine\n99213\tI10\t\t90\troutine".encode())
    assert ([case.line for case in cases.read], len(cases.faults)) == ([3], 1)


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_endings_and_marks(ending, mark):
    rows = [HEAD, "99213\tI10\t\t90\troutine", "", "99214\tI10\t\t90\troutine", ""]
    cases = read_cases(mark + ending.join(rows).encode()).read
    assert [(case.line, case.facts.procedures[0].code) for case in cases] == [(2, "99213"), (4, "99214")]


def test_utf_16_from_a_spreadsheet():
    assert len(read_cases(f"{HEAD}\r\n99213\tI10\t\t90\troutine\r\n".encode("utf-16")).read) == 1


def test_columns_in_any_order_in_any_case_with_others_beside():
    (case,) = read("Routine\tmine\t90\tI10\t99213", head="Expected\tNote\tBilled\tICD10\tCPT")
    assert case.facts.age is None
    assert case.expected == Priority.ROUTINE


def test_a_demonstration_code_brings_its_family():
    (case,) = read("X0003\tI10\t\t90\troutine")
    assert case.facts.procedures[0].category == "visit"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("\tI10\t\t90\troutine", "Line 2, column cpt: the cell is empty."),
        (" , \tI10\t\t90\troutine", "Line 2, column cpt: a code has 1 to 40 letters, digits and points."),
        ("-25\tI10\t\t90\troutine", "Line 2, column cpt: a code has 1 to 40"),
        ("99213\t" + "I10" * 14 + "\t\t90\troutine", "Line 2, column icd10: a code has 1 to 40"),
        ("99213\tI\x1b0\t\t90\troutine", "Line 2, column icd10: a code has 1 to 40"),
        ("99213\tI10\told\t90\troutine", "Line 2, column age: write whole years from 0 to 130"),
        ("99213\tI10\t131\t90\troutine", "Line 2, column age: write whole years"),
        ("99213\tI10\t0130000\t90\troutine", "Line 2, column age: write whole years"),
        ("99213\tI10\t-1\t90\troutine", "Line 2, column age: write whole years"),
        ("99213\tI10\t٤\t90\troutine", "Line 2, column age: write whole years"),
        ("99213\tI10\t" + "9" * 5000 + "\t90\troutine", "Line 2, column age: write whole years"),
        ("99213\tI10\t\tmuch\troutine", "Line 2, column billed: Use only digits"),
        ("99213\tI10\t\t\troutine", "Line 2, column billed: the cell is empty."),
        ("99213\tI10\t\t-5\troutine", "Line 2, column billed: the amount must not be negative."),
        ("99213\tI10\t\t9" + "0" * 9 + "\troutine", "Line 2, column billed: The amount is too large."),
        ("99213\tI10\t\t90\tsoon", "Line 2, column expected: write urgent, standard or routine."),
        ("99213\tI10\t\t90", "Line 2, column expected: the line ends before this column."),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_by_line_and_column(row, sentence):
    (fault,) = faults(row)
    assert fault.startswith(sentence)


def test_every_bad_row_is_named():
    assert (
        len(faults("99213\tI10\t\tx\troutine", "99213\tI10\t\t9\troutine", "99213\tI10\tx\t9\troutine")) == 2
    )


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("", "Line 1, column cpt: the column is missing."),
        ("cpt icd10 age billed expected", "Line 1, column cpt: the column is missing."),
        ("cpt\ticd10\tage\texpected", "Line 1, column billed: the column is missing."),
        (HEAD + "\tage", "Line 1, column 6: the column age stands here a second time."),
        (HEAD, "Line 2, column 1: the file has a header and no claims under it."),
    ],
)
def test_a_bad_header(head, sentence):
    (fault,) = faults(head=head)
    assert fault.startswith(sentence)


def test_text_that_is_not_utf_8():
    with pytest.raises(UnreadableCases) as raised:
        read_cases(HEAD.encode() + b"\n99213\tI10\t\t90\troutin\xe9")
    assert raised.value.sentences == ["Line 2, column 5: the text is not UTF-8. Save it as UTF-8."]


def test_the_confusion_table_counts_every_claim():
    answers = evaluate(
        read(
            "99285\tI21.9\t58\t8500\turgent",
            "99213\tI10\t50\t90\tstandard",
            "99213\tI10\t50\t91\troutine",
            "99213\tI10\t50\t92\troutine",
        )
    )
    assert [answer.agrees for answer in answers] == [True, False, True, True]
    assert [line.split() for line in confusion(answers)] == [
        ["expected", "got", "urgent", "got", "standard", "got", "routine"],
        ["urgent", "1", "0", "0"],
        ["standard", "0", "0", "1"],
        ["routine", "0", "0", "2"],
    ]


@pytest.mark.parametrize("codes", ["ZZZZZ\tI10", "99213\t???", "0\t0", "D9999999\tZZZ.ZZZZZ"])
def test_unknown_codes_are_answered(codes):
    (answer,) = evaluate(read(f"{codes}\t\t40\troutine"))
    assert answer.agrees
    assert not answer.suggestion.failure
