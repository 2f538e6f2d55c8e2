"""Withdrawing: before a decision, by the provider, and the payer's hold follows."""

import pytest

from audit.models import Event
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden, WrongState
from claims.actions.close_holds import close_holds
from claims.actions.withdraw import withdraw
from claims.models import Claim, Hold
from tests.claims.cast import make_cast
from tests.factories.claims import ClaimFactory, HoldFactory
from tests.harness import admin_connection
from tests.signed_in import client_of, make_user

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db):
    return make_cast()


def claim_in(cast, state, **more):
    with acting_as("system", "test"):
        return ClaimFactory(
            provider=cast.clinic, payer=cast.insurer, submitted_by=cast.biller, state=state, **more
        )


def as_biller(cast):
    return acting_as("provider", user=cast.biller, organization=cast.clinic)


@pytest.mark.parametrize("state", ["received", "pended"])
def test_it_works_before_a_decision(cast, state):
    claim = claim_in(cast, state)
    with as_biller(cast):
        withdraw(claim=claim, by=cast.biller)
        claim = Claim.objects.get(pk=claim.pk)
        event = Event.objects.about("claim", claim.pk).last()
    assert (claim.state, claim.public_status, claim.turn, claim.clock) == ("voided", None, "none", "stopped")
    assert (event.action, event.old_status, event.new_status) == ("claim_withdrawn", state, "voided")


@pytest.mark.parametrize("state", ["in_review", "rejected", "voided"])
def test_it_is_refused_in_another_state(cast, state):
    claim = claim_in(cast, state)
    with pytest.raises(WrongState), as_biller(cast):
        withdraw(claim=claim, by=cast.biller)


def test_a_person_without_the_right_is_refused(cast):
    claim = claim_in(cast, "received")
    person = make_user("provider", "Organization administrator", organization=cast.clinic)
    with pytest.raises(Forbidden), acting_as("provider", user=person, organization=cast.clinic):
        withdraw(claim=claim, by=person)


def test_the_hold_is_closed_by_a_job_of_the_system(cast):
    claim = claim_in(cast, "pended")
    with acting_as("system", "test"):
        hold = HoldFactory(claim=claim)
    with as_biller(cast):
        withdraw(claim=claim, by=cast.biller)
    with admin_connection() as admin:
        jobs = admin.execute("SELECT task_name, args FROM procrastinate_jobs").fetchall()
    assert jobs == [("close_holds", {"claim_id": str(claim.pk)})]
    with acting_as("system", "close_holds"):
        assert close_holds(claim_id=claim.pk) == 1
        assert close_holds(claim_id=claim.pk) == 0
        assert Hold.objects.get(pk=hold.pk).resolved_at


def test_a_hold_of_a_claim_that_still_waits_is_left_alone(cast):
    claim = claim_in(cast, "pended")
    with acting_as("system", "test"):
        HoldFactory(claim=claim)
        assert close_holds(claim_id=claim.pk) == 0


def test_the_page_asks_first_then_does_it(cast):
    claim = claim_in(cast, "received")
    client = client_of(cast.biller)
    url = f"/claims/{claim.pk}/withdraw/"
    assert "Take this claim back from Acme Health?" in client.get(url).content.decode()
    answer = client.post(url, follow=True)
    assert f"Claim {claim.claim_number} was withdrawn." in answer.content.decode()
    again = client.post(url, follow=True)
    assert "the claim is now voided" in again.content.decode()
    assert "can no longer be withdrawn" in client.get(url, follow=True).content.decode()
