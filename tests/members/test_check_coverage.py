"""One question across the wall: yes, no or unknown, counted and recorded (ruling 19)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Access
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Refusal
from members.actions.check_coverage import check_coverage
from members.enums import InForce
from members.models import Coverage
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.members import CoverageFactory
from tests.refusals import forbidden

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture
def insurer() -> Any:
    with acting_as("system", "test"):
        return OrganizationFactory(payer=True)


@pytest.fixture
def biller() -> Any:
    with acting_as("system", "test"):
        return UserFactory()


def cover(insurer: Any, **more: Any) -> Coverage:
    with acting_as("system", "test"):
        values = {"member_id": "W-100", "effective_from": TODAY - timedelta(days=30), **more}
        coverage: Coverage = CoverageFactory(person__organization=insurer, **values)
    return coverage


def ask(biller: Any, insurer: Any, member_id: str = "w100", on: date = TODAY) -> InForce:
    with acting_as("provider", user=biller, organization=biller.organization):
        return check_coverage(payer=insurer, member_id=member_id, on=on, by=biller)


def test_in_force_today(biller: Any, insurer: Any) -> None:
    cover(insurer)
    assert ask(biller, insurer) == InForce.YES


@pytest.mark.parametrize("on", [TODAY - timedelta(days=31), TODAY + timedelta(days=6)])
def test_before_and_after(biller: Any, insurer: Any, on: date) -> None:
    cover(insurer, effective_to=TODAY + timedelta(days=5))
    assert ask(biller, insurer, on=on) == InForce.NO
    assert ask(biller, insurer, on=TODAY + timedelta(days=5)) == InForce.YES


def test_a_coverage_that_the_payer_did_not_find_is_not_in_force(biller: Any, insurer: Any) -> None:
    coverage = cover(insurer)
    with acting_as("system", "test"):
        coverage.verification, coverage.verified_at = "not_found", timezone.now()
        coverage.verified_by = UserFactory(organization=insurer)
        coverage.touch("verification", "verified_at", "verified_by")
    assert ask(biller, insurer) == InForce.NO


def test_unknown_to_this_payer(biller: Any, insurer: Any) -> None:
    with acting_as("system", "test"):
        CoverageFactory(member_id="W-100")
    assert ask(biller, insurer) == InForce.UNKNOWN


def test_the_question_is_recorded_with_the_person_it_asks_about(biller: Any, insurer: Any) -> None:
    ask(biller, insurer, "W-999")
    with acting_as("auditor", organization=biller.organization):
        access = Access.objects.get()
    assert (access.action, access.subject_id, access.actor_id) == (
        "eligibility_checked",
        insurer.pk,
        biller.pk,
    )
    assert access.person_bidx == phi.blind_index("member_id", insurer.pk, "w999").value


def test_thirty_questions_a_minute(biller: Any, insurer: Any) -> None:
    for _ in range(30):
        ask(biller, insurer)
    # Should a minute have turned since, the count began anew: then at most thirty more come first.
    with pytest.raises(Refusal) as caught:
        ask_many(biller, insurer, 31)
    assert caught.value.code == "too_many"


def ask_many(biller: Any, insurer: Any, times: int) -> None:
    for _ in range(times):
        ask(biller, insurer)


def test_the_count_is_a_persons_own(biller: Any, insurer: Any) -> None:
    with acting_as("system", "test"):
        colleague = UserFactory(organization=biller.organization)
    for _ in range(20):
        ask(biller, insurer)
        ask(colleague, insurer)


def test_only_providers_and_the_system_may_ask(insurer: Any) -> None:
    for kind in ("payer", "admin", "auditor", "anonymous", "login"):
        with forbidden(), acting_as(kind, organization=insurer), connection.cursor() as cursor:
            cursor.execute("SELECT members.coverage_in_force(%s, %s, %s)", [insurer.pk, "0" * 32, TODAY])
    with acting_as("system", "test"), connection.cursor() as cursor:
        cursor.execute("SELECT members.coverage_in_force(%s, %s, %s)", [insurer.pk, "0" * 32, TODAY])
        assert cursor.fetchone()[0] == "unknown"
