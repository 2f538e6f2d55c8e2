"""A supervisor gives a claim to a colleague: who may, to whom, and what the trail keeps."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.enums import Action
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden, Refusal
from claims.actions.assign import assign
from claims.actions.pull import pull
from claims.models import Assignment, Claim
from claims.policies import MAX_IN_HAND
from claims.workflow import DECIDED
from tests.claims.desk_cast import WHY, Desk, make_desk
from tests.claims.test_decide import at_once
from tests.claims.test_pull import expire, holder
from tests.factories.claims import lease
from tests.signed_in import make_user

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def give(
    cast: Desk, claim: Claim, to: Any, *, instead_of: User | None = None, by: User | None = None, **more: Any
) -> Any:
    data = {
        "adjudicator": str(getattr(to, "pk", to)),
        "instead_of": str(instead_of.pk) if instead_of else "",
        **more,
    }
    return cast.client(by or cast.supervisor).post(
        reverse("payer:assign", args=[claim.pk]), data, follow=True
    )


def page_of(cast: Desk, claim: Claim, who: User) -> str:
    return cast.client(who).get(reverse("payer:desk", args=[claim.pk])).content.decode()


def decided(cast: Desk, outcome: str) -> Claim:
    claim = cast.taken()
    typed = {"press": "send", "version": "0"}
    if outcome == "denied":
        typed |= {"press": "deny", "denial_reason": "not_covered", "explanation": WHY}
    cast.client().post(reverse("payer:decide", args=[claim.pk]), typed)
    assert cast.now(claim).state == outcome
    return claim


# --- It works --------------------------------------------------------------------------------------------------


def test_a_waiting_claim_goes_to_a_colleagues_desk(cast: Desk) -> None:
    claim = cast.claim()
    answer = give(cast, claim, cast.adjudicator)
    assert answer.redirect_chain[0][0] == reverse("payer:queue")
    assert f"was assigned to {cast.adjudicator.full_name}." in answer.content.decode()
    now = cast.now(claim)
    assert (now.state, now.turn, now.clock) == ("in_review", "payer", "running")
    with acting_as("system", "test"):
        own = Assignment.objects.get(claim=claim)
    assert (own.adjudicator_id, own.assigned_by_id) == (cast.adjudicator.pk, cast.supervisor.pk)
    assert own.until > timezone.now()
    assert 'name="lines-0-allowed"' in page_of(cast, claim, cast.adjudicator)


def test_it_leaves_its_event_with_the_colleague_by_id(cast: Desk) -> None:
    claim = cast.claim()
    give(cast, claim, cast.adjudicator)
    [event] = cast.events(claim, Action.CLAIM_ASSIGNED)
    assert (event.old_status, event.new_status) == ("received", "in_review")
    assert event.actor_id == cast.supervisor.pk
    assert event.details == {"adjudicator": str(cast.adjudicator.pk)}
    assert f"Assigned for review to {cast.adjudicator.full_name}." in page_of(cast, claim, cast.supervisor)


def test_the_provider_reads_that_it_was_assigned_but_not_to_whom(cast: Desk) -> None:
    claim = cast.claim()
    give(cast, claim, cast.adjudicator)
    page = cast.client(cast.biller).get(reverse("claims:detail", args=[claim.pk])).content.decode()
    assert "Assigned for review." in page
    assert cast.adjudicator.full_name not in page


def test_a_claim_of_one_colleague_goes_to_another(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    give(cast, claim, cast.adjudicator, instead_of=cast.other)
    assert holder(claim) == cast.adjudicator.pk
    [event] = cast.events(claim, Action.CLAIM_ASSIGNED)
    assert (event.old_status, event.new_status) == ("in_review", "in_review")
    assert event.details == {
        "adjudicator": str(cast.adjudicator.pk),
        "earlier_adjudicator": str(cast.other.pk),
    }
    answer = cast.client(cast.other).post(
        reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"}, follow=True
    )
    assert "Somebody else works on this claim now." in answer.content.decode()


def test_a_supervisor_gives_away_and_keeps_her_own(cast: Desk) -> None:
    claim = cast.claim()
    give(cast, claim, cast.supervisor)
    assert holder(claim) == cast.supervisor.pk
    give(cast, claim, cast.adjudicator, instead_of=cast.supervisor)
    assert holder(claim) == cast.adjudicator.pk


def test_whoever_takes_a_claim_over_is_not_named_twice(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    cast.client(cast.supervisor).post(reverse("payer:take", args=[claim.pk]))
    assert "Assigned for review." in page_of(cast, claim, cast.supervisor)


def test_an_expired_lease_is_no_hindrance(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    expire(claim)
    give(cast, claim, cast.adjudicator, instead_of=cast.other)
    assert holder(claim) == cast.adjudicator.pk
    with acting_as("system", "test"):
        assert Assignment.objects.get(claim=claim).until > timezone.now() + timedelta(minutes=1)


def test_whoever_was_given_a_claim_works_on_it_like_on_her_own(cast: Desk) -> None:
    claim = cast.claim()
    give(cast, claim, cast.adjudicator)
    client, url = cast.client(), reverse("payer:decide", args=[claim.pk])
    assert client.post(reverse("payer:take", args=[claim.pk])).status_code == 302
    assert client.post(url, {"press": "save", "version": "0"}, follow=True).status_code == 200
    client.post(url, {"press": "send", "version": "1"})
    assert cast.now(claim).state == "approved"


def test_a_claim_is_assigned_to_whoever_took_it(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    assert "was assigned to" in give(cast, claim, cast.other).content.decode()
    assert holder(claim) == cast.other.pk
    assert not cast.events(claim, Action.CLAIM_ASSIGNED)


def test_twice_is_harmless(cast: Desk) -> None:
    claim = cast.claim()
    for _turn in range(2):
        assert "was assigned to" in give(cast, claim, cast.adjudicator).content.decode()
    assert holder(claim) == cast.adjudicator.pk
    assert len(cast.events(claim, Action.CLAIM_ASSIGNED)) == 1


# --- The page ----------------------------------------------------------------------------------------------------


def test_the_desk_offers_colleagues_with_what_they_hold(cast: Desk) -> None:
    cast.taken(cast.other)
    claim = cast.claim()
    page = page_of(cast, claim, cast.supervisor)
    assert "Assign to" in page
    assert f"{cast.other.full_name}, 1 claim in hand</option>" in page
    assert f"{cast.adjudicator.full_name}, 0 claims in hand</option>" in page
    assert f'value="{cast.supervisor.pk}"' in page
    assert f'value="{cast.colleague.pk}"' not in page
    assert f'value="{cast.outsider.pk}"' not in page


def test_whoever_has_it_is_not_offered_again(cast: Desk) -> None:
    page = page_of(cast, cast.taken(cast.other), cast.supervisor)
    assert f'<option value="{cast.other.pk}"' not in page
    assert f'name="instead_of" value="{cast.other.pk}"' in page


def test_a_supervisor_can_assign_the_claim_on_her_own_desk(cast: Desk) -> None:
    page = page_of(cast, cast.taken(cast.supervisor), cast.supervisor)
    assert page.count("Assign claim</button>") == 1


def test_the_desk_offers_it_to_supervisors_alone_and_only_before_a_decision(cast: Desk) -> None:
    assert "Assign to" not in page_of(cast, cast.claim(), cast.adjudicator)
    assert "Assign to" not in page_of(cast, decided(cast, "denied"), cast.supervisor)


# --- It is refused -------------------------------------------------------------------------------------------------


def test_it_refuses_get(cast: Desk) -> None:
    claim = cast.claim()
    assert cast.client(cast.supervisor).get(reverse("payer:assign", args=[claim.pk])).status_code == 405


def test_a_stranger_finds_nothing(cast: Desk) -> None:
    stranger = make_user("payer", "Supervisor", organization=cast.outsider.organization)
    claim = cast.claim()
    assert give(cast, claim, cast.adjudicator, by=stranger).status_code == 404
    assert holder(claim) is None


@pytest.mark.parametrize("who", ["adjudicator", "colleague", "biller"])
def test_without_the_right_it_is_refused(cast: Desk, who: str) -> None:
    claim = cast.claim()
    assert give(cast, claim, cast.other, by=getattr(cast, who)).status_code == 403
    assert holder(claim) is None


@pytest.mark.parametrize("who", ["outsider", "colleague", "biller"])
def test_only_people_who_work_the_queue_here_are_given_claims(cast: Desk, who: str) -> None:
    claim, person = cast.claim(), getattr(cast, who)
    assert "Nobody was assigned." in give(cast, claim, person).content.decode()
    with (
        acting_as("payer", user=cast.supervisor, organization=cast.payer),
        pytest.raises(Refusal) as refused,
    ):
        assign(claim_id=claim.pk, adjudicator=person, by=cast.supervisor)
    assert refused.value.code == "not_a_worker"
    assert cast.now(claim).state == "received"


def test_nobody_who_has_left_is_given_claims(cast: Desk) -> None:
    claim = cast.claim()
    with acting_as("system", "test"):
        User.objects.filter(pk=cast.other.pk).update(is_active=False)
    assert "Nobody was assigned." in give(cast, claim, cast.other).content.decode()
    assert cast.other.full_name not in page_of(cast, claim, cast.supervisor)


@pytest.mark.parametrize("typed", ["", "nobody", "00000000-0000-0000-0000-000000000000"])
def test_a_choice_that_is_none_is_refused(cast: Desk, typed: str) -> None:
    claim = cast.claim()
    assert "Nobody was assigned." in give(cast, claim, typed).content.decode()
    assert cast.now(claim).state == "received"


@pytest.mark.parametrize("state", ["approved", "denied", "pended", "voided"])
def test_in_a_wrong_state_it_is_refused(cast: Desk, state: str) -> None:
    claim = decided(cast, state) if state in DECIDED else cast.claim(state=state)
    assert "This step was not done" in give(cast, claim, cast.adjudicator).content.decode()
    assert cast.now(claim).state == state
    assert not cast.events(claim, Action.CLAIM_ASSIGNED)


def test_a_full_desk_gets_no_more(cast: Desk) -> None:
    claim = cast.claim()
    for _claim in range(MAX_IN_HAND):
        held = cast.claim(state="in_review")
        with acting_as("system", "test"):
            lease(held, cast.adjudicator)
    answer = give(cast, claim, cast.adjudicator).content.decode()
    assert f"{cast.adjudicator.full_name} has {MAX_IN_HAND} claims in hand, which is the limit." in answer
    assert cast.now(claim).state == "received"


def test_whoever_took_it_meanwhile_keeps_it(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    assert (
        "Somebody else took this claim after you opened it."
        in give(cast, claim, cast.adjudicator).content.decode()
    )
    assert holder(claim) == cast.other.pk


def test_the_action_asks_the_policy_itself(cast: Desk) -> None:
    claim = cast.claim()
    with acting_as("payer", user=cast.other, organization=cast.payer), pytest.raises(Forbidden):
        assign(claim_id=claim.pk, adjudicator=cast.adjudicator, by=cast.other)


def test_the_database_takes_no_lease_in_anothers_name(cast: Desk) -> None:
    """Whoever gives a claim to a colleague signs for it."""
    claim = cast.taken(cast.other)
    with acting_as("payer", user=cast.supervisor, organization=cast.payer):
        own = Assignment.objects.get(claim=claim)
        own.adjudicator, own.assigned_by = cast.adjudicator, cast.other
        with pytest.raises(ProgrammingError), transaction.atomic():
            own.save(update_fields=["adjudicator", "assigned_by"])


# --- At the same moment ----------------------------------------------------------------------------------------


def test_next_and_assign_at_once_and_one_wins(cast: Desk) -> None:
    def pulling() -> Any:
        with acting_as("payer", user=cast.other, organization=cast.payer):
            return pull(by=cast.other)

    for _turn in range(5):
        claim = cast.claim()

        def assigning(claim: Claim = claim) -> Any:
            with acting_as("payer", user=cast.supervisor, organization=cast.payer):
                return assign(claim_id=claim.pk, adjudicator=cast.adjudicator, by=cast.supervisor)

        pulled, assigned = at_once(pulling, assigning)
        if pulled is None:
            assert isinstance(assigned, Claim)
            assert holder(claim) == cast.adjudicator.pk
        else:
            assert assigned.code == "taken"
            assert holder(claim) == cast.other.pk
        with acting_as("system", "test"):
            assert Assignment.objects.filter(claim=claim).count() == 1
