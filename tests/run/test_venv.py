"""The environment is made, filled and left alone at the right times. No package is installed here."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from launch import venv
from launch.console import Trouble
from launch.venv import Environment


class Steps:
    """Stands in for the commands: notes them, and makes of them what matters here."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.titles: list[str] = []
        self.fails = False

    def __call__(self, title: str, command: Sequence[Any], **_: Any) -> None:
        self.titles.append(title.split()[0])
        if self.fails:
            raise Trouble("No network.")
        if title.startswith("Making"):
            subprocess.run(
                [sys.executable, "-m", "venv", "--clear", "--without-pip", command[-1]], check=True
            )


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    checkout = tmp_path / "a b"
    checkout.mkdir()
    for names in venv.REQUIREMENTS.values():
        for name in names:
            (checkout / name).write_text(f"# {name}\n")
    return Environment(checkout)


@pytest.fixture
def steps(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Steps:
    steps = Steps(environment)
    monkeypatch.setattr(venv, "run_step", steps)
    return steps


def test_it_is_made_and_filled_once(environment: Environment, steps: Steps, tmp_path: Path) -> None:
    environment.ensure("demo", log=tmp_path)
    assert steps.titles == ["Making", "Installing"]
    environment.ensure("demo", log=tmp_path)
    assert steps.titles == ["Making", "Installing"]


def test_a_larger_set_serves_for_a_smaller_one(
    environment: Environment, steps: Steps, tmp_path: Path
) -> None:
    environment.ensure("dev", log=tmp_path)
    environment.ensure("demo", log=tmp_path)
    environment.ensure("product", log=tmp_path)
    assert steps.titles == ["Making", "Installing"]


def test_a_smaller_set_does_not_serve_for_a_larger_one(
    environment: Environment, steps: Steps, tmp_path: Path
) -> None:
    environment.ensure("product", log=tmp_path)
    environment.ensure("dev", log=tmp_path)
    assert steps.titles == ["Making", "Installing", "Installing"]


def test_it_is_filled_again_when_the_requirements_changed(
    environment: Environment, steps: Steps, tmp_path: Path
) -> None:
    environment.ensure("product", log=tmp_path)
    (environment.checkout / "requirements.txt").write_text("django==6\n")
    environment.ensure("product", log=tmp_path)
    assert steps.titles == ["Making", "Installing", "Installing"]


def test_one_that_was_killed_while_installing_is_made_anew(
    environment: Environment, steps: Steps, tmp_path: Path
) -> None:
    environment.ensure("product", log=tmp_path)
    (environment.checkout / "requirements.txt").write_text("django==6\n")
    steps.fails = True
    with pytest.raises(Trouble):
        environment.ensure("product", log=tmp_path)
    steps.fails = False
    environment.ensure("product", log=tmp_path)
    assert steps.titles == ["Making", "Installing", "Installing", "Making", "Installing"]


@pytest.mark.parametrize("damage", ["no python", "half made"])
def test_one_that_does_not_work_is_made_anew(
    environment: Environment, steps: Steps, tmp_path: Path, damage: str
) -> None:
    environment.ensure("product", log=tmp_path)
    if damage == "no python":
        environment.python.unlink()
        environment.python.symlink_to("/nonexistent/python3.11")
    else:
        (environment.root / "pyvenv.cfg").unlink()
    environment.ensure("product", log=tmp_path)
    assert steps.titles == ["Making", "Installing", "Making", "Installing"]


def test_a_checkout_of_somebody_else_is_said_so(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(venv.os, "access", lambda *_: False)
    with pytest.raises(Trouble, match="may not write"):
        environment.ensure("product", log=tmp_path)
