"""`bin/demo` as it is called, as far as no product has to run."""

import argparse
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from launch import demo, keys, ports
from launch.console import Trouble
from launch.demonstration import product_of
from launch.environment import Product
from launch.files import write_private
from launch.places import CHECKOUT, Var, hold

pytestmark = pytest.mark.slow


def call(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CHECKOUT / "bin" / "demo", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        timeout=60,
    )


def test_before_anything_was_started(tmp_path: Path) -> None:
    var = str(tmp_path / "no such" / "var")
    assert call("status", "--var", var).returncode == demo.NOT_RUNNING
    assert call("--var", var, "stop").stdout == "ClaimFlow is not running.\n"
    missing = call("code", "demo@claimflow.com", env={"CLAIMFLOW_VAR": var})
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr == "There are no accounts yet.\nStart the demonstration first: bin/demo\n"
    assert call("reset", "--var", var).returncode == 0
    assert not Path(var).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "99999"], "99999 is not a port"),
        (["--port", "web"], "web is not a port"),
        (["restart"], "invalid choice: 'restart'"),
        (["code"], "required: EMAIL"),
    ],
)
def test_a_wrong_call_is_answered_with_what_is_right(words: list[str], said: str) -> None:
    answer = call(*words)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    "words", [["--port", "9", "--var", "x", "status"], ["status", "--port", "9", "--var", "x"]]
)
def test_options_stand_before_or_after_the_command(words: list[str]) -> None:
    options = demo._parser().parse_args(words)
    assert (options.command, options.port, options.var) == ("status", 9, "x")


def test_a_python_that_is_too_old_or_missing_is_said_so(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for tool in ("dirname", "sh"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    answer = call("status", env={"PATH": str(tmp_path), "CLAIMFLOW_PYTHON": ""})
    assert answer.returncode == 1
    assert answer.stderr.startswith("ClaimFlow needs Python 3.11 or newer, and none was found.\n")


def test_a_python_without_venv_is_said_so(tmp_path: Path) -> None:
    bare = tmp_path / "python3"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    bare.chmod(0o755)
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
    answer = call("status", env={"PATH": str(tmp_path), "CLAIMFLOW_PYTHON": ""})
    assert answer.returncode == 1
    assert "python3 cannot make environments" in answer.stderr
    assert "apt-get install python3-venv" in answer.stderr


def test_a_run_that_is_still_starting_is_not_started_twice(tmp_path: Path) -> None:
    var = Var(tmp_path)
    var.prepare()
    lock = hold(var.run)
    assert lock is not None
    answer = call("--var", str(tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.startswith("It is being started already.\n")
    assert call("status", "--var", str(tmp_path)).stdout.startswith("ClaimFlow is starting at")
    os.close(lock)


def test_a_run_that_does_not_answer_is_not_called_running(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processes live and hold the lock, and /readyz says no: a database that is gone, for example."""
    monkeypatch.setattr(demo, "ANSWER_SECONDS", 0.5)
    var = Var(tmp_path)
    var.prepare()
    lock = hold(var.run)
    assert lock is not None
    port = ports.any_free()
    var.state.write_text(json.dumps({"pid": os.getpid(), "port": port, "ready": True, "since": "today"}))
    options = demo._parser().parse_args(["start", "--var", str(tmp_path)], argparse.Namespace(port=None))
    with pytest.raises(Trouble) as caught:
        demo.start(var, options)
    assert re.search(
        rf"(?s)It runs already, at http://127.0.0.1:{port}/ but it is not ready\. It does not answer\..*"
        rf"bin/demo stop --var {tmp_path}\) and start it again; the data stay",
        str(caught.value),
    )
    capsys.readouterr()
    assert demo.status(var, options) == demo.NOT_RUNNING
    said = capsys.readouterr().out
    assert said.startswith("ClaimFlow runs but is not ready at")
    assert "It does not answer. If it stays so, stop it" in said
    os.close(lock)


def test_a_run_that_becomes_ready_again_is_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([False, False, False, True])
    monkeypatch.setattr(demo, "is_ready", lambda _port: next(answers))
    demo._require_answer(Var(tmp_path), ports.any_free())
    assert capsys.readouterr().out.startswith("It runs already, but is not ready. It does not answer.")


def test_a_copy_of_the_secrets_of_another_start_is_not_needed_to_reset(tmp_path: Path) -> None:
    var = Var(tmp_path / "var")
    var.prepare()
    var.secrets.write_text("{")
    answer = call("reset", "--var", str(var.root))
    assert answer.returncode == 0
    assert not var.root.exists()


def test_a_command_of_the_product_needs_a_running_demonstration(tmp_path: Path) -> None:
    answer = call("--var", str(tmp_path), "manage", "audit_verify")
    assert answer.returncode == 1
    assert answer.stderr == (
        f"The demonstration is not running.\nStart it: bin/demo start --var {tmp_path}\n"
    )


def test_a_command_of_the_product_gets_every_login_and_no_administrator(tmp_path: Path) -> None:
    var = Var(tmp_path)
    var.prepare()
    secrets = keys.load(var.secrets)
    made = Product(var, secrets, "127.0.0.1:5499", "claimflow", "claimflow_", "postgres://administrator@x/y")
    write_private(var.state, json.dumps({"ready": True, "server": made.server}))
    found = product_of(var)
    assert found is not None
    environment = found.environment("app", "worker", "migrator", "backup")
    assert environment == made.environment("app", "worker", "migrator", "backup")
    assert "postgres://administrator@x/y" not in var.state.read_text()
    assert not set(secrets.values()) & set(json.loads(var.state.read_text())["server"].values())


def test_commands_name_the_folder_when_it_is_not_the_usual_one() -> None:
    assert demo._call(Var(CHECKOUT / "var"), "stop") == "bin/demo stop"
    assert demo._call(Var(Path("/x y")), "stop") == "bin/demo stop --var '/x y'"
