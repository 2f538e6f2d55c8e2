"""docs/security/*.md answers every statement, and the tests it names exist."""

import ast
import re
from functools import cache

import pytest

from tests.harness import ROOT

FOLDER = ROOT / "docs" / "security"
PAPERS = {"asvs.md": 62, "hipaa.md": 29}
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROW = re.compile(r"^\| (\d+) \|(.+)\|$", re.MULTILINE)


def rows(paper: str) -> dict[int, list[str]]:
    """Number to cells; the last cell is the proof."""
    found = ROW.findall((FOLDER / paper).read_text())
    return {int(number): [cell.strip() for cell in rest.split(" | ")] for number, rest in found}


@cache
def names_in(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(path.read_text()))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def test_the_62_statements_are_all_there() -> None:
    for paper, count in PAPERS.items():
        assert list(rows(paper)) == list(range(1, count + 1)), paper
        assert {len(cells) for cells in rows(paper).values()} == {4 if paper == "asvs.md" else 5}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_row_names_tests_that_exist_or_its_gap(paper: str) -> None:
    for number, cells in rows(paper).items():
        assert all(cells), f"{paper} {number} has an empty cell"
        named = TEST.findall(cells[-1])
        missing = [f"{file}::{name}" for file, name in named if name not in names_in(file)]
        assert not missing, f"{paper} {number}: {missing}"
        assert named or "Gap: " in cells[-1], f"{paper} {number} has neither a test nor a gap"
        assert cells[-1].count("`") == 2 * len(named), f"{paper} {number} names something that is no test"
