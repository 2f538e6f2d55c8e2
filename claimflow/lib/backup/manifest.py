"""What a backup holds, as JSON beside it: readable without a key, but only the holder of the key can have written it."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from claimflow.lib.backup import BackupFault
from claimflow.lib.backup.sealed import key_in
from claimflow.lib.keys import KeyRing

FORMAT = 1
SUFFIX = ".json"
BLOCK = 1 << 20


class Fingerprint(NamedTuple):
    """Rows of a table and a hash of them in any order."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Manifest:
    """`made_at` is the moment of the snapshot in ISO form (UTC), `bytes` and `sha256` are those of the encrypted file,
    `tables` holds every table of the database by its qualified name."""

    format: int
    file: str
    made_at: str
    release: str
    server_version: str
    database: str
    role_prefix: str
    key_id: int
    bytes: int
    sha256: str
    tables: dict[str, Fingerprint]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def text(self, ring: KeyRing) -> str:
        """The file's content, authenticated with the current key of the ring."""
        facts = _facts(self)
        return json.dumps({**facts, "mac": _mac(facts, key_in(ring, self.key_id))}, indent=2) + "\n"

    def require_file(self, path: Path) -> None:
        """Raises BackupFault when the file is not the very one that this manifest was written for."""
        size = path.stat().st_size
        if size != self.bytes:
            raise BackupFault(f"The file has {size} bytes and should have {self.bytes}: it is not whole.")
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
        if digest.hexdigest() != self.sha256:
            raise BackupFault("The file is not the one that its manifest was written for, or it was changed.")


def beside(path: Path) -> Path:
    """Where the manifest of a backup lies."""
    return path.with_name(path.name + SUFFIX)


def read(path: Path, ring: KeyRing) -> Manifest:
    """The manifest of the backup at `path`. BackupFault when it is missing, damaged, or not ours."""
    try:
        facts: Any = json.loads(beside(path).read_text(encoding="utf-8"))
        mac = facts.pop("mac")
        facts["tables"] = {name: Fingerprint(*each) for name, each in facts["tables"].items()}
        manifest = Manifest(**facts)
    except FileNotFoundError:
        raise BackupFault(
            f"{beside(path).name} is missing: without its manifest nobody can say what the backup should hold."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupFault(f"{beside(path).name} is damaged: it is not the manifest of a backup.") from None
    if not hmac.compare_digest(str(mac), _mac(_facts(manifest), key_in(ring, manifest.key_id))):
        raise BackupFault(f"{beside(path).name} was changed, or was not written with a key of {ring.name}.")
    if manifest.format != FORMAT:
        raise BackupFault(f"The manifest has format {manifest.format}; this release reads format {FORMAT}.")
    return manifest


def _facts(manifest: Manifest) -> dict[str, Any]:
    return {**asdict(manifest), "tables": {name: list(each) for name, each in manifest.tables.items()}}


def _mac(facts: dict[str, Any], key: bytes) -> str:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"claimflow|backup.manifest").derive(key)
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()
