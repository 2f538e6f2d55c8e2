"""What pages write: money, dates, ages, dues, words with a meaning, and parts that need more than text."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone

from claimflow.lib.templatetags import claimflow as tags

NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)  # noon in New York


def drawn(source: str, **context: object) -> str:
    return Template("{% load claimflow %}" + source).render(Context(context))


@pytest.fixture(autouse=True)
def _noon_in_new_york():
    with time_machine.travel(NOON, tick=False), timezone.override("America/New_York"):
        yield


def test_money() -> None:
    assert drawn("{{ x|money }} {{ x|dollars }}", x=Decimal("1234.5")) == "1,234.50 $1,234.50"
    assert "none" in drawn("{{ x|money }}", x=None)


def test_dates_are_in_the_active_zone() -> None:
    late = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert drawn("{{ x|short_date }}", x=late) == "Nov 21, 2026"
    assert drawn("{{ x|date_time }}", x=late) == "Nov 21, 2026, 9:00 PM EST"
    assert drawn("{{ x|short_date }}", x=date(2026, 1, 5)) == "Jan 5, 2026"
    assert drawn("{{ x|date_time }}", x=date(2026, 1, 5)) == "Jan 5, 2026"


def test_another_zone_stays_that_zone() -> None:
    early = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    assert drawn('{{ x|in_zone:"America/Los_Angeles"|date_time }}', x=early) == "Nov 20, 2026, 10:00 PM PST"
    assert drawn('{{ x|in_zone:"America/Los_Angeles"|short_date }}', x=early) == "Nov 20, 2026"


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(minutes=-5), "0m"),
        (timedelta(minutes=12), "12m"),
        (timedelta(hours=3), "3h"),
        (timedelta(hours=25), "1d"),
    ],
)
def test_age(ago: timedelta, expected: str) -> None:
    assert tags.age(NOON - ago) == expected


def test_age_of_a_day() -> None:
    assert tags.age(date(2026, 11, 18)) == "3d"


@pytest.mark.parametrize(
    ("value", "words", "tone"),
    [
        (NOON + timedelta(hours=2), "today", "warning"),
        (NOON + timedelta(days=1), "in 1d", "warning"),
        (NOON + timedelta(days=5), "in 5d", "neutral"),
        (NOON - timedelta(hours=2), "overdue 2h", "urgent"),
        (NOON - timedelta(days=2), "overdue 2d", "urgent"),
        (date(2026, 11, 21), "today", "warning"),
        (date(2026, 11, 19), "overdue 2d", "urgent"),
        (date(2026, 11, 30), "in 9d", "neutral"),
    ],
)
def test_due(value: date, words: str, tone: str) -> None:
    assert (tags.due(value), tags.due_tone(value)) == (words, tone)


def test_due_of_nothing_is_a_dash() -> None:
    assert "none" in tags.due(None)
    assert tags.due_tone(None) == "neutral"


def test_every_stored_state_has_a_look() -> None:
    from claims.enums import ClaimState

    assert {str(state) for state in ClaimState} <= set(tags.STATES)


def test_unknown_state_is_shown_as_it_is() -> None:
    assert tags.state_look("in_transit").label == "In transit"


@pytest.mark.parametrize(
    ("turn", "side", "words"),
    [
        ("provider", "provider", "Your turn"),
        ("payer", "provider", "Payer's turn"),
        ("provider", "payer", "Provider's turn"),
        ("none", "payer", "Nobody's turn"),
    ],
)
def test_turn(turn: str, side: str, words: str) -> None:
    assert tags.turn_label(turn, side) == words


def test_icons_are_silent_unless_named() -> None:
    assert 'aria-hidden="true"' in tags.icon("check")
    assert 'aria-label="Done"' in tags.icon("check", label="Done")


def test_every_icon_in_use_is_in_the_sprite() -> None:
    import re
    from pathlib import Path

    root = Path(__file__).resolve().parent.parent.parent
    there = set(re.findall(r'id="(\w+)"', (root / "static/claimflow/icons.svg").read_text()))
    used = {look.icon for table in (tags.STATES, tags.SEVERITIES, tags.LEVELS) for look in table.values()}
    for template in (root / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon "(\w+)"', template.read_text()))
    assert used - there == set()


def test_date_part_has_the_whole_time_in_its_title() -> None:
    html = render_to_string("parts/_date.html", {"at": NOON, "relative": True})
    assert 'title="Nov 21, 2026, 12:00 PM EST"' in html
    assert "0m ago" in html
    html = render_to_string("parts/_date.html", {"at": NOON, "zone": "Pacific/Honolulu"})
    assert 'title="Nov 21, 2026, 7:00 AM HST"' in html


def test_definition_list_takes_pairs_and_objects() -> None:
    rows = [("Sex", ""), SimpleNamespace(term="Provider", value="Riverside", note="NPI")]
    html = render_to_string("parts/_definition_list.html", {"rows": rows})
    assert "<dt>Sex</dt>" in html
    assert "Riverside" in html
    assert "NPI" in html


def test_line_of_numbers() -> None:
    assert tags.polyline([0, 5, 10]) == "0.0,30.0 60.0,16.0 120.0,2.0"
    assert tags.polyline([1]) == ""
    assert tags.polyline([0, 0]) == "0.0,30.0 120.0,30.0"


def test_letters_of_diagnoses() -> None:
    assert [tags.letter(index) for index in (0, 11, 26)] == ["A", "L", "27"]
