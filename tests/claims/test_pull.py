"""From the queue to a desk: next, take, and nobody twice."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.enums import Action
from claimflow.lib.db.context import acting_as
from claims.actions.pull import pick, pull
from claims.models import Assignment, Claim
from claims.policies import MAX_IN_HAND
from tests.claims.desk_cast import Desk, make_desk
from tests.claims.test_decide import at_once
from tests.factories.claims import ClaimFactory
from tests.signed_in import make_user

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def holder(claim: Claim) -> Any:
    with acting_as("system", "test"):
        return Assignment.objects.filter(claim=claim).values_list("adjudicator", flat=True).first()


def expire(claim: Claim) -> None:
    with acting_as("system", "test"):
        Assignment.objects.filter(claim=claim).update(until=timezone.now() - timedelta(minutes=1))


def test_next_takes_the_most_urgent_then_the_earliest_due(cast: Desk) -> None:
    now = timezone.now()
    late = cast.claim(priority="standard", due_at=now + timedelta(hours=2))
    soon = cast.claim(priority="standard", due_at=now + timedelta(hours=1))
    urgent = cast.claim(priority="urgent", due_at=now + timedelta(days=5))
    client = cast.client()
    order = [client.post(reverse("payer:next"))["Location"] for _claim in range(3)]
    assert order == [reverse("payer:desk", args=[claim.pk]) for claim in (urgent, soon, late)]
    taken = cast.now(urgent)
    assert (taken.state, taken.turn, taken.clock) == ("in_review", "payer", "running")
    assert holder(urgent) == cast.adjudicator.pk
    assert [event.new_status for event in cast.events(urgent, Action.CLAIM_PULLED)] == ["in_review"]


def test_an_empty_queue_says_so(cast: Desk) -> None:
    answer = cast.client().post(reverse("payer:next"), follow=True)
    assert "Nothing is waiting." in answer.content.decode()


def test_next_refuses_get_and_people_without_the_right(cast: Desk) -> None:
    cast.claim()
    assert cast.client().get(reverse("payer:next")).status_code == 405
    for who in (cast.colleague, cast.biller):
        assert cast.client(who).post(reverse("payer:next")).status_code == 403


def test_next_never_reaches_another_payer(cast: Desk) -> None:
    cast.claim()
    answer = cast.client(cast.outsider).post(reverse("payer:next"), follow=True)
    assert "Nothing is waiting." in answer.content.decode()


def test_a_full_desk_says_so(cast: Desk) -> None:
    for _claim in range(MAX_IN_HAND + 1):
        cast.claim()
    client = cast.client()
    for _claim in range(MAX_IN_HAND):
        client.post(reverse("payer:next"))
    answer = client.post(reverse("payer:next"), follow=True)
    assert f"You have {MAX_IN_HAND} claims in hand." in answer.content.decode()


def test_take_is_harmless_twice_and_renews_the_lease(cast: Desk) -> None:
    claim = cast.taken()
    with acting_as("system", "test"):
        first = Assignment.objects.get(claim=claim).until
    cast.client().post(reverse("payer:take", args=[claim.pk]))
    with acting_as("system", "test"):
        assert Assignment.objects.get(claim=claim).until > first
    assert len(cast.events(claim, Action.CLAIM_PULLED)) == 1


def test_somebody_else_was_faster(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    answer = cast.client().post(reverse("payer:take", args=[claim.pk]), follow=True)
    assert answer.status_code == 200
    assert "Somebody else works on this claim now." in answer.content.decode()
    assert holder(claim) == cast.other.pk


def test_a_decided_claim_is_not_taken(cast: Desk) -> None:
    claim = cast.taken()
    cast.client().post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    answer = cast.client(cast.other).post(reverse("payer:take", args=[claim.pk]), follow=True)
    assert "because the claim is now approved" in answer.content.decode()


def test_an_expired_lease_is_taken_over_by_next_and_by_take(cast: Desk) -> None:
    for url in (lambda claim: reverse("payer:next"), lambda claim: reverse("payer:take", args=[claim.pk])):
        claim = cast.taken(cast.other)
        expire(claim)
        cast.client().post(url(claim))
        assert holder(claim) == cast.adjudicator.pk
        assert len(cast.events(claim, Action.CLAIM_ASSIGNED)) == 1
        answer = cast.client(cast.other).post(
            reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"}, follow=True
        )
        assert "Somebody else works on this claim now." in answer.content.decode()


def test_sixteen_adjudicators_pull_and_no_claim_goes_to_two(cast: Desk) -> None:
    with acting_as("system", "test"):
        for _claim in range(40):
            ClaimFactory(payer=cast.payer, provider=cast.clinic, lines=[{"charge": Decimal("10.00")}])
    people = [make_user("payer", "Adjudicator", organization=cast.payer) for _person in range(16)]

    def pulling(person: Any) -> list[Any]:
        got = []
        for _turn in range(4):
            with acting_as("payer", user=person, organization=cast.payer):
                claim = pull(by=person)
            got.append(claim and claim.pk)
        return got

    results = at_once(*(lambda person=person: pulling(person) for person in people))
    taken = [claim for result in results for claim in result if claim]
    assert len(taken) == 40
    assert len(set(taken)) == 40
    with acting_as("system", "test"):
        assert Assignment.objects.count() == 40
        assert not Claim.objects.filter(payer=cast.payer, state="received").exists()


def test_two_take_the_same_claim_and_one_is_told(cast: Desk) -> None:
    claim = cast.claim()

    def taking(person: Any) -> Any:
        with acting_as("payer", user=person, organization=cast.payer):
            return pick(claim_id=claim.pk, by=person)

    results = at_once(lambda: taking(cast.adjudicator), lambda: taking(cast.other))
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert [result.code for result in results if not isinstance(result, Claim)] == ["taken"]
