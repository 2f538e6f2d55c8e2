"""How far a person decides alone: their own limit, the rule set's bound, and the second look above them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import User
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden
from claims.actions.authority import Reach, set_authority
from claims.models import Authority, Proposal, RuleSetInternal
from codes.enums import ProcedureCategory
from tests.claims.desk_cast import Desk, make_desk
from tests.factories.claims import RuleSetFactory, propose
from tests.signed_in import client_of, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def limit(person: User, most_paid: Decimal | None, by: User, *skills: ProcedureCategory) -> None:
    with acting_as("payer", user=by, organization=by.organization_id):
        set_authority(person=person, most_paid=most_paid, skills=skills, by=by)


def administrator_of(desk: Desk) -> User:
    return make_user("payer", "Organization administrator", organization=desk.payer)


def send(desk: Desk, claim: Any, by: User) -> Any:
    page = desk.client(by).get(reverse("payer:desk", args=[claim.pk]))
    form = dict(page.context["forms"].data)
    return desk.client(by).post(
        reverse("payer:decide", args=[claim.pk]), form | {"press": "send"}, follow=True
    )


@pytest.mark.parametrize(
    ("own", "alone", "paid", "second", "may"),
    [
        (None, None, 900, False, True),
        (500, 500, 500, False, True),
        (500, 500, 501, False, False),
        (500, 500, 501, True, False),
        (None, 300, 301, False, False),  # the rule set's bound
        (None, 300, 301, True, True),
        (500, 300, 400, True, True),
    ],
)
def test_what_holds_a_decision(own: Any, alone: Any, paid: int, second: bool, may: bool) -> None:
    reach = Reach(own and Decimal(own), alone and Decimal(alone))
    assert reach.holds(Decimal(paid), second=second) is may


def test_a_decision_above_the_limit_waits_for_a_second_person(desk: Desk) -> None:
    boss = administrator_of(desk)
    limit(desk.adjudicator, Decimal("10.00"), boss)
    limit(desk.other, Decimal("10.00"), boss)
    claim = desk.taken()
    assert (
        "You decide up to $10.00 alone."
        in desk.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    )
    page = send(desk, claim, desk.adjudicator).content.decode()
    assert "and you decide up to $10.00 alone. Nothing was decided yet" in page
    assert desk.now(claim).state == "in_review"
    assert (
        claim.claim_number
        in desk.client(desk.supervisor).get(reverse("payer:queue"), {"tab": "second"}).content.decode()
    )
    # A colleague with the same limit may look, and may not make it either.
    desk.client(desk.other).post(reverse("payer:take", args=[claim.pk]))
    assert "Nothing was decided yet" in send(desk, claim, desk.other).content.decode()
    desk.client(desk.supervisor).post(reverse("payer:take", args=[claim.pk]))
    assert "was approved" in send(desk, claim, desk.supervisor).content.decode()
    with acting_as("system", "test"):
        proposal = Proposal.objects.get(claim=claim)
    assert (proposal.state, proposal.proposer_id, proposal.reviewer_id) == (
        "decided",
        desk.other.pk,
        desk.supervisor.pk,
    )
    assert desk.now(claim).adjudicated_by_id == desk.supervisor.pk
    asked = desk.events(claim, "second_look_asked")
    assert [event.provider_id for event in asked] == [None, None]


def test_a_second_look_returns_it_with_what_to_change(desk: Desk) -> None:
    limit(desk.adjudicator, Decimal("10.00"), administrator_of(desk))
    claim = desk.taken()
    send(desk, claim, desk.adjudicator)
    back = reverse("payer:return", args=[claim.pk])
    desk.client(desk.supervisor).post(reverse("payer:take", args=[claim.pk]))
    assert desk.client(desk.supervisor).post(back, {"comment": ""}).status_code == 302
    answer = desk.client(desk.supervisor).post(
        back, {"comment": "Price line 1 at the fee schedule."}, follow=True
    )
    assert "went back" in answer.content.decode()
    page = desk.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert "Price line 1 at the fee schedule." in page
    assert desk.client().post(back, {"comment": "Mine."}, follow=True).status_code == 200
    assert len(desk.events(claim, "proposal_returned")) == 1


def test_the_rule_sets_bound_asks_for_two(desk: Desk) -> None:
    with acting_as("system", "test"):
        rules = RuleSetFactory(payer=desk.payer)
        RuleSetInternal(payer=desk.payer, rule_set=rules, authority={"second_look_above_cents": 1000}).save(
            force_insert=True
        )
    claim = desk.taken(rule_set=rules)
    assert "Nothing was decided yet" in send(desk, claim, desk.adjudicator).content.decode()
    desk.client(desk.other).post(reverse("payer:take", args=[claim.pk]))
    assert "was approved" in send(desk, claim, desk.other).content.decode()
    alone = desk.taken(rule_set=rules)
    with (
        pytest.raises(IntegrityError, match="needs a second person"),
        acting_as("payer", user=desk.adjudicator, organization=desk.payer),
    ):
        propose(desk.now(alone), by=desk.adjudicator, outcomes=["approved"], rule_set_id=rules.pk)


def test_the_database_holds_the_limit(desk: Desk) -> None:
    limit(desk.adjudicator, Decimal("10.00"), administrator_of(desk))
    claim = desk.taken()
    with (
        pytest.raises(IntegrityError, match="above the limit"),
        acting_as("payer", user=desk.adjudicator, organization=desk.payer),
    ):
        propose(desk.now(claim), by=desk.adjudicator, outcomes=["approved"])


def test_who_sets_a_limit(desk: Desk) -> None:
    boss = administrator_of(desk)
    url = reverse("payer:authority", args=[desk.adjudicator.pk])
    client = client_of(boss, is_fresh=True)
    assert client.get(url).status_code == 200
    assert url in client.get(reverse("accounts:person", args=[desk.adjudicator.pk])).content.decode()
    assert client.post(url, {"most_paid": "1,500", "skills": ["surgery"]}).status_code == 302
    with acting_as("system", "test"):
        stored = Authority.objects.get(user=desk.adjudicator)
    assert (stored.most_paid, stored.skills, stored.set_by_id) == (Decimal("1500.00"), ["surgery"], boss.pk)
    page = client.post(url, {"most_paid": "-1"})
    assert page.status_code == 200
    with pytest.raises(Forbidden):
        limit(boss, None, boss)
    with pytest.raises(Forbidden):
        limit(desk.adjudicator, None, desk.supervisor)
    with (
        pytest.raises(IntegrityError, match="not theirs to set"),
        acting_as("payer", user=desk.supervisor, organization=desk.payer),
    ):
        Authority.objects.filter(user=desk.adjudicator).update(most_paid=None, set_by=desk.supervisor)


def test_skills_are_hints(desk: Desk) -> None:
    boss = administrator_of(desk)
    others = [each for each in ProcedureCategory if each != ProcedureCategory.SURGERY]
    limit(desk.adjudicator, None, boss, *others)
    limit(desk.other, None, boss, ProcedureCategory.SURGERY)
    desk.claim()
    mine = desk.client().get(reverse("payer:queue"))
    theirs = desk.client(desk.other).get(reverse("payer:queue"))
    assert "Your skill" in mine.content.decode()
    assert "Your skill" not in theirs.content.decode()
    held = desk.taken()
    page = desk.client(desk.supervisor).get(reverse("payer:desk", args=[held.pk])).content.decode()
    assert "(Surgery)" in page
