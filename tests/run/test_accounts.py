"""The demonstration's accounts and their one-time codes."""

import json
from pathlib import Path

import pytest
from launch import accounts
from launch.console import Trouble

# RFC 6238, appendix B: secret "12345678901234567890", SHA-1; the last six of the eight digits given there.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "accounts.json"
    people = [("demo@claimflow.com", "Riverside"), ("admin@claimflow.com", None)]
    file.write_text(
        json.dumps(
            [
                {
                    "email": email,
                    "password": "x" * 14,
                    "role": "biller",
                    "organization": organization,
                    "totp_secret": RFC_SECRET,
                }
                for email, organization in people
            ]
        )
    )
    return file


@pytest.mark.parametrize(("at", "code"), RFC_CODES)
def test_one_time_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert accounts.one_time_code(RFC_SECRET, at) == code


def test_a_code_holds_for_thirty_seconds() -> None:
    assert accounts.one_time_code(RFC_SECRET, 30) == accounts.one_time_code(RFC_SECRET, 59.9)
    assert accounts.one_time_code(RFC_SECRET, 59.9) != accounts.one_time_code(RFC_SECRET, 60)


def test_a_secret_is_read_with_blanks_small_letters_and_without_padding() -> None:
    assert accounts.one_time_code("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", 59) == "287082"
    assert accounts.one_time_code("MFRGG===", 59) == accounts.one_time_code("MFRGG", 59)


def test_the_address_is_found_whatever_its_case(file: Path) -> None:
    assert accounts.code_for(" DEMO@claimflow.com", file, 59) == "287082"


def test_an_unknown_address_names_those_that_there_are(file: Path) -> None:
    with pytest.raises(Trouble, match=r"(?s)nobody@.*demo@claimflow\.com, admin@claimflow\.com"):
        accounts.code_for("nobody@claimflow.com", file, 59)


@pytest.mark.parametrize("content", [None, "", "[", "[]"])
def test_before_the_first_start_there_are_none(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "accounts.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(Trouble, match="Start the demonstration first: bin/demo"):
        accounts.load(file)


def test_the_table_has_straight_columns(file: Path) -> None:
    heading, first, second = accounts.table(accounts.load(file)).splitlines()
    assert heading.index("Password") == first.index("xxxx") == second.index("xxxx")
    assert heading.index("Organization") == first.index("Riverside")
    assert second.endswith("biller")
