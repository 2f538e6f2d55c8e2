"""Secrets are made once, and a damaged file is not quietly replaced."""

import base64
import stat
from pathlib import Path

import pytest
from launch import keys
from launch.console import Trouble

from claimflow.lib.keys import parse_ring


def test_keys_have_the_form_that_the_settings_ask_for(tmp_path: Path) -> None:
    made = keys.load(tmp_path / "secrets.json")
    for ring in ("CONTEXT_KEYS", "PHI_KEYS", "PHI_INDEX_KEYS"):
        assert parse_ring(made[ring], name=ring).current == 1
    assert len(base64.b64decode(made["AUDIT_SIGNING_KEY"], validate=True)) == 32
    assert len(made["SECRET_KEY"]) >= 50
    assert len(set(made.values())) == len(made)


def test_they_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    first = keys.load(file)
    assert keys.load(file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys.fresh() != first


@pytest.mark.parametrize("content", ["", "{", "[]", '{"SECRET_KEY": "x"}'])
def test_a_damaged_file_is_said_so_and_kept(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(content)
    with pytest.raises(Trouble, match=r"(?s)damaged.*bin/demo reset"):
        keys.load(file)
    assert file.read_text() == content
