"""`bin/demo`: the commands at the terminal."""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from launch import accounts, external, postgres
from launch.console import Trouble, say
from launch.demonstration import Demonstration, product_of, state_of
from launch.places import CHECKOUT, Var, hold, is_held
from launch.ports import LOOPBACK
from launch.processes import Command, Process, Records, end, spawn
from launch.supervisor import is_ready
from launch.venv import Environment

DEFAULT_PORT = 8000
NOT_RUNNING = 3  # exit status of `status`, as service scripts have it
STOP_SECONDS = 60.0
INVENTED = "Demonstration data only: invented people."


def main(arguments: list[str]) -> int:
    defaults = argparse.Namespace(command="run", port=None, var=None)
    options = _parser().parse_args(arguments, defaults)
    return _COMMANDS[options.command](Var.chosen(options.var), options)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--port", type=_port, metavar="N", help=f"port of the web server (default {DEFAULT_PORT})"
    )
    common.add_argument(
        "--var", metavar="DIR", help="folder for everything it makes (default var/, or CLAIMFLOW_VAR)"
    )
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        parents=[common],
        description="The whole product on this machine, with invented data. Without a command: until Ctrl-C.",
        epilog="ADMIN_DATABASE_URL names a PostgreSQL 15 to 18 to use instead of the embedded one.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, explanation in (
        ("start", "the same in the background"),
        ("stop", "stop it; the data stay"),
        ("status", "say whether it runs, and where"),
        ("reset", "stop it and remove all its data"),
    ):
        commands.add_parser(name, parents=[common], help=explanation)
    shown = commands.add_parser("accounts", parents=[common], help="who can sign in, with passwords")
    shown.add_argument("--json", action="store_true", help="as JSON, with the secrets of the second factor")
    code = commands.add_parser("code", parents=[common], help="the current one-time code of an account")
    code.add_argument("email", metavar="EMAIL")
    manage = commands.add_parser(
        "manage", parents=[common], help="a command of manage.py on it, such as audit_verify"
    )
    manage.add_argument("words", nargs=argparse.REMAINDER, metavar="...")
    return parser


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a port; choose a number from 1024 to 65535")


def run(var: Var, options: argparse.Namespace) -> int:
    """In the foreground until Ctrl-C."""
    if _runs_already(var, options.port):
        return 0
    return _hold_up(var, options.port or DEFAULT_PORT, announce=True)


def serve(arguments: list[str]) -> int:
    """The background half of `start`, which itself shows the accounts: passwords stay out of the log."""
    port, folder = arguments
    return _hold_up(Var(Path(folder)), int(port), announce=False)


def _hold_up(var: Var, port: int, *, announce: bool) -> int:
    var.prepare()
    lock = hold(var.run)
    if lock is None:
        raise Trouble(
            "Another bin/demo is at work in this folder.", f"See what it does: {_call(var, 'status')}"
        )
    _on_signals(_interrupt)
    demonstration = Demonstration(var, port)
    try:
        demonstration.up()
        if announce:
            _announce(var, port, f"Ctrl-C stops everything; the data stay in {var.root}.")
        demonstration.stay()
    except KeyboardInterrupt:
        say("\nStopping")
    finally:
        _on_signals(signal.SIG_IGN)
        demonstration.down()
        os.close(lock)
    say(f"Stopped. The data stay in {var.root}.")
    return 0


def start(var: Var, options: argparse.Namespace) -> int:
    """In the background: returns when it is ready."""
    if _runs_already(var, options.port):
        return 0
    var.prepare()
    port = options.port or DEFAULT_PORT
    log = var.log / "demo.log"
    itself: Command = [sys.executable, Path(__file__).parent, "serve", str(port), var.root]
    with log.open("wb") as sink:
        server = spawn(itself, sink)
    try:
        _follow(log, lambda: server.poll() is not None or _is_ready_as(var, server.pid))
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        raise
    if server.poll() is not None:
        return server.returncode or 1
    _announce(var, port, f"Stop it with {_call(var, 'stop')}; the data stay in {var.root}.")
    return 0


def _is_ready_as(var: Var, pid: int) -> bool:
    state = state_of(var)
    return state.get("pid") == pid and bool(state.get("ready"))


def _follow(log: Path, is_over: Callable[[], bool]) -> None:
    """Prints what is written to a log until `is_over`."""
    with log.open() as source:
        while True:
            over = is_over()
            print(source.read(), end="", flush=True)
            if over:
                return
            time.sleep(0.1)


def stop(var: Var, _options: argparse.Namespace) -> int:
    """Stops it, or ends what a killed run left behind."""
    if is_held(var.run):
        _end_holder(var)
        say("Stopped.")
    elif _left_behind(var):
        say("It had been killed; what it left running has been ended.")
    else:
        say("ClaimFlow is not running.")
    _end_left_behind(var)
    return 0


def _end_holder(var: Var) -> None:
    """Asks the running demonstration to stop and waits for its lock; ends it by force after a minute."""
    deadline = time.monotonic() + STOP_SECONDS
    asked = None
    while is_held(var.run):
        holder = _holder(var)
        if holder.alive and holder != asked:
            os.kill(holder.pid, signal.SIGTERM)
            asked = holder
        if time.monotonic() > deadline:
            if not end(holder, ((signal.SIGKILL, 5.0),)) or is_held(var.run):
                raise Trouble(
                    f"Another program holds {var.run} and does not let go.", "End it, and run this again."
                )
            return
        time.sleep(0.1)


def _holder(var: Var) -> Process:
    state = state_of(var)
    return Process(int(str(state.get("pid", 0))), str(state.get("born", "")))


def _left_behind(var: Var) -> list[str]:
    names = list(Records(var.run).living())
    if postgres.runs(var.postgres):
        names.append("database")
    return names


def _end_left_behind(var: Var) -> None:
    Records(var.run).end_all()
    postgres.end_leftovers(postgres.data_of(var.postgres))
    var.state.unlink(missing_ok=True)


def status(var: Var, _options: argparse.Namespace) -> int:
    """Says whether it runs. Exit status 0 when it is ready, else 3."""
    if not is_held(var.run):
        say(f"ClaimFlow is not running. Start it: {_call(var)}")
        if left := _left_behind(var):
            say(f"A killed run left behind: {', '.join(left)}. End it: {_call(var, 'stop')}")
        return NOT_RUNNING
    state = state_of(var)
    port = int(str(state.get("port", DEFAULT_PORT)))
    ready = bool(state.get("ready")) and is_ready(port)
    say(f"ClaimFlow {'is ready' if ready else 'is starting'} at {_address(port)} since {state.get('since')}")
    say(f"  processes: {', '.join(sorted(Records(var.run).living())) or 'none yet'}")
    say(f"  data: {var.root}")
    return 0 if ready else NOT_RUNNING


def reset(var: Var, options: argparse.Namespace) -> int:
    """Stops it and removes everything it made."""
    if var.root.is_dir():
        stop(var, options)
        external.drop(var, Environment().python)
        postgres.remove(var.postgres)
        var.remove()
    say(f"The demonstration's data are removed. Make them anew: {_call(var)}")
    return 0


def show_accounts(var: Var, options: argparse.Namespace) -> int:
    known = accounts.load(var.accounts)
    say(json.dumps(known, indent=2, ensure_ascii=False) if options.json else accounts.table(known))
    return 0


def show_code(var: Var, options: argparse.Namespace) -> int:
    say(accounts.code_for(options.email, var.accounts, time.time()))
    return 0


def manage(var: Var, options: argparse.Namespace) -> int:
    """Runs a command of manage.py with the settings of the running demonstration; its exit status."""
    product = product_of(var)
    if product is None or not is_held(var.run):
        raise Trouble("The demonstration is not running.", f"Start it: {_call(var, 'start')}")
    environment = product.environment("app", "worker", "migrator", "backup")
    command = [str(Environment().python), "manage.py", *options.words]
    return subprocess.run(command, env=environment, cwd=CHECKOUT, check=False).returncode


def _runs_already(var: Var, wanted_port: int | None) -> bool:
    if not is_held(var.run):
        return False
    state = state_of(var)
    running_at = int(str(state.get("port", DEFAULT_PORT)))
    if not state.get("ready"):
        raise Trouble("It is being started already.", f"See how far it is: {_call(var, 'status')}")
    if wanted_port not in (None, running_at):
        raise Trouble(
            f"It runs already, at {_address(running_at)}",
            f"Stop it first ({_call(var, 'stop')}), or run a second one beside it with another --var DIR.",
        )
    say("It runs already.")
    _announce(var, running_at, f"Stop it with {_call(var, 'stop')}.")
    return True


def _announce(var: Var, port: int, how_to_stop: str) -> None:
    known = accounts.load(var.accounts)
    say(f"\nClaimFlow is ready: {_address(port)}\n{INVENTED}\n")
    say(accounts.table(known))
    say(f"\nOne-time code for the second step of signing in: {_call(var, 'code', known[0]['email'])}")
    say(how_to_stop)


def _address(port: int) -> str:
    return f"http://{LOOPBACK}:{port}/"


def _call(var: Var, *words: str) -> str:
    """How to call a command for this folder."""
    place = () if var.root == CHECKOUT / "var" else ("--var", str(var.root))
    return shlex.join(["bin/demo", *words, *place])


def _on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN or number is not signal.SIGHUP:
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


_COMMANDS: dict[str, Callable[[Var, argparse.Namespace], int]] = {
    "run": run,
    "start": start,
    "stop": stop,
    "status": status,
    "reset": reset,
    "accounts": show_accounts,
    "code": show_code,
    "manage": manage,
}
