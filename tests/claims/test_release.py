"""Back to the queue: by hand, or by the clock."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.enums import Action
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claims.actions.release import expire_leases
from claims.models import Assignment, Claim, PayerNote
from tests.claims.desk_cast import Desk, make_desk

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def release(cast: Desk, claim: Claim, **data: str) -> Any:
    return cast.client().post(
        reverse("payer:release", args=[claim.pk]), {"why": "end_of_shift", **data}, follow=True
    )


def test_it_waits_again_and_keeps_why(cast: Desk) -> None:
    claim = cast.taken()
    assert "is back in the queue" in release(cast, claim, words="Back on Monday.").content.decode()
    assert cast.now(claim).state == "received"
    with acting_as("system", "test"):
        assert not Assignment.objects.exists()
        assert phi.value(PayerNote.objects.get(), "body") == "My shift ends. Back on Monday."
    assert [event.new_status for event in cast.events(claim, Action.CLAIM_RELEASED)] == ["received"]


def test_it_wants_a_reason(cast: Desk) -> None:
    claim = cast.taken()
    assert "Choose why you release the claim." in release(cast, claim, why="").content.decode()
    assert cast.now(claim).state == "in_review"


def test_twice_is_harmless_and_others_claims_stay(cast: Desk) -> None:
    claim, others = cast.taken(), cast.taken(cast.other)
    release(cast, claim)
    assert "not on your desk any more" in release(cast, claim).content.decode()
    assert "Somebody else works on this claim now." in release(cast, others).content.decode()
    assert cast.now(others).state == "in_review"
    assert len(cast.events(claim, Action.CLAIM_RELEASED)) == 1


def test_the_clock_gives_claims_back(cast: Desk) -> None:
    late, held = cast.taken(), cast.taken(cast.other)
    with acting_as("system", "test"):
        Assignment.objects.filter(claim=late).update(until=timezone.now() - timedelta(minutes=1))
        assert expire_leases() == 1
        assert expire_leases() == 0
    assert (cast.now(late).state, cast.now(held).state) == ("received", "in_review")
    assert len(cast.events(late, Action.LEASE_EXPIRED)) == 1
