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
        key = keyring.indexes().key(key_id, self.label)
        message = f"{getattr(row, self.subject)}|{value(row, self.text)}"
        return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


def macs(model: type[models.Model]) -> tuple[Mac, ...]:
    """The seals that a model declares."""
    return tuple(getattr(model, "macs", ()))
