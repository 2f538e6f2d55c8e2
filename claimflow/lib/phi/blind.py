"""Exact search on encrypted values: keyed hashes of what was normalised first (ruling 31).

Equality only. What leaks is which rows of one organization hold the same value; never index an attribute with
few values (sex, state, birth date alone), or whoever holds the key guesses it.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import models

from claimflow.lib.phi import keyring
from claimflow.lib.phi.fields import value

IDENTIFIERS = frozenset({"member_id"})
"""Purposes whose parts are reduced to letters and digits: "W-123 456" and "w123456" are one member id."""

INDEX_HEX = 32


class BlindIndex(NamedTuple):
    """`value` is 32 hex digits (HMAC-SHA256 cut to 16 bytes); `key_id` names the index key that made it."""

    value: str
    key_id: int


@dataclass(frozen=True)
class Indexed:
    """How one blind index column of a model is made, for actions that fill it and for `phi_rekey`.

    `organization` is the column that holds the organization's id; `parts` are encrypted or plain fields of
    the model (a date counts as YYYY-MM-DD). A model lists its declarations in `blind_indexes` and keeps their
    key id in `bi_key_id`.
    """

    column: str
    purpose: str
    organization: str
    parts: tuple[str, ...]

    def of(self, instance: models.Model) -> str | None:
        """The index of this row with the current key; None when every part is empty."""
        plain = (value(instance, part) for part in self.parts)
        texts = ["" if part is None else str(part) for part in plain]
        if not any(_normalise(self.purpose, text) for text in texts):
            return None
        return blind_index(self.purpose, getattr(instance, self.organization), *texts).value


def blind_index(purpose: str, organization_id: UUID, *parts: str) -> BlindIndex:
    """The index to store and to look for. ValueError when every part is empty once normalised."""
    return _index(keyring.indexes().current, purpose, organization_id, parts)


def blind_indexes(purpose: str, organization_id: UUID, *parts: str) -> tuple[BlindIndex, ...]:
    """One index for each key of the ring, the current first: what a search asks for."""
    return tuple(_index(key_id, purpose, organization_id, parts) for key_id in keyring.indexes())


def fill_blind_indexes(instance: models.Model) -> list[str]:
    """Set every declared index column and `bi_key_id` from the instance's values; returns the columns set."""
    declared = declarations(type(instance))
    for indexed in declared:
        setattr(instance, indexed.column, indexed.of(instance))
    if not declared:
        return []
    instance.bi_key_id = keyring.indexes().current  # type: ignore[attr-defined]  # every model with indexes has it
    return [*(indexed.column for indexed in declared), "bi_key_id"]


def declarations(model: type[models.Model]) -> tuple[Indexed, ...]:
    """The blind indexes that a model declares."""
    return tuple(getattr(model, "blind_indexes", ()))


def last4(text: str) -> str:
    """The last four letters and digits, for lists: never enough of a short value to be the value."""
    plain = "".join(char for char in text if char.isalnum())
    return plain[-4:] if len(plain) > 4 else ""


def _index(key_id: int, purpose: str, organization_id: UUID, parts: tuple[str, ...]) -> BlindIndex:
    normal = [_normalise(purpose, part) for part in parts]
    if not any(normal):
        raise ValueError(f"A blind index for {purpose} needs at least one part that is not empty.")
    # Lengths keep ("ab", "c") and ("a", "bc") apart.
    message = "".join(f"{len(part)}:{part}" for part in (str(organization_id), *normal))
    digest = hmac.new(keyring.indexes().key(key_id, f"bidx|{purpose}"), message.encode(), hashlib.sha256)
    return BlindIndex(digest.hexdigest()[:INDEX_HEX], key_id)


def _normalise(purpose: str, text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if purpose in IDENTIFIERS:
        return "".join(char for char in folded if char.isalnum()).upper()
    return " ".join(folded.split())
