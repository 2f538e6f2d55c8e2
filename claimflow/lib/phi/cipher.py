"""One value, sealed for one column of one row.

Layout: format (1 byte) | key id (2, big-endian) | nonce (12) | AES-256-GCM ciphertext | tag (16).
The associated data are the header, the column's label and the row's primary key, so a ciphertext that is
copied to another row or column does not open there (ruling 30). The plaintext is JSON, or an ISO date,
behind one byte that says which: nothing that is read from the database can become code.
"""

import datetime as dt
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag

from claimflow.lib.phi import keyring

FORMAT = 1
HEADER_BYTES = 3
NONCE_BYTES = 12
TAG_BYTES = 16
LABEL = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


class PhiError(Exception):
    """An encrypted value cannot be written or read. The text never holds the value."""


class Tampered(PhiError):
    """The ciphertext was changed, or stands in another row or column than it was written for."""


class UnknownKey(PhiError):
    """The value was written with a key that is not in PHI_KEYS."""


@dataclass(frozen=True)
class Sealed:
    """A ciphertext and the label of its column. It shows nothing and compares by content."""

    data: bytes = field(repr=False)
    label: str = field(repr=False)

    def __str__(self) -> str:
        return "(encrypted)"

    @property
    def key_id(self) -> int:
        """The id of the key it was written with. Tampered when this is no ciphertext of ours."""
        if len(self.data) < HEADER_BYTES + NONCE_BYTES + TAG_BYTES or self.data[0] != FORMAT:
            raise Tampered(f"The value of {self.label} is not a ciphertext of format {FORMAT}.")
        return int.from_bytes(self.data[1:HEADER_BYTES], "big")


def seal(value: Any, *, label: str, row_id: object, encoder: type[json.JSONEncoder] | None = None) -> Sealed:
    """Encrypt a JSON value or a date for the column `label` of the row `row_id`, with the current key."""
    keys = keyring.values()
    head = header(keys.current)
    nonce = os.urandom(NONCE_BYTES)
    bound_to = _associated(head, label, row_id)
    secret = keys.cipher(keys.current, label).encrypt(nonce, _dump(value, encoder), bound_to)
    return Sealed(head + nonce + secret, label)


def open_sealed(sealed: Sealed, row_id: object) -> Any:
    """The plain value: str, date, or what JSON holds.

    Raises Tampered when the value is not the one that was written for this row and column, UnknownKey when
    its key has left the ring.
    """
    key_id = sealed.key_id
    try:
        cipher = keyring.values().cipher(key_id, sealed.label)
    except KeyError:
        raise UnknownKey(
            f"{sealed.label} of row {row_id} needs key {key_id}, which is not in PHI_KEYS."
        ) from None
    head, rest = sealed.data[:HEADER_BYTES], sealed.data[HEADER_BYTES:]
    try:
        plain = cipher.decrypt(
            rest[:NONCE_BYTES], rest[NONCE_BYTES:], _associated(head, sealed.label, row_id)
        )
    except InvalidTag:
        raise Tampered(
            f"{sealed.label} of row {row_id} was changed, or was written for another row or column."
        ) from None
    return _load(plain)


def header(key_id: int) -> bytes:
    """The first bytes of every value written with this key; the database selects by them."""
    return bytes([FORMAT]) + key_id.to_bytes(2, "big")


def _associated(head: bytes, label: str, row_id: object) -> bytes:
    if row_id is None:
        raise PhiError(f"{label} needs the primary key of its row before it can be written or read.")
    return head + f"{label}|{row_id}".encode()


def _dump(value: Any, encoder: type[json.JSONEncoder] | None) -> bytes:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return b"d" + value.isoformat().encode()
    return b"j" + json.dumps(value, cls=encoder, ensure_ascii=False, separators=(",", ":")).encode()


def _load(plain: bytes) -> Any:
    kind, text = plain[:1], plain[1:].decode()
    return dt.date.fromisoformat(text) if kind == b"d" else json.loads(text)
