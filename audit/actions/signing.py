"""The key that signs seals. It is not in the database, so who can rewrite the database cannot rewrite the
seals."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class SigningKeys:
    """Ed25519 keys: the current one signs, all of them verify. A key's id is the start of its public key's
    hash."""

    current: str
    _private: Ed25519PrivateKey = field(repr=False)
    _public: dict[str, Ed25519PublicKey] = field(repr=False)

    def sign(self, seal: bytes) -> bytes:
        return self._private.sign(seal)

    def is_signed(self, seal: bytes, signature: bytes, key_id: str) -> bool:
        """False for a wrong signature and for a key that is not in the ring."""
        key = self._public.get(key_id)
        if key is None:
            return False
        try:
            key.verify(signature, seal)
        except InvalidSignature:
            return False
        return True


def keys() -> SigningKeys:
    """From AUDIT_SIGNING_KEY: base64 seeds of 32 bytes, the current first, earlier ones after commas.
    ImproperlyConfigured when it is missing or malformed."""
    return _parse(settings.AUDIT_SIGNING_KEY)


@lru_cache(maxsize=4)
def _parse(text: str) -> SigningKeys:
    private: dict[str, Ed25519PrivateKey] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            seed = base64.b64decode(part, validate=True)
        except (ValueError, binascii.Error):
            seed = b""
        if len(seed) != 32:
            raise ImproperlyConfigured("AUDIT_SIGNING_KEY: each key is the base64 of 32 bytes.")
        key = Ed25519PrivateKey.from_private_bytes(seed)
        private[_id_of(key.public_key())] = key
    if not private:
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY is empty. Give it the base64 of 32 random bytes.")
    current = next(iter(private))
    return SigningKeys(current, private[current], {name: key.public_key() for name, key in private.items()})


def _id_of(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
