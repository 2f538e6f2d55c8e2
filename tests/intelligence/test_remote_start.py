"""What a process says before it serves with a remote model that is not set up."""

from pathlib import Path
from typing import Any

import pytest

from intelligence import start_checks
from intelligence.remote import switch

ANTHROPIC = {"REMOTE_MODEL": "anthropic", "REMOTE_MODEL_KEY": "k"}
OPENAI = {**ANTHROPIC, "REMOTE_MODEL": "openai", "REMOTE_MODEL_ADDRESS": "https://models.example/v1"}
HERE = "http://127.0.0.1:8080/v1"


def said(settings: Any, **changes: Any) -> str:
    for name, value in changes.items():
        setattr(settings, name, value)
    return " ".join(start_checks.remote_model())


@pytest.mark.parametrize(
    "changes",
    [
        {"REMOTE_MODEL": ""},
        ANTHROPIC,
        OPENAI,
        {**OPENAI, "REMOTE_MODEL_ADDRESS": HERE, "REMOTE_MODEL_KEY": ""},
    ],
)
def test_nothing_when_all_is_well(settings: Any, changes: dict[str, Any]) -> None:
    assert said(settings, **changes) == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"REMOTE_MODEL": "oracle"}, "must be empty or one of anthropic, openai"),
        ({**ANTHROPIC, "REMOTE_MODEL_KEY": ""}, "REMOTE_MODEL_KEY must be set"),
        ({**OPENAI, "REMOTE_MODEL_ADDRESS": ""}, "REMOTE_MODEL_ADDRESS must be set"),
        ({**OPENAI, "REMOTE_MODEL_ADDRESS": "http://models.example/v1"}, "must begin with https://"),
        ({**OPENAI, "REMOTE_MODEL_DEADLINE": 6.0}, "at most 5.0 seconds"),
        ({**OPENAI, "REMOTE_MODEL_DEADLINE": 0.0}, "above 0"),
        ({**OPENAI, "REMOTE_MODEL_PRICES": "/no/such/file"}, "price table (FileNotFoundError)"),
        ({**OPENAI, "REMOTE_MODEL_PRICES": str(Path(__file__))}, "price table (JSONDecodeError)"),
    ],
)
def test_each_fault_in_a_sentence(settings: Any, changes: dict[str, Any], sentence: str) -> None:
    told = said(settings, **changes)
    assert sentence in told
    assert "k " not in told.split()


def test_a_missing_package_names_the_file_to_install(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(switch.PACKAGES, "anthropic", ("anthropic_that_is_not_there",))
    told = said(settings, **ANTHROPIC)
    assert "anthropic_that_is_not_there is not installed" in told
    assert "requirements-remote.txt" in told
