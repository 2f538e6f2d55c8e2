import ast
import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes import formats
from codes.enums import CodeSystem
from tests.corpora import corpus


@pytest.mark.parametrize(
    "code",
    [
        "I219",
        "I21.9",
        "i21.9",
        " I21.9 ",
        "A00",
        "M17.11",
        "S72.001A",
        "C4A.9",
        "Z3A.40",
        "U07.1",
        "M1A.9XX0",
    ],
)
def test_icd10cm(code):
    assert formats.is_icd10cm(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "I2",
        "219",
        "I2.19",
        "I21.",
        "I21..9",
        "I21.99999",
        "I21-9",
        "III.9",
        "\u216021.9",
        "İ21.9",
        "4241",
    ],
)
def test_not_icd10cm(code):
    assert not formats.is_icd10cm(code)


@pytest.mark.parametrize(
    "code", ["4241", "414.01", "250.00", "25000", "034", "V7389", "V73.89", "E8490", "e849.0"]
)
def test_icd9cm_shape(code):
    assert formats.looks_like_icd9cm(code)


@pytest.mark.parametrize("code", ["", "12", "I219", "V738912", "250.000", "M1711", "E84901", "٢٥٠"])
def test_no_icd9cm_shape(code):
    assert not formats.looks_like_icd9cm(code)


@pytest.mark.parametrize(
    ("typed", "bare", "dotted"),
    [("i21.9 ", "I219", "I21.9"), ("A00", "A00", "A00"), ("s72001a", "S72001A", "S72.001A"), ("", "", "")],
)
def test_the_point(typed, bare, dotted):
    assert formats.bare_icd(typed) == bare
    assert formats.dotted_icd(typed) == dotted


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("99213", CodeSystem.CPT),
        ("0001F", CodeSystem.CPT),
        ("0075T", CodeSystem.CPT),
        ("0001U", CodeSystem.CPT),
        ("0002M", CodeSystem.CPT),
        ("0001A", CodeSystem.CPT),
        ("j3490", CodeSystem.HCPCS),
        (" G0438", CodeSystem.HCPCS),
        ("V2020", CodeSystem.HCPCS),
        ("X0001", CodeSystem.DEMO),
        ("W0001", None),
        ("9921", None),
        ("992133", None),
        ("9921B", None),
        ("J34901", None),
        ("٩٩٢١٣", None),
        ("", None),
    ],
)
def test_procedure_shapes(code, system):
    assert formats.procedure_system(code) == system


def test_modifiers_and_places():
    assert all(map(formats.is_modifier, ["25", "TC", "xe", "F1"]))
    assert not any(map(formats.is_modifier, ["", "2", "255", "2-", "é5"]))
    assert all(map(formats.is_place_of_service, ["11", "02"]))
    assert not any(map(formats.is_place_of_service, ["", "2", "112", "1A"]))


@pytest.mark.parametrize("member_id", ["1", "0012-34", "ABC123456789", "A" * 50])
def test_member_id(member_id):
    assert formats.is_member_id(member_id)


@pytest.mark.parametrize("member_id", ["", "A" * 51, "AB 12", "AB_12", "é12", "---", "12\n"])
def test_not_a_member_id(member_id):
    assert not formats.is_member_id(member_id)


def test_member_ids_are_compared_without_hyphens_and_case():
    assert formats.member_key("00ab-12") == formats.member_key("00AB12") == "00AB12"


def test_mbi_corpus():
    with corpus("identifiers", "mbi.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    stored = {row["value"]: formats.is_mbi(ast.literal_eval(row["value"])) for row in rows}
    assert stored == {row["value"]: row["expected"] == "valid" for row in rows}


@pytest.mark.parametrize("typed", ["99213", "V7389", "I21.9", "4241", "abc12"])
def test_codes_may_be_repeated_in_messages(typed):
    assert formats.echo(typed) == typed.upper()


@pytest.mark.parametrize("typed", ["", "Okafor", "Smith 19610203", "<b>1</b>", "1961-02-03 F", "9999999999"])
def test_anything_else_is_not_repeated(typed):
    assert formats.echo(typed) is None


@given(st.text(max_size=12))
def test_any_text_gets_an_answer(text):
    formats.procedure_system(text), formats.is_member_id(text), formats.is_modifier(text)
    assert formats.bare_icd(formats.dotted_icd(text)) == formats.bare_icd(text)
