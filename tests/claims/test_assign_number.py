"""Claim numbers: spelled right, gapless under many hands, past 9,999 (rulings 17, performance.md section
5)."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from claimflow.lib.db.context import acting_as, as_system
from claims.actions.assign_number import assign_number, platform_day, spell_number
from claims.models import Claim, DayCounter
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.claims import ClaimFactory
from tests.refusals import forbidden, refused

pytestmark = pytest.mark.usefixtures("real_db")

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("n", "text"), [(1, "CLM-20261120-0001"), (9_999, "CLM-20261120-9999"), (10_000, "CLM-20261120-10000")]
)
def test_a_number_has_four_digits_and_grows(n: int, text: str) -> None:
    assert spell_number(DAY, n) == text


def test_the_day_is_the_platforms() -> None:
    """One in the morning in UTC is still the day before in New York."""
    assert platform_day(datetime(2026, 11, 21, 1, tzinfo=UTC)) == DAY


def test_numbers_count_up_past_9999_and_days_apart() -> None:
    with acting_as("system", "test"):
        assert ClaimFactory(day=DAY).claim_number == "CLM-20261120-0001"
        with connection.cursor() as cursor:
            cursor.execute("SELECT claims.next_number(%s, %s)", [DAY, 9_998])
        assert ClaimFactory(day=DAY).claim_number == "CLM-20261120-10000"
        assert ClaimFactory(day=date(2026, 11, 21)).claim_number == "CLM-20261121-0001"
    with acting_as("admin"):
        assert DayCounter.objects.get(day=DAY).n == 10_000


def test_a_rolled_back_submission_leaves_no_gap() -> None:
    with acting_as("system", "test"):
        with transaction.atomic():
            ClaimFactory(day=DAY)
            transaction.set_rollback(True)
        assert ClaimFactory(day=DAY).number_n == 1


def test_a_day_and_count_are_given_once() -> None:
    """Held by the unique number, whose spelling follows from both."""
    with acting_as("system", "test"):
        ClaimFactory(day=DAY)
        twin = ClaimFactory(numbered=False)
        twin.set_number(DAY, 1, spell_number(DAY, 1))
        with refused("claims_claim_number_once"):
            twin.touch("number_day", "number_n", "claim_number")
        twin.set_number(DAY, 1, spell_number(DAY, 2))
        with refused("claims_claim_number_spelled"):
            twin.touch("number_day", "number_n", "claim_number")


def test_numbers_of_many_hands_are_gapless() -> None:
    with acting_as("system", "test"):
        clinic, insurer = OrganizationFactory(), OrganizationFactory(payer=True)
        biller = UserFactory(organization=clinic)
    failures: list[BaseException] = []

    def submit() -> None:
        try:
            for _ in range(4):
                with acting_as("system", "test"):
                    ClaimFactory(provider=clinic, payer=insurer, submitted_by=biller, day=DAY)
        except BaseException as problem:
            failures.append(problem)
        finally:
            connection.close()

    hands = [threading.Thread(target=submit) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert not failures
    with acting_as("payer", organization=insurer):
        assert sorted(Claim.objects.values_list("number_n", flat=True)) == list(range(1, 33))


def test_only_the_system_numbers_claims() -> None:
    with acting_as("system", "test"):
        clinic = OrganizationFactory()
    for kind in ("provider", "payer", "admin"):
        with forbidden(), acting_as(kind, organization=clinic), connection.cursor() as cursor:
            cursor.execute("SELECT claims.next_number(%s)", [DAY])


def test_less_than_one_number_is_no_number() -> None:
    with (
        pytest.raises(IntegrityError, match="at least one"),
        acting_as("system", "test"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT claims.next_number(%s, 0)", [DAY])


def test_a_claim_is_born_by_its_provider_and_numbered_by_the_system() -> None:
    with acting_as("system", "test"):
        clinic, insurer = OrganizationFactory(), OrganizationFactory(payer=True)
        biller = UserFactory(organization=clinic)
    with acting_as("provider", user=biller, organization=clinic):
        claim = ClaimFactory(
            provider=clinic, payer=insurer, submitted_by=biller, state="submitted", numbered=False
        )
        with as_system("receive"):
            number = assign_number(claim=claim)
    with acting_as("payer", organization=insurer):
        assert Claim.objects.get().claim_number == number
