"""The auditor asks the trail by a claim's number, and reads the number where the trail keeps an id."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from audit.actions import Seen, record, record_access
from audit.enums import Action, SubjectKind
from claimflow.lib.db.context import acting_as
from claims.models import Claim
from tests.factories.claims import ClaimFactory
from tests.signed_in import client_of, make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")

PAGES = ("/audit/", "/audit/reads/")


def claim_of(payer: Organization, clinic: Organization) -> Claim:
    """A claim with one event and one read."""
    with acting_as("system", "test"):
        claim: Claim = ClaimFactory(payer=payer, provider=clinic)
    someone = make_user("payer", "Adjudicator", organization=payer)
    with acting_as("payer", user=someone, organization=payer):  # so that one row already asks for both names
        sides = {"provider_id": clinic.pk, "payer_id": payer.pk}
        record(Action.CLAIM_RECEIVED, SubjectKind.CLAIM, claim.pk, **sides)
        record_access(Action.CLAIM_VIEWED, [Seen(SubjectKind.CLAIM, claim.pk, **sides)])
    return claim


@pytest.fixture
def payer() -> Organization:
    return make_organization("payer")


@pytest.fixture
def clinic() -> Organization:
    return make_organization()


def auditor_of(organization: Organization) -> Client:
    roles = {"payer": "Auditor", "provider": "Billing manager"}
    return client_of(make_user(organization.kind, roles[organization.kind], organization=organization))


def shown(client: Client, path: str, typed: str) -> list[uuid.UUID]:
    page = client.get(path, {"subject": typed})
    assert page.status_code == 200
    return [row.subject_id for row in page.context["rows"]]


@pytest.mark.parametrize("path", PAGES)
def test_a_claim_is_found_by_its_number_as_people_type_it(payer, clinic, path: str) -> None:
    wanted, _other = claim_of(payer, clinic), claim_of(payer, clinic)
    client = auditor_of(payer)
    for typed in (wanted.claim_number, f"  {wanted.claim_number.lower()} ", str(wanted.pk)):
        assert shown(client, path, typed) == [wanted.pk], typed
    text = client.get(path).content.decode()
    assert f'<a href="/audit/?subject={wanted.claim_number}">{wanted.claim_number}</a>' in text
    assert str(wanted.pk) not in text


@pytest.mark.parametrize("path", PAGES)
def test_a_number_that_is_not_found_is_told_and_stays(payer, clinic, path: str) -> None:
    """A stranger's claim is told in the same words as one that does not exist."""
    theirs = claim_of(make_organization("payer"), clinic)
    mine = claim_of(payer, clinic)
    client = auditor_of(payer)
    for typed in ("CLM-20261120-9999", theirs.claim_number, "Okafor", "<b>", "CLM-'"):
        page = client.get(path, {"subject": typed})
        assert page.context["rows"] == []
        (message,) = page.context["form"].errors["subject"]
        assert message.startswith("No claim of this number is in the trail that you may read.")
        assert page.context["form"]["subject"].value() == typed
    assert shown(client, path, mine.claim_number) == [mine.pk]
    assert client.get(path, {"subject": "x" * 65}).context["rows"] == []


def test_both_sides_and_the_platform_find_their_claims(payer, clinic) -> None:
    claim = claim_of(payer, clinic)
    platform = client_of(make_user("admin", "Auditor"))
    for client in (auditor_of(payer), auditor_of(clinic), platform):
        assert shown(client, "/audit/", claim.claim_number) == [claim.pk]


@pytest.mark.parametrize("path", PAGES)
def test_fifty_rows_cost_what_one_costs(payer, clinic, path: str) -> None:
    client = auditor_of(payer)

    def cost(**typed: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, typed).status_code == 200
        return len(queries)

    first = claim_of(payer, clinic)
    cost()
    one, one_asked = cost(), cost(subject=first.claim_number)
    with acting_as("payer", organization=payer):
        sides = {"provider_id": clinic.pk, "payer_id": payer.pk}
        for _ in range(49):
            record(Action.NOTE_ADDED, SubjectKind.CLAIM, first.pk, **sides)
            record_access(Action.CLAIM_VIEWED, [Seen(SubjectKind.CLAIM, first.pk, **sides)])
    for _ in range(3):
        claim_of(payer, clinic)
    assert len(client.get(path, {"subject": first.claim_number}).context["rows"]) == 50
    assert cost() == one
    assert cost(subject=first.claim_number) == one_asked == one + 1
