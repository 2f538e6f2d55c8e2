"""Nothing of a backup opens when a byte of it is not the one that was written; and which backups go."""

import datetime as dt
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from claimflow.lib.backup import BackupFault, fingerprints, manifest
from claimflow.lib.backup.manifest import Fingerprint, Manifest, beside
from claimflow.lib.backup.rotation import name_of, rotate
from claimflow.lib.backup.sealed import FRAME_BYTES, HEADER_BYTES, MAGIC, TAG_BYTES, Sealer, opened
from claimflow.lib.keys import KeyRing

RING = KeyRing("BACKUP_KEYS", 1, {1: b"k" * 32})
NEWER = KeyRing("BACKUP_KEYS", 2, {2: b"n" * 32, 1: b"k" * 32})
OTHER = KeyRing("BACKUP_KEYS", 1, {1: b"o" * 32})
SEALED_FRAME = FRAME_BYTES + TAG_BYTES


def sealed(plain: bytes, ring: KeyRing = RING) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, ring)
    for start in range(0, len(plain), 100_000):
        sealer.write(plain[start : start + 100_000])
    sealer.finish()
    assert sealer.bytes == len(file.getvalue())
    assert sealer.plain_bytes == len(plain)
    return file.getvalue()


def plain_of(data: bytes, ring: KeyRing = RING) -> bytes:
    return b"".join(opened(io.BytesIO(data), ring))


LENGTHS = (0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES)


@pytest.mark.parametrize("length", LENGTHS)
def test_what_goes_in_comes_out(length: int) -> None:
    plain = os.urandom(length)
    assert plain_of(sealed(plain), NEWER) == plain
    assert len(sealed(plain)) == HEADER_BYTES + length + TAG_BYTES * max(1, -(-length // FRAME_BYTES))


def test_the_same_twice_is_not_the_same_file() -> None:
    assert sealed(b"x" * 1000) != sealed(b"x" * 1000)
    assert b"x" * 8 not in sealed(b"x" * 1000)


WHOLE = sealed(os.urandom(2 * FRAME_BYTES + 500))


def frame(number: int) -> bytes:
    start = HEADER_BYTES + number * SEALED_FRAME
    return WHOLE[start : start + SEALED_FRAME]


HEADER = WHOLE[:HEADER_BYTES]
MUTANTS = {
    "the last frame cut off": (HEADER + frame(0) + frame(1), "cut short after frame 2"),
    "all frames but the first cut off": (HEADER + frame(0), "cut short after frame 1"),
    "no frame": (HEADER, "Frame 1 "),
    "a byte cut off": (WHOLE[:-1], "Frame 3 "),
    "frames exchanged": (HEADER + frame(1) + frame(0) + frame(2), "Frame 1 "),
    "a frame left out": (HEADER + frame(1) + frame(2), "Frame 1 "),
    "a frame twice": (HEADER + frame(0) + frame(0) + frame(1) + frame(2), "Frame 2 "),
    "a byte more": (WHOLE + b"x", "Frame 3 "),
    "a frame more": (WHOLE + frame(2), "Frame 3 "),
    "another salt": (HEADER[:-1] + bytes([HEADER[-1] ^ 1]) + WHOLE[HEADER_BYTES:], "Frame 1 "),
    "another format": (MAGIC + b"\x02" + WHOLE[len(MAGIC) + 1 :], "format 2"),
    "another kind of file": (b"PGDMP" + WHOLE, "not a backup"),
    "nothing": (b"", "not a backup"),
    "an unknown key": (
        MAGIC + b"\x01\x00\x07" + WHOLE[len(MAGIC) + 3 :],
        "key 7, which is not in BACKUP_KEYS",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_changed_file_does_not_open(name: str) -> None:
    data, sentence = MUTANTS[name]
    with pytest.raises(BackupFault, match=sentence):
        plain_of(data)


@pytest.mark.parametrize(
    "place", [HEADER_BYTES, HEADER_BYTES + 7, HEADER_BYTES + SEALED_FRAME, len(WHOLE) - 1]
)
def test_a_flipped_bit_does_not_open(place: int) -> None:
    data = bytearray(WHOLE)
    data[place] ^= 1
    with pytest.raises(BackupFault, match="does not open"):
        plain_of(bytes(data))


def test_another_key_does_not_open() -> None:
    with pytest.raises(BackupFault, match="Frame 1 "):
        plain_of(WHOLE, OTHER)


# --- The manifest

TOLD = Manifest(
    1,
    "x.backup",
    "2026-11-21T02:00:00+00:00",
    "0.1.0",
    "15.18",
    "x",
    "cf_",
    1,
    3,
    "0" * 64,
    {"a": Fingerprint(2, "0f")},
)


def write(path: Path, text: str) -> Path:
    beside(path).write_text(text)
    return path


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write(tmp_path / "x.backup", TOLD.text(RING))
    assert manifest.read(path, NEWER) == TOLD
    assert TOLD.rows == 2


FALSE = {
    "other rows": TOLD.text(RING).replace("2,", "3,"),
    "another hash": TOLD.text(RING).replace("0f", "0e"),
    "another key": TOLD.text(OTHER),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_manifest_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupFault, match="was changed, or was not written with a key of BACKUP_KEYS"):
        manifest.read(write(tmp_path / "x.backup", FALSE[name]), RING)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"mac": "x", "tables": 3}', TOLD.text(RING)[:-9]])
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BackupFault, match="is damaged"):
        manifest.read(write(tmp_path / "x.backup", text), RING)


def test_no_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupFault, match=r"x\.backup\.json is missing"):
        manifest.read(tmp_path / "x.backup", RING)


def test_a_manifest_belongs_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "x.backup"
    path.write_bytes(b"abcd")
    with pytest.raises(BackupFault, match="has 4 bytes and should have 3"):
        TOLD.require_file(path)
    with pytest.raises(BackupFault, match="not the one that its manifest was written for"):
        replace(TOLD, bytes=4).require_file(path)


def test_each_difference_has_its_sentence() -> None:
    wanted = {name: Fingerprint(2, "aa") for name in ("gone", "fewer", "other", "same")}
    there = {
        "fewer": Fingerprint(0, "00"),
        "other": Fingerprint(2, "ab"),
        "same": Fingerprint(2, "aa"),
        "new": Fingerprint(1, "cc"),
    }
    assert fingerprints.differences(wanted, there) == [
        "fewer has 0 rows and should have 2.",
        "gone is missing; it had 2 rows.",
        "new is there and should not be.",
        "other has as many rows as it should, 2, but not the same.",
    ]


# --- Rotation

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def test_each_day_keeps_its_newest_and_the_newest_days_stay(tmp_path: Path) -> None:
    made = [NOON - dt.timedelta(days=day, hours=hour) for day in range(4) for hour in (0, 5)]
    for moment in made:
        path = tmp_path / name_of("claims", moment)
        path.touch()
        beside(path).touch()
    strangers = ["claims2-20200101-000000.backup", "claims-notes.txt", "claims-20200101-000000.backup.bak"]
    for name in strangers:
        (tmp_path / name).touch()
    fresh, stale = (
        tmp_path / "claims-20261121-110000.backup.partial",
        tmp_path / "claims-20261101-110000.backup.partial",
    )
    for partial, age in ((fresh, 1), (stale, 30)):
        partial.touch()
        os.utime(partial, (NOON.timestamp() - age * 3600,) * 2)
    gone = rotate(tmp_path, "claims", keep=3, now=NOON)
    stays = {name_of("claims", moment) for moment in (made[0], made[1], made[2], made[4])}
    assert set(gone) == {name_of("claims", moment) for moment in made} - stays
    left = {path.name for path in tmp_path.iterdir()}
    assert left == stays | {name + ".json" for name in stays} | {*strangers, fresh.name}
