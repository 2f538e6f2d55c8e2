"""The short lists hold together, and none of them holds what may not be shipped."""

import re

import pytest

from codes import data
from codes.enums import CodeSystem, GroupCode, ProcedureCategory, Scenario
from codes.formats import is_modifier, is_place_of_service, procedure_system
from codes.icd10.rows import tokens


def column(name: str, of: str) -> list[str]:
    return [row[of] for row in data.rows(name)]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("procedures", "code"),
        ("modifiers", "code"),
        ("places_of_service", "code"),
        ("adjustment_reasons", "code"),
        ("remark_codes", "code"),
        ("lay_words", "said"),
    ],
)
def test_every_row_is_whole_and_stands_once(name, key):
    rows = data.rows(name)
    assert len({row[key] for row in rows}) == len(rows)
    assert all(None not in row and None not in row.values() for row in rows)
    assert all(value == value.strip() for row in rows for value in row.values())


def test_procedures_are_our_own():
    assert {procedure_system(code) for code in column("procedures", "code")} == {CodeSystem.DEMO}
    assert set(column("procedures", "category")) <= set(ProcedureCategory)
    assert set(column("procedures", "usual_place")) <= set(column("places_of_service", "code"))
    assert len(column("procedures", "code")) >= 60


def test_no_file_names_a_cpt_code():
    for path in data.FOLDER.glob("*.tsv"):
        assert not re.search(r"(?<![0-9.])[0-9]{5}(?![0-9.])", path.read_text()), path.name


def test_places_are_two_digits_and_the_newest_are_there():
    places = column("places_of_service", "code")
    assert all(is_place_of_service(code) for code in places)
    assert {"02", "10", "11", "21", "23", "27", "66", "99"} <= set(places)
    assert len(places) >= 51


def test_modifiers_are_two_characters():
    assert all(is_modifier(code) for code in column("modifiers", "code"))


def test_combinations_name_known_codes_and_keep_the_rules_of_the_835():
    reasons = {row["code"]: row["needs_remark"] == "yes" for row in data.rows("adjustment_reasons")}
    remarks = {row["code"]: row["alert"] == "yes" for row in data.rows("remark_codes")}
    combinations = data.rows("reason_combinations")
    assert {row["group"] for row in combinations} <= set(GroupCode)
    assert {row["scenario"] for row in combinations} == {*Scenario, ""}
    assert {row["reason"] for row in combinations} == set(reasons)
    for row in combinations:
        listed = row["remarks"].split()
        assert set(listed) <= set(remarks), row
        if reasons[row["reason"]]:
            assert row["remark_required"] == "yes", row
        if row["remark_required"] == "yes":
            assert any(not remarks[code] for code in listed), row
    assert {row["group"] for row in combinations if row["reason"] in ("1", "2", "3")} == {"PR"}
    assert {row["group"] for row in combinations if row["reason"] == "23"} == {"OA"}
    assert {row["group"] for row in combinations if row["reason"] == "45"} == {"CO", "PR"}
    used = {code for row in combinations for code in row["remarks"].split()}
    assert used == set(remarks)


def test_reasons_that_need_a_remark():
    needing = {row["code"] for row in data.rows("adjustment_reasons") if row["needs_remark"] == "yes"}
    assert needing == {"16", "96", "129", "148", "227", "252"}


def test_lay_words_are_searchable():
    for row in data.rows("lay_words"):
        assert tokens(row["said"]) == row["said"].split()
        assert tokens(row["searched"])
