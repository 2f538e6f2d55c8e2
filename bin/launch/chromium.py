"""The browser of the journeys: one that the machine has, or Debian's when root may install it."""

import os
import shutil
from pathlib import Path

from launch.console import Trouble, run_step

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
BY_HAND = (
    "Install it (on Debian or Ubuntu: apt-get install chromium), or name one: CHROMIUM=/path/to/chromium"
)


def require_chromium(log: Path) -> str:
    """The path of a Chromium. Raises Trouble with the command that installs one when none is there."""
    if found := find_chromium():
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Trouble("The journeys need Chromium, and this machine has none.", BY_HAND)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for title, words in (("Reading the lists of packages", ("update",)), ("Installing Chromium", _INSTALL)):
        run_step(
            title, ["apt-get", "--quiet", *words], log=log / "chromium.log", env=quietly, way_out=BY_HAND
        )
    if found := find_chromium():
        return found
    raise Trouble("Chromium was installed, but is not found.", BY_HAND)


_INSTALL = ("install", "--yes", "--no-install-recommends", "chromium")


def find_chromium() -> str | None:
    """The Chromium that CHROMIUM names, else the first on the PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
