"""A stream of any length under AES-256-GCM, in frames (the construction of age and Tink).

Layout: magic | format (1 byte) | key id (2, big-endian) | salt (32) | frames. A frame is 256 KiB of plaintext, the last
one what is left, with a tag of 16 bytes each. Every file has a key of its own: HKDF-SHA256 of the ring's key and the
salt. The nonce is the frame's number (11 bytes) and a byte that says whether it is the last, the associated data are
the header, so frames cannot be changed, moved, left out, added or cut off, and no plaintext of a frame is given out
before the frame is proven.
"""

import hashlib
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from claimflow.lib.backup import BackupFault
from claimflow.lib.keys import KeyRing

MAGIC = b"CLAIMFLOW BACKUP\n"
FORMAT = 1
SALT_BYTES = 32
TAG_BYTES = 16
FRAME_BYTES = 1 << 18
HEADER_BYTES = len(MAGIC) + 3 + SALT_BYTES


class Sealer:
    """Encrypts what is written to it into `file`. Nothing may be written after `finish`, without which the file does
    not open."""

    def __init__(self, file: BinaryIO, ring: KeyRing) -> None:
        self._file = file
        self._header = MAGIC + bytes([FORMAT]) + ring.current.to_bytes(2, "big") + os.urandom(SALT_BYTES)
        self._cipher = _cipher(ring.keys[ring.current], self._header)
        self._waiting = bytearray()
        self._frames = 0
        self._digest = hashlib.sha256()
        self.plain_bytes = self.bytes = 0
        self._put(self._header)

    def write(self, data: bytes) -> None:
        self.plain_bytes += len(data)
        self._waiting += data
        while len(self._waiting) > FRAME_BYTES:  # what may be the last frame waits for its mark
            self._seal(bytes(self._waiting[:FRAME_BYTES]), is_last=False)
            del self._waiting[:FRAME_BYTES]

    def finish(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    @property
    def sha256(self) -> str:
        """Of the encrypted file as far as it is written, in hex."""
        return self._digest.hexdigest()

    def _seal(self, plain: bytes, *, is_last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._frames, is_last=is_last), plain, self._header))
        self._frames += 1

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.bytes += len(data)


def opened(file: BinaryIO, ring: KeyRing) -> Iterator[bytes]:
    """The plaintext, frame by frame. BackupFault as soon as something is not what was written; what came before it was
    genuine, but the whole is only that when the iterator ends by itself."""
    header = file.read(HEADER_BYTES)
    cipher = _cipher(_key_of(header, ring), header)
    number, frame = 0, file.read(FRAME_BYTES + TAG_BYTES)
    while True:
        following = file.read(FRAME_BYTES + TAG_BYTES)
        yield _opened(cipher, frame, number, header, is_last=not following)
        if not following:
            return
        number, frame = number + 1, following


def key_id_of(header: bytes) -> int:
    """The number of the key that a file was written with. BackupFault when it does not begin as our files do."""
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise BackupFault("This file is not a backup of ClaimFlow, or its beginning is missing.")
    if header[len(MAGIC)] != FORMAT:
        raise BackupFault(f"This backup has format {header[len(MAGIC)]}; this release reads format {FORMAT}.")
    return int.from_bytes(header[len(MAGIC) + 1 : len(MAGIC) + 3], "big")


def key_in(ring: KeyRing, key_id: int) -> bytes:
    try:
        return ring.keys[key_id]
    except KeyError:
        raise BackupFault(
            f"The backup was made with key {key_id}, which is not in {ring.name}. Without it nothing can be restored."
        ) from None


def _key_of(header: bytes, ring: KeyRing) -> bytes:
    return key_in(ring, key_id_of(header))


def _opened(cipher: AESGCM, frame: bytes, number: int, header: bytes, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, is_last=is_last), frame, header)
    except InvalidTag:
        pass
    if is_last and _is_genuine(cipher, frame, number, header):
        raise BackupFault(f"The file is cut short after frame {number + 1}.")
    raise BackupFault(
        f"Frame {number + 1} of the file does not open: it was changed or cut short, or the key is another one."
    )


def _is_genuine(cipher: AESGCM, frame: bytes, number: int, header: bytes) -> bool:
    """Whether this is a frame that others should follow."""
    try:
        cipher.decrypt(_nonce(number, is_last=False), frame, header)
    except InvalidTag:
        return False
    return True


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _cipher(key: bytes, header: bytes) -> AESGCM:
    salt = header[-SALT_BYTES:]
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"claimflow|backup.file").derive(key))
