"""The template database is built anew for everything that fills it, and for nothing else."""

import shutil
from pathlib import Path

import pytest
from django.apps import apps

from tests import harness

ROOT = harness.ROOT


def counted() -> set[str]:
    return {str(path.relative_to(ROOT)) for path in harness.filling()}


def ours(pattern: str) -> set[str]:
    """Files of the applications and the kernel that fit."""
    roots = [ROOT / name for name in (*harness.APPS, "claimflow")]
    found = {path for root in roots for path in root.rglob(pattern) if path.is_file()}
    return {str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts}


@pytest.mark.parametrize(
    "pattern",
    [
        "migrations/*.py",
        "sql/*",
        "data/*",
        "*.sql",
        "*.tsv",
        "enums.py",
        "roles.py",
        "jobs.py",
        "db/*.py",
        "icd10/*.py",
    ],
)
def test_everything_that_fills_the_template_counts(pattern: str) -> None:
    expected = ours(pattern)
    assert expected
    assert expected - counted() == set()


def test_every_app_counts() -> None:
    folders = [Path(config.path) for config in apps.get_app_configs()]
    assert {folder.name for folder in folders if folder.parent == ROOT} == set(harness.APPS)


def test_pages_and_tests_do_not_count() -> None:
    assert not {name for name in counted() if "/views" in name or name.endswith((".html", ".pyc"))}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that count, elsewhere."""
    for name in counted():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    monkeypatch.setattr(harness, "ROOT", tmp_path)
    monkeypatch.setattr(harness, "__file__", str(tmp_path / "tests" / "harness.py"))
    return tmp_path


def test_each_change_is_noticed(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {harness.fingerprint()}
    for name in (
        "codes/icd10/tabular.py",
        "codes/data/modifiers.tsv",
        "claimflow/lib/sql/ctx.sql",
        "claims/sql/seals.sql",
        "accounts/roles.py",
        "tests/harness.py",
    ):
        with (copy / name).open("a") as file:
            file.write("\n")
        seen.add(harness.fingerprint())
    (copy / "claims" / "migrations" / "9999_more.py").write_text("")
    seen.add(harness.fingerprint())
    (copy / "codes" / "data" / "icd10").mkdir()
    (copy / "codes" / "data" / "icd10" / "fy2027.txt").write_text("A000")
    seen.add(harness.fingerprint())
    assert len(seen) == 9
    monkeypatch.setattr(harness, "version", lambda _package: "0")
    assert harness.fingerprint() not in seen


def test_the_same_files_elsewhere_are_the_same(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = harness.fingerprint()
    monkeypatch.undo()
    assert harness.fingerprint() == there
