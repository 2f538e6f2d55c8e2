"""Small files that are either whole or not there, and fingerprints of larger ones."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO


def write_private(file: Path, text: str) -> None:
    """Writes a file that only its owner may read; a kill in the middle leaves the old one."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as sink:
        sink.write(text)
    fresh.replace(file)


def read_json(file: Path) -> Any:
    """The content of a JSON file; None when it is missing or half written."""
    try:
        return json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def fresh_log(file: Path) -> BinaryIO:
    """An empty log, open for writing; the one before it is kept beside it as `.old`."""
    if file.exists():
        file.replace(file.with_suffix(f"{file.suffix}.old"))
    return file.open("wb")


def fingerprint(files: Iterable[Path]) -> str:
    """One short text for the names and contents of files; any change of any of them changes it."""
    seen = hashlib.sha256()
    for file in sorted(files):
        seen.update(f"{file}\0".encode())
        seen.update(hashlib.sha256(file.read_bytes()).digest())
    return seen.hexdigest()[:32]
