"""Money for remote models: what might not fit is not asked, also when two ask at once."""

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from audit.models import Event
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden
from intelligence.actions.budget import Reservation, release, reserve, set_budget, settle
from intelligence.models import RemoteBudget
from tests.intelligence.remote.arrangement import give_budget, spendings
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")
CENT = 10_000
NIGHT = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)
"""Still the last evening of October in New York."""


@pytest.fixture
def payer(real_db: None) -> Organization:
    payer = make_organization("payer")
    give_budget(payer, "0.03", "0.05")
    return payer


def take(payer: Organization, amount: int, at: datetime | None = None) -> Reservation | None:
    with acting_as("system", "ask_model"):
        return reserve(organization_id=payer.pk, amount=amount, at=at)


def pay(held: Reservation | None, cost: int) -> None:
    assert held is not None
    with acting_as("system", "ask_model"):
        settle(held, cost=cost)


def test_what_is_held_counts_until_it_is_settled(payer: Organization) -> None:
    held = take(payer, 2 * CENT)
    assert take(payer, 2 * CENT) is None
    pay(held, CENT)
    assert spendings() == {"day": (0, CENT, 1), "month": (0, CENT, 1)}
    assert take(payer, 2 * CENT) is not None
    assert take(payer, 1) is None


def test_what_did_not_happen_is_given_back(payer: Organization) -> None:
    held = take(payer, 3 * CENT)
    assert held is not None
    with acting_as("system", "ask_model"):
        release(held)
    assert spendings() == {"day": (0, 0, 0), "month": (0, 0, 0)}


def test_a_new_day_has_its_own_budget_and_the_month_stops_it(payer: Organization) -> None:
    """Days and months are the payer's own."""
    pay(take(payer, 3 * CENT, NIGHT.replace(month=10, day=30)), 3 * CENT)
    assert take(payer, CENT, NIGHT.replace(month=10, day=30)) is None
    pay(take(payer, 2 * CENT, NIGHT), 2 * CENT)
    assert take(payer, 1, NIGHT) is None
    assert take(payer, CENT, NIGHT.replace(hour=12)) is not None


def test_nobody_without_a_budget(payer: Organization) -> None:
    assert take(make_organization("payer"), 1) is None


def test_two_at_once_do_not_both_take_the_last_of_it(payer: Organization) -> None:
    start, got = threading.Barrier(4), []

    def ask() -> None:
        start.wait()
        try:
            got.append(take(payer, 2 * CENT))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in got if each]) == 1
    assert spendings()["month"][0] == 2 * CENT


def test_day_and_month_are_always_locked_in_this_order(payer: Organization) -> None:
    for give_back in (release, lambda held: settle(held, cost=1)):
        held = take(payer, CENT)
        assert held is not None
        turned = Reservation(held.spendings[::-1], held.amount)
        with acting_as("system", "ask_model"), CaptureQueriesContext(connection) as captured:
            give_back(turned)
        locking, giving = (each["sql"] for each in captured if "remotespending" in each["sql"])
        assert 'ORDER BY "intelligence_remotespending"."period" ASC FOR UPDATE' in locking
        assert giving.startswith("UPDATE")


def test_a_budget_leaves_an_event_and_needs_the_right(payer: Organization) -> None:
    clerk, admin = make_user("payer", organization=payer), make_user("admin", "Platform administrator")
    with acting_as("admin", user=admin):
        budget = RemoteBudget.objects.get(pk=payer.pk)
        budget.monthly = Decimal("9.00")
        set_budget(budget=budget, fields=["monthly"], is_new=False, by=admin)
        with pytest.raises(Forbidden):
            set_budget(budget=budget, fields=["monthly"], is_new=False, by=clerk)
        provider = RemoteBudget(organization=make_organization("provider"), daily=1, monthly=1)
        with pytest.raises(Forbidden, match="payer"):
            set_budget(budget=provider, fields=["daily"], is_new=True, by=admin)
    with acting_as("auditor", user=admin):
        told = Event.objects.filter(subject_id=payer.pk, action="model_budget_set").order_by("pk")
        assert [event.fields for event in told] == [["organization", "daily", "monthly"], ["monthly"]]


def test_a_day_costs_at_most_the_month(payer: Organization) -> None:
    with acting_as("admin"), pytest.raises(IntegrityError, match="budget_in_order"):
        RemoteBudget.objects.filter(pk=payer.pk).update(daily=Decimal("6.00"))
