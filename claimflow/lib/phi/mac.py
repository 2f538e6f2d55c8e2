"""Seals over encrypted text: a keyed hash proves that a text is the one that was written (ruling 32).

The keys are those of blind indexes, one derived for each label: a plain hash of health data could be guessed.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from django.db import models

from claimflow.lib.phi import keyring
from claimflow.lib.phi.cipher import Tampered, UnknownKey
from claimflow.lib.phi.fields import value


@dataclass(frozen=True)
class Mac:
    """How one seal of a model is made, for whoever writes the row and for `phi_rekey` and `phi_check`.

    `column` holds HMAC-SHA256 in 64 hex digits over "<subject>|<text>", `key_column` the id of its index key.
    `subject` is the column with the id that the text belongs to, `text` an encrypted text. A model lists its
    seals in `macs`.
    """

    column: str
    key_column: str
    label: str
    subject: str
    text: str

    def made(self, row: models.Model) -> dict[str, Any]:
        """The two columns with the current key."""
        current = keyring.indexes().current
        return {self.column: self._digest(row, current), self.key_column: current}

    def verify(self, row: models.Model) -> None:
        """Raises Tampered when the text is not the one that was sealed, UnknownKey when the key left the ring."""
        stored, key_id = getattr(row, self.column), getattr(row, self.key_column)
        try:
            expected = self._digest(row, key_id)
        except KeyError:
            raise UnknownKey(
                f"{self.label} of row {row.pk} needs key {key_id}, which is not in PHI_INDEX_KEYS."
            ) from None
        if not hmac.compare_digest(stored, expected):
            raise Tampered(f"{self.label} of row {row.pk} is not the seal of its text.")

    def _digest(self, row: models.Model, key_id: int) -> str:
        return _keyed(key_id, self.label, getattr(row, self.subject), value(row, self.text))


def keyed(label: str, subject: object, text: str) -> tuple[str, int]:
    """HMAC-SHA256 in 64 hex digits over "<subject>|<text>", and the id of its index key: the seal of a text that is
    not kept. It stays with its key: there is nothing to make it anew from."""
    key_id = keyring.indexes().current
    return _keyed(key_id, label, subject, text), key_id


def is_keyed(label: str, subject: object, text: str, seal: str, key_id: int) -> bool | None:
    """Whether the seal is that of this text; None when its key left the ring."""
    try:
        return hmac.compare_digest(seal, _keyed(key_id, label, subject, text))
    except KeyError:
        return None


def _keyed(key_id: int, label: str, subject: object, text: str) -> str:
    key = keyring.indexes().key(key_id, label)
    return hmac.new(key, f"{subject}|{text}".encode(), hashlib.sha256).hexdigest()


def macs(model: type[models.Model]) -> tuple[Mac, ...]:
    """The seals that a model declares."""
    return tuple(getattr(model, "macs", ()))
