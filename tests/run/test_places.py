"""var/ and its lock."""

import os
import stat
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from launch import places
from launch.console import Trouble
from launch.places import CHECKOUT, Var


def test_the_folder_is_that_of_the_option_then_of_the_environment_then_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLAIMFLOW_VAR", raising=False)
    assert Var.chosen(None).root == CHECKOUT / "var"
    monkeypatch.setenv("CLAIMFLOW_VAR", str(tmp_path / "a b"))
    assert Var.chosen(None).root == tmp_path / "a b"
    monkeypatch.chdir(tmp_path)
    assert Var.chosen("x/../y").root == tmp_path / "y"


def test_everything_in_it_is_its_owners_alone(tmp_path: Path) -> None:
    var = Var(tmp_path / "a folder" / "var")
    var.prepare()
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (var.root, *var.root.iterdir())} == {0o700}


def test_a_half_made_folder_is_completed(tmp_path: Path) -> None:
    var = Var(tmp_path)
    var.log.mkdir()
    var.prepare()
    var.prepare()
    assert var.run.is_dir()


def test_a_file_in_its_place_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("")
    with pytest.raises(Trouble, match="something else stands there"):
        Var(tmp_path).prepare()


def test_a_disk_that_is_too_small_is_said_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(places.shutil, "disk_usage", lambda _: usage(0, 0, 500_000_000))
    with pytest.raises(Trouble, match="only 500 MB left; 1000 MB are needed"):
        Var(tmp_path).prepare()
    Var(tmp_path).stamps.write_text("{}")
    Var(tmp_path).prepare()


def test_only_what_it_made_is_removed(tmp_path: Path) -> None:
    var = Var(tmp_path / "var")
    var.prepare()
    var.secrets.write_text("{}")
    (var.root / "letter.txt").write_text("mine")
    var.remove()
    assert [entry.name for entry in var.root.iterdir()] == ["letter.txt"]
    (var.root / "letter.txt").unlink()
    var.remove()
    assert not var.root.exists()


def test_the_lock_goes_with_its_holder_however_it_dies(tmp_path: Path) -> None:
    program = (
        "import sys, time; from launch import places; places.hold(places.Path(sys.argv[1]));"
        " print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT / "bin")},
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    assert places.is_held(tmp_path)
    assert places.hold(tmp_path) is None
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert not places.is_held(tmp_path)


def test_a_folder_that_is_not_there_is_held_by_nobody(tmp_path: Path) -> None:
    assert not places.is_held(tmp_path / "none")
