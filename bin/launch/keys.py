"""The secrets of one demonstration: made once at random, kept where only their owner can read."""

import base64
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from launch.console import Trouble
from launch.files import read_json, write_private

LOGINS = ("app", "worker", "migrator", "backup")


def fresh() -> dict[str, str]:
    """New secrets: keys of 32 bytes in base64, key rings as "id:key", passwords that a URL takes as is."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CONTEXT_KEYS": f"1:{_key()}",
        "PHI_KEYS": f"1:{_key()}",
        "PHI_INDEX_KEYS": f"1:{_key()}",
        "AUDIT_SIGNING_KEY": _key(),
        "id": secrets.token_hex(4),
        "postgres": secrets.token_urlsafe(24),
        **{login: secrets.token_urlsafe(24) for login in LOGINS},
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def load(file: Path) -> Mapping[str, str]:
    """The secrets in the file, made now when there are none. Raises Trouble when the file is damaged."""
    if not file.exists():
        write_private(file, json.dumps(fresh(), indent=2))
    kept = read_json(file)
    if not isinstance(kept, dict) or not fresh().keys() <= kept.keys():
        raise Trouble(
            f"{file} is damaged. Without its keys the encrypted data cannot be read any more.",
            "Begin anew with: bin/demo reset",
        )
    return {str(name): str(value) for name, value in kept.items()}
