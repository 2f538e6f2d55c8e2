"""The claim page: what was decided and why, in words, with names for the own side alone."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Access
from claimflow.lib.db.context import acting_as
from claims.models import Claim
from tests.claims.cast import make_cast
from tests.factories.claims import ClaimFactory, decide
from tests.signed_in import client_of, make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db):
    return make_cast()


@pytest.fixture
def client(cast):
    return client_of(cast.biller)


def page_of(client, claim):
    html = client.get(f"/claims/{claim.pk}/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main>")[0]))


def decided(cast, claim, outcome):
    adjudicator = make_user("payer", "Adjudicator", organization=cast.insurer)
    with acting_as("system", "test"):
        claim = Claim.objects.get(pk=claim.pk)
        decide(claim, by=adjudicator, outcome=outcome)
    return adjudicator


def test_a_waiting_claim_says_whose_turn_it_is_and_when_it_is_due(client, cast):
    claim = cast.submit(cast.entry(lines=(cast.line(procedure="X0001"),)))
    words = page_of(client, claim)
    for said in (
        claim.claim_number, "Received", "Payer's turn", "Due", "Okafor, Adaeze", "Acme Health", "$150.00",
        "A I10 Essential (primary) hypertension", "Submitted to Acme Health.", "Withdraw claim", "Pat ",
        "Priority set to Routine", "Member ID …3456",
    ):  # fmt: skip
        assert said.replace("'", "&#x27;") in words or said in words, (said, words)
    assert "AH00123456" not in words


def test_a_denial_is_explained(client, cast):
    claim = cast.submit()
    adjudicator = decided(cast, claim, "denied")
    words = page_of(client, claim)
    for said in (
        "Denied", "The service is not covered", "Not medically necessary for this diagnosis.", "CO-50",
        "The provider writes this off", "-150.00", "An adjudicator of Acme Health", "What to do next", "reconsideration",
    ):  # fmt: skip
        assert said in words, said
    assert adjudicator.last_name not in words
    assert "Withdraw" not in words


def test_an_approval_says_what_to_post_and_what_the_patient_owes(client, cast):
    claim = cast.submit()
    decided(cast, claim, "approved")
    words = page_of(client, claim)
    assert "Post $119.00 from Acme Health." in words
    assert "Bill the patient for $1.00, and no more." in words
    assert "CO-45" in words


def test_the_page_is_recorded_with_the_person(client, cast):
    claim = cast.submit()
    page_of(client, claim)
    with acting_as("auditor"):
        row = Access.objects.get(action="claim_viewed")
    assert (row.subject_id, row.actor_id, row.person_bidx) == (claim.pk, cast.biller.pk, claim.member_bidx)


def test_strangers_get_404_and_colleagues_without_the_right_403(cast):
    claim = cast.submit()
    outsider = client_of(make_user("provider", "Biller", organization=make_organization("provider")))
    colleague = client_of(make_user("provider", "Organization administrator", organization=cast.clinic))
    other_payer = client_of(make_user("payer", "Adjudicator", organization=make_organization("payer")))
    for page, method in (("", "get"), ("withdraw/", "get"), ("withdraw/", "post"), ("correct/", "post")):
        url = f"/claims/{claim.pk}/{page}"
        assert getattr(outsider, method)(url).status_code == 404, url
        assert getattr(other_payer, method)(url).status_code == 404, url
        assert getattr(colleague, method)(url).status_code == 403, url
        assert getattr(outsider, method)(f"/claims/{uuid4()}/{page}").status_code == 404
    assert outsider.get("/claims/not-a-claim/").status_code == 404
    assert client_of(cast.biller).post(f"/claims/{claim.pk}/").status_code == 405


def test_the_payers_people_have_no_provider_page(cast):
    claim = cast.submit()
    payer = client_of(make_user("payer", "Adjudicator", organization=cast.insurer))
    assert payer.get(f"/claims/{claim.pk}/").status_code == 404


def test_the_page_costs_the_same_for_1_and_50_lines(client, cast):
    counts = []
    for lines in (1, 50):
        claim = cast.submit(
            cast.entry(lines=tuple(cast.line(charge=Decimal(100 + at)) for at in range(lines)))
        )
        decided(cast, claim, "approved")
        page_of(client, claim)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, claim)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 35, counts


def test_a_rejected_claim_is_corrected_from_its_page(client, cast):
    with acting_as("system", "test"):
        claim = ClaimFactory(
            provider=cast.clinic,
            payer=cast.insurer,
            submitted_by=cast.biller,
            state="rejected",
            plan=cast.plan,
        )
    assert "Correct and send again" in page_of(client, claim)
    draft = client.post(f"/claims/{claim.pk}/correct/").url
    html = client.get(draft).content.decode()
    assert f"Correct {claim.claim_number}" in html


def test_a_claim_that_was_not_rejected_is_not_copied(client, cast):
    claim = cast.submit()
    answer = client.post(f"/claims/{claim.pk}/correct/", follow=True)
    assert "Only a rejected claim can be corrected" in answer.content.decode()
