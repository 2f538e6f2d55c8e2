"""A service that fails again and again is left alone, then tried by one."""

from datetime import UTC, datetime, timedelta

import pytest

from claimflow.lib.db.context import acting_as
from intelligence.actions.circuit import FAILURES, OPEN, may_ask, report

pytestmark = pytest.mark.usefixtures("real_db")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def ask(at: datetime = NOW, adapter: str = "openai") -> bool:
    with acting_as("system", "ask_model"):
        return may_ask(adapter=adapter, at=at)


def tell(*, reached: bool, at: datetime = NOW) -> None:
    with acting_as("system", "ask_model"):
        report(adapter="openai", reached=reached, at=at)


def test_it_opens_after_failures_in_a_row_and_one_tries_after_the_pause() -> None:
    for _ in range(FAILURES - 1):
        tell(reached=False)
    assert ask()
    tell(reached=True)
    for _ in range(FAILURES):
        assert ask()
        tell(reached=False)
    assert not ask(NOW + OPEN - timedelta(seconds=1))
    assert ask(adapter="anthropic")
    later = NOW + OPEN
    assert ask(later)
    assert not ask(later)
    tell(reached=False, at=later)
    assert not ask(later + OPEN - timedelta(seconds=1))
    assert ask(later + OPEN)
    tell(reached=True, at=later + OPEN)
    assert ask(later + OPEN)
    assert ask(later + OPEN)
