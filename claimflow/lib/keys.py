"""Key rings from the environment: ``"2:<base64 of 32 bytes>,1:<...>"``, the current key first."""

import base64
import binascii
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class KeyRing:
    """Keys by number; ``current`` is the one that new values are made with."""

    name: str
    current: int
    keys: dict[int, bytes]

    def __repr__(self) -> str:
        return f"KeyRing({self.name}, current={self.current}, ids={sorted(self.keys)})"


def parse_ring(text: str, *, name: str) -> KeyRing:
    """Read a ring. Raises ``ImproperlyConfigured`` naming the setting if it is empty, has a key that is not 32
    bytes, or uses a number twice; never shows the key itself."""
    keys: dict[int, bytes] = {}
    current = 0
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        number, _, encoded = part.partition(":")
        try:
            key_id, key = int(number), base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            raise ImproperlyConfigured(
                f"{name} must look like 1:<base64 of 32 bytes>, several separated by commas."
            ) from None
        if len(key) != 32 or not 0 < key_id < 32_768 or key_id in keys:
            raise ImproperlyConfigured(f"{name}: each key needs its own number and exactly 32 bytes.")
        keys[key_id] = key
        current = current or key_id
    if not keys:
        raise ImproperlyConfigured(f"{name} is empty. Give it a key: 1:<base64 of 32 bytes>.")
    return KeyRing(name=name, current=current, keys=keys)
