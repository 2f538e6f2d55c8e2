"""Which part of the tests a word stands for."""

import tomllib

import pytest
from launch import chromium, suite
from launch.console import Trouble
from launch.places import CHECKOUT
from launch.venv import Environment


def test_a_first_word_that_is_no_part_goes_to_pytest() -> None:
    assert suite._part("quick", ["-x"]) == ("quick", ["-x"])
    assert suite._part("tests/run", ["-x"]) == ("full", ["tests/run", "-x"])


def test_every_mark_is_run_by_some_part_and_known_to_pytest() -> None:
    known = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"][
        "markers"
    ]
    names = {line.partition(":")[0] for line in known}
    used = {word for part in suite.PARTS.values() for word in part.marks.split()} - {"not", "and", "or"}
    assert used <= names
    assert suite.PARTS["nightly"].marks == ""


def test_a_server_that_somebody_named_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://u:p@127.0.0.1/x")
    assert suite._servers("nightly", Environment()) == [("", None)]
    with suite._server(CHECKOUT, "", None, CHECKOUT) as url:
        assert url == "postgres://u:p@127.0.0.1/x"


def test_a_night_without_the_oldest_server_says_so_aloud(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(suite, "OLDEST_SERVER", CHECKOUT / "no such folder")
    assert [place for place, _ in suite._servers("nightly", Environment())] == ["test-pg"]
    assert capsys.readouterr().out.startswith("SKIPPED: the tests on PostgreSQL 15")
    monkeypatch.setattr(suite, "OLDEST_SERVER", CHECKOUT)
    assert [place for place, _ in suite._servers("nightly", Environment())] == ["test-pg15", "test-pg"]


def test_an_ordinary_user_without_chromium_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match="apt-get install chromium"):
        chromium.require_chromium(CHECKOUT)


def test_the_projects_own_code_is_searched_for_weaknesses() -> None:
    """bandit over every folder of ours but the tests, from medium severity on."""
    (check,) = [check for check in suite._checks() if check.name == "security"]
    folders = set(check.command[check.command.index("medium") + 1 :])
    assert {"accounts", "audit", "claimflow", "claims", "codes", "members", "bin", "bench"} <= folders
    assert "tests" not in folders
