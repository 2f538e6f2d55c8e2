"""The keys that protect health data: from the environment, one derived key for each column and purpose.

Values and blind indexes have different master keys (ruling 31), and neither comes from SECRET_KEY. The
current key writes and every key of the ring reads, so that keys can be exchanged while people work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from claimflow.lib.keys import KeyRing, parse_ring

KEY_BYTES = 32  # AES-256


@dataclass(frozen=True)
class DerivedKeys:
    """A ring and what HKDF-SHA256 makes of it; KeyError for a key id that is not in the ring."""

    ring: KeyRing
    _keys: dict[tuple[int, str], bytes] = field(repr=False, compare=False, default_factory=dict)
    _ciphers: dict[tuple[int, str], AESGCM] = field(repr=False, compare=False, default_factory=dict)

    @property
    def current(self) -> int:
        return self.ring.current

    def __iter__(self) -> Iterator[int]:
        """Key ids, the current one first."""
        return iter(self.ring.keys)

    def key(self, key_id: int, label: str) -> bytes:
        """32 bytes for one column or purpose."""
        found = self._keys.get((key_id, label))
        if found is None:
            hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"claimflow|" + label.encode())
            found = self._keys[key_id, label] = hkdf.derive(self.ring.keys[key_id])
        return found

    def cipher(self, key_id: int, label: str) -> AESGCM:
        """AES-256-GCM with the key of this column."""
        found = self._ciphers.get((key_id, label))
        if found is None:
            found = self._ciphers[key_id, label] = AESGCM(self.key(key_id, label))
        return found


def values() -> DerivedKeys:
    """The keys of encrypted values. ImproperlyConfigured when PHI_KEYS is missing or malformed."""
    return _derived("PHI_KEYS", settings.PHI_KEYS)


def indexes() -> DerivedKeys:
    """The keys of blind indexes. ImproperlyConfigured when PHI_INDEX_KEYS is missing or malformed."""
    return _derived("PHI_INDEX_KEYS", settings.PHI_INDEX_KEYS)


@lru_cache(maxsize=8)
def _derived(setting: str, text: str) -> DerivedKeys:
    return DerivedKeys(parse_ring(text, name=setting))
