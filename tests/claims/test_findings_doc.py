"""docs/findings.md is what the rules say."""

from pathlib import Path

from django.core.management import call_command

from claims.management.commands.findings_doc import BOOKS, PATH, page

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_in_step():
    assert (ROOT / PATH).read_text(encoding="utf-8") == page(), "Run manage.py findings_doc."


def test_the_command_writes_it(tmp_path, settings):
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    call_command("findings_doc")
    assert (tmp_path / PATH).read_text(encoding="utf-8") == page()


def test_every_rule_has_its_row_and_a_code_of_its_own():
    codes = [code for _title, book in BOOKS for code in book.rules]
    assert len(codes) == len(set(codes))
    rules = page().partition("## Before a claim")[2]
    rows = [line for line in rules.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == codes
    assert all(row.count("|") in (6, 7) for row in rows)


def test_no_sentence_makes_a_table_wrong():
    for _title, book in BOOKS:
        for rule in book.rules.values():
            assert not set("|\n") & set(rule.says + rule.mend + rule.source)
