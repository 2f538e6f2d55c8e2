"""The bundled list, read from the package's files, against the package's own reading of them."""

import re

import pytest

from codes.formats import dotted_icd, is_icd10cm
from codes.icd10.rows import CodeFile, FileProblem, one_space, tokens
from codes.icd10.tabular import bundled_effective_from, bundled_sha256, read_bundled, read_tabular


@pytest.fixture(scope="module")
def bundled() -> CodeFile:
    return read_bundled()


def test_the_bundled_release_is_whole(bundled):
    codes = [row.code for row in bundled.rows]
    assert (len(codes), len(set(codes))) == (98_186, 98_186)
    assert sum(row.billable for row in bundled.rows) == 74_719
    assert sum(section.kind == "chapter" for section in bundled.sections) == 22
    assert all(is_icd10cm(code) for code in codes)
    assert bundled_effective_from().isoformat() == "2026-04-01"
    assert bundled.sha256 == bundled_sha256()
    assert re.match(r"simple-icd-10-cm \d", bundled.source)


def test_descriptions_hold_no_tabs_and_every_parent_is_there(bundled):
    codes = {row.code for row in bundled.rows}
    assert not any(
        "\t" in row.description or row.description != one_space(row.description) for row in bundled.rows
    )
    assert all(row.parent in codes for row in bundled.rows if row.parent)
    assert all(len(row.code) == 3 for row in bundled.rows if not row.parent)


def test_blocks_that_share_their_name_with_a_category_are_told_apart(bundled):
    names = {section.code for section in bundled.sections if section.kind == "block"}
    shared = names & {row.code for row in bundled.rows}
    assert len(shared) == 39
    assert "C50" in shared


def test_instructions_are_kept(bundled):
    notes = {row.code: row.notes for row in bundled.rows}
    assert "high blood pressure" in notes["I10"]["includes"]
    assert any("E10" in text for text in notes["E11"]["excludes1"])


@pytest.mark.slow
def test_every_code_is_as_the_package_reads_it(bundled):
    import simple_icd_10_cm as package

    for row in bundled.rows:
        code = dotted_icd(row.code)
        assert row.description == one_space(package.get_description(code)), code
        assert row.billable == package.is_leaf(code), code
        assert not row.parent or dotted_icd(row.parent) == package.get_parent(code), code


def test_another_shape_is_refused():
    with pytest.raises(FileProblem, match="not readable XML"):
        read_tabular(b"<a>", "", source="x")
    with pytest.raises(FileProblem, match="no chapter"):
        read_tabular(b"<a/>", "", source="x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ménière's disease, left ear", ["meniere", "disease", "left", "ear"]),
        ("Sjögren\u2019s", ["sjogren"]),
        ("COVID-19", ["covid", "19"]),
        ("x & (y | !z):*", ["x", "y", "z"]),
        ("\0'; DROP", ["drop"]),
        ("", []),
    ],
)
def test_tokens_hold_letters_and_digits_alone(text, words):
    assert tokens(text) == words
