"""The numbers over the ledger: counted right, small groups hidden, one payer's alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from claimflow.lib.db.context import acting_as
from intelligence import numbers
from intelligence.actions.ledger import About, Said, record_outcome, remember_many
from intelligence.enums import OverrideReason, SuggestionKind, Verdict
from intelligence.models import LedgerEntry
from intelligence.numbers import SMALLEST, By, Day, Period, judged, suggested
from tests.claims.desk_cast import Desk, make_desk
from tests.factories.intelligence import FACTS
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")
ZONE = ZoneInfo("America/New_York")
SAID = Said(
    kind=SuggestionKind.PRIORITY, answer="urgent", facts=FACTS, model="rules", model_version="scorecard-1",
    rules_version="rules-3", confidence=0.96, latency=10,
)  # fmt: skip


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


@pytest.fixture
def period() -> Period:
    return Period.of_days(3, zone=ZONE)


def said(claim: Any, n: int, **changes: Any) -> list[LedgerEntry]:
    with acting_as("system", "test"):
        return remember_many(suggestions=[(replace(SAID, **changes), About.claim(claim))] * n)


def judge(entries: list[LedgerEntry], by: Any, to: str = "") -> None:
    with acting_as("system", "test"):
        for entry in entries:
            record_outcome(
                entry=entry,
                verdict=Verdict.OVERRODE if to else Verdict.AGREED,
                answer=to,
                reason=OverrideReason.LESS_URGENT if to else None,
                by=by,
            )


def story(cast: Desk) -> None:
    """Urgent: 12 agreed, 3 to routine; standard: 20 agreed; routine: 2 agreed."""
    claim = cast.claim()
    other = cast.claim()
    urgent = said(claim, 15)
    judge(urgent[:12], cast.adjudicator)
    judge(urgent[12:], cast.other, "routine")
    judge(said(other, 20, answer="standard", confidence=0.6, latency=1000), cast.adjudicator)
    judge(said(other, 2, answer="routine", confidence=0.9), cast.adjudicator)
    said(other, 4)  # nobody judged these
    said(
        other,
        1,
        failure="TimeoutError",
        confidence=0.0,
        model="lamp",
        model_version="2",
        cost=1500,
        latency=5_000_000,
    )


def as_payer(cast: Desk) -> Any:
    return acting_as("payer", user=cast.supervisor, organization=cast.payer)


def test_rates_by_class_hide_a_small_one_and_the_next(cast: Desk, period: Period) -> None:
    story(cast)
    with as_payer(cast):
        rates = numbers.agreement(suggested(cast.supervisor, period), by=By.ANSWER)
    assert [(rate.key, rate.judged, rate.agreed, rate.overrode, rate.share) for rate in rates] == [
        ("urgent", None, None, None, None),
        ("standard", 20, 20, 0, Decimal(1)),
        ("routine", None, None, None, None),
    ]


@given(st.lists(st.integers(1, 40), max_size=8))
def test_a_total_less_what_is_shown_tells_of_nobody(sizes: list[int]) -> None:
    hidden = numbers._hidden(sizes, size=lambda size: size)
    left = sum(sizes) - sum(size for at, size in enumerate(sizes) if at not in hidden)
    assert all(size >= SMALLEST for at, size in enumerate(sizes) if at not in hidden)
    assert left == 0 or len(hidden) == len(sizes) or (left >= SMALLEST and len(hidden) > 1)


def test_rates_by_person_and_provider_have_names(cast: Desk, period: Period) -> None:
    story(cast)
    with as_payer(cast):
        entries = suggested(cast.supervisor, period)
        [clinic] = numbers.agreement(entries, by=By.PROVIDER)
        people = numbers.agreement(entries, by=By.PERSON)
        behind = judged(
            entries,
            person=cast.other.pk,
            answer="urgent",
            ended="routine",
            low=Decimal("0.95"),
            high=Decimal("0.98"),
        )
        assert behind.count() == 3
    assert (clinic.label, clinic.judged, clinic.agreed, clinic.share) == (
        "Riverside Clinic", 37, 34, Decimal("0.9189"),
    )  # fmt: skip
    assert [(rate.label, rate.judged) for rate in people] == [
        (cast.adjudicator.full_name, None),
        (cast.other.full_name, None),
    ]


def test_confusion_and_confidence(cast: Desk, period: Period) -> None:
    story(cast)
    judge(said(cast.claim(), 11, answer="routine", confidence=0.9), cast.adjudicator)
    with as_payer(cast):
        entries = suggested(cast.supervisor, period)
        rows, buckets = numbers.confusion(entries), numbers.confidence(entries)
    assert [(row.suggested, row.judged, row.ended) for row in rows] == [
        ("urgent", 15, {"urgent": 12, "routine": 3}),
        ("standard", 20, {"standard": 20}),
        ("routine", 13, {"routine": 13}),
    ]
    assert [(str(each.low), str(each.high), each.judged, each.share, each.mean) for each in buckets] == [
        ("0.5", "0.7", 20, Decimal(1), Decimal("0.6")),
        ("0.9", "0.95", 13, Decimal(1), Decimal("0.9")),
        ("0.95", "0.98", 15, Decimal("0.8"), Decimal("0.96")),
    ]


def test_latency_failures_and_cost(cast: Desk, period: Period) -> None:
    story(cast)
    with as_payer(cast):
        entries = suggested(cast.supervisor, period)
        rules, lamp = numbers.latency(entries)
        days = numbers.by_day(entries, period)
    assert (rules.model, rules.made, rules.median, rules.p95, rules.longest) == ("rules", 41, 10, 1000, 1000)
    assert (lamp.model, lamp.version, lamp.made, lamp.median) == ("lamp", "2", 1, 5_000_000)
    assert days == [
        Day(period.first, 0, 0, 0),
        Day(period.first + timedelta(days=1), 0, 0, 0),
        Day(period.last, 42, 1, 1500),
    ]


def test_whoever_comes_back_to_the_suggestion_agreed_and_an_undone_run_is_no_judgment(
    cast: Desk, period: Period
) -> None:
    entries = said(cast.claim(), 12)
    judge(entries, cast.adjudicator, "routine")
    judge(entries, cast.other, "urgent")
    with acting_as("system", "test"):
        for entry in [*entries, *said(cast.claim(), 3)]:
            record_outcome(
                entry=entry, verdict=Verdict.OVERRODE, answer="standard", reason=OverrideReason.RUN_UNDONE,
                by=cast.supervisor,
            )  # fmt: skip
    with as_payer(cast):
        [rate] = numbers.agreement(suggested(cast.supervisor, period), by=By.ANSWER)
    assert (rate.judged, rate.agreed) == (12, 12)


def test_another_payer_counts_nothing_and_the_administrator_everything(cast: Desk, period: Period) -> None:
    story(cast)
    rival = make_user("payer", "Supervisor", organization=make_organization("payer"))
    with acting_as("payer", user=rival, organization=rival.organization):
        assert numbers.agreement(suggested(rival, period), by=By.PROVIDER) == []
        assert numbers.latency(suggested(rival, period)) == []
    admin = make_user("admin", "Platform administrator")
    with acting_as("admin", user=admin):
        assert numbers.agreement(suggested(admin, period), by=By.PROVIDER)[0].judged == 37


def test_a_shadow_and_another_period_are_apart(cast: Desk, period: Period) -> None:
    said(cast.claim(), 11, is_shadow=True)
    with acting_as("system", "test"):
        remember_many(suggestions=[(SAID, About.claim(cast.claim()))], at=timezone.now() - timedelta(days=5))
    with as_payer(cast):
        assert suggested(cast.supervisor, period).count() == 0
        assert suggested(cast.supervisor, period, shadow=True).count() == 11


def test_a_period_is_of_whole_days_in_its_zone() -> None:
    period = Period(datetime(2026, 3, 8).date(), datetime(2026, 3, 8).date(), ZONE)
    assert period.end - period.start == timedelta(hours=24)
    assert period.end.timestamp() - period.start.timestamp() == 23 * 3600  # the clocks go forward
