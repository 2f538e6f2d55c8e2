"""Every secret of an installation in one command; none that is there is ever replaced."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claimflow.lib.keys import parse_ring
from claimflow.lib.management.commands.generate_keys import filled, fresh

EXAMPLE = Path(__file__).resolve().parent.parent.parent / ".env.example"


def made() -> dict[str, str]:
    return fresh(server="db.example:5432", database="claims", prefix="cf_")


def settings_of(text: str) -> dict[str, str]:
    lines = (line.partition("=") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in lines}


def test_nothing_is_made_twice_alike() -> None:
    one, two = made(), made()
    assert not set(one.values()) & set(two.values())
    assert len(set(one.values())) == len(one)
    for ring in ("CONTEXT_KEYS", "PHI_KEYS", "PHI_INDEX_KEYS", "BACKUP_KEYS"):
        assert len(parse_ring(one[ring], name=ring).keys[1]) == 32


def test_a_copy_of_the_example_lacks_no_secret_afterwards() -> None:
    text, named = filled(EXAMPLE.read_text(), made())
    assert set(named) == set(made())
    given = settings_of(text)
    assert given["BACKUP_DATABASE_URL"].startswith("postgres://cf_backup:")
    assert all("password" not in value and value != "1:" for value in given.values())
    assert given["CLAIMFLOW_ENV"] == "production"


def test_what_is_set_stays(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(EXAMPLE.read_text())
    call_command("generate_keys", into=str(file), stdout=io.StringIO())
    before = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    out = io.StringIO()
    call_command("generate_keys", into=str(file), stdout=out)
    assert file.read_text() == before
    assert "nothing was changed" in out.getvalue()


def test_without_a_file_they_are_printed(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("generate_keys", server="db.example:5432", stdout=out)
    assert set(settings_of(out.getvalue())) == set(made())
    with pytest.raises(CommandError, match=r"cp \.env\.example"):
        call_command("generate_keys", into=str(tmp_path / "missing"))
