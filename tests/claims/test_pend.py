"""A claim that waits, and how it comes back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.enums import Action
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Refusal
from claims.actions.pend import pend as pend_claim
from claims.actions.pend import resume_due
from claims.enums import PendReason
from claims.models import Assignment, Claim, Hold, Proposal
from tests.claims.desk_cast import Desk, make_desk

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def pend(cast: Desk, claim: Claim, **data: Any) -> Any:
    data = {"reasons": ["records_needed"], "until": in_days(3), **data}
    return cast.client().post(reverse("payer:pend", args=[claim.pk]), data)


def in_days(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def test_it_waits_for_the_provider_and_the_clock_pauses(cast: Desk) -> None:
    claim = cast.taken()
    answer = pend(cast, claim, note="The operative report is missing.")
    assert answer.status_code == 302
    waiting = cast.now(claim)
    assert (waiting.state, waiting.turn, waiting.clock) == ("pended", "provider", "paused")
    with acting_as("system", "test"):
        hold = Hold.objects.get(claim=claim)
        assert not Assignment.objects.exists()
    assert phi.value(hold, "note") == "The operative report is missing."
    page = cast.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert "medical records are needed" in page
    assert "Resume review" in page


def test_a_check_of_the_payers_own_leaves_the_clock_running(cast: Desk) -> None:
    claim = cast.taken()
    pend(cast, claim, reasons=["pricing"], until="", no_timer_because="The contract team answers.")
    waiting = cast.now(claim)
    assert (waiting.state, waiting.turn, waiting.clock) == ("pended", "payer", "running")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reasons": []}, "Choose at least one reason to pend."),
        ({"until": ""}, "Set a day on which the claim comes back, or say below why there is none."),
        ({"until": in_days(0)}, "Enter a day after today."),
        ({"until": "soon"}, "Enter a date such as"),
        ({"reasons": ["boredom"]}, "Select a valid choice"),
    ],
)
def test_it_says_what_is_missing(cast: Desk, data: dict[str, Any], sentence: str) -> None:
    claim = cast.taken()
    answer = pend(cast, claim, **data, note="typed already")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert "typed already" in page
    assert cast.now(claim).state == "in_review"


def test_pending_from_the_desk_keeps_what_was_typed(cast: Desk) -> None:
    claim = cast.taken()
    answer = cast.client().post(
        reverse("payer:decide", args=[claim.pk]),
        {"press": "pend", "version": "0", "explanation": "typed before the pend"},
    )
    assert answer["Location"] == reverse("payer:pend", args=[claim.pk])
    assert cast.client().get(answer["Location"]).status_code == 200
    with acting_as("system", "test"):
        assert phi.value(Proposal.objects.get(), "content")["explanation"] == "typed before the pend"


def test_twice_is_harmless(cast: Desk) -> None:
    claim = cast.taken()
    pend(cast, claim)
    assert pend(cast, claim).status_code == 302
    with acting_as("system", "test"):
        assert Hold.objects.count() == 1
    assert len(cast.events(claim, Action.CLAIM_PENDED)) == 1


def test_only_what_is_on_the_own_desk_is_pended(cast: Desk) -> None:
    for claim in (cast.claim(), cast.taken(cast.other)):
        before = claim.state if claim.state != "received" else cast.now(claim).state
        assert pend(cast, claim).status_code == 302
        assert cast.now(claim).state == before or cast.now(claim).state == "in_review"
        answer = cast.client().get(reverse("payer:pend", args=[claim.pk]), follow=True)
        assert "not on your desk" in answer.content.decode()


def test_the_action_alone_wants_reason_and_timer(cast: Desk) -> None:
    claim = cast.taken()
    for values in ({"reasons": [], "until": timezone.now()}, {"reasons": [PendReason.OTHER]}):
        with (
            acting_as("payer", user=cast.adjudicator, organization=cast.payer),
            pytest.raises(Refusal),
        ):
            pend_claim(claim_id=claim.pk, by=cast.adjudicator, **values)


def test_resume_brings_it_to_the_own_desk(cast: Desk) -> None:
    claim = cast.taken()
    pend(cast, claim)
    client = cast.client(cast.other)
    client.post(reverse("payer:resume", args=[claim.pk]))
    assert cast.now(claim).state == "in_review"
    with acting_as("system", "test"):
        assert Assignment.objects.get(claim=claim).adjudicator_id == cast.other.pk
        hold = Hold.objects.get(claim=claim)
    assert hold.resolved_by_id == cast.other.pk
    answer = client.post(reverse("payer:resume", args=[claim.pk]), follow=True)
    assert "because the claim is now in review" in answer.content.decode()
    assert len(cast.events(claim, Action.CLAIM_RESUMED)) == 1


def test_its_timer_brings_it_back(cast: Desk) -> None:
    claim, waiting = cast.taken(), cast.taken()
    pend(cast, claim)
    pend(cast, waiting)
    with acting_as("system", "test"):
        Hold.objects.filter(claim=claim).update(until=timezone.now() - timedelta(minutes=1))
        assert resume_due() == 1
        assert resume_due() == 0
        assert Assignment.objects.get().adjudicator_id == cast.adjudicator.pk
    assert (cast.now(claim).state, cast.now(waiting).state) == ("in_review", "pended")
