"""A decision is told to the provider by a job, after the fact and once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimflow.lib.db.context import acting_as
from claims.models import Claim
from engagement.actions.tell import mark_read, tell_decision
from engagement.models import Notice
from tests.claims.desk_cast import Desk, make_desk
from tests.signed_in import client_of, make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


@pytest.fixture
def decided(cast: Desk) -> Claim:
    return _decided(cast)


def _decided(cast: Desk) -> Claim:
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}])
    answer = cast.client().post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    assert answer.status_code == 302
    return claim


def reader_of(claim: Claim, *roles: str):
    with acting_as("system", "test"):
        provider = type(claim).objects.select_related("provider").get(pk=claim.pk).provider
    return make_user("provider", *(roles or ("Biller",)), organization=provider)


def tell(claim: Claim) -> Notice | None:
    with acting_as("system", "tell_decision"):
        return tell_decision(claim_id=claim.pk)


def queued() -> list[tuple[str, dict[str, str]]]:
    from tests.harness import admin_connection

    with admin_connection() as admin:
        return admin.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id").fetchall()


def test_a_decision_puts_the_job_into_the_queue_with_ids_only(decided: Claim) -> None:
    assert ("tell_decision", {"claim_id": str(decided.pk)}) in queued()


def test_it_is_told_once(decided: Claim) -> None:
    first, second = tell(decided), tell(decided)
    assert first is not None
    assert first == second
    assert first.kind == "claim_approved"
    assert first.organization_id == decided.provider_id


def test_an_undecided_claim_has_no_notice(cast: Desk) -> None:
    assert tell(cast.taken(lines=[{"charge": Decimal("150.00")}])) is None


def test_the_biller_sees_it_counted_and_marks_it_read(decided: Claim) -> None:
    biller = reader_of(decided)
    client = client_of(biller)
    tell(decided)
    page = client.get(reverse("notices:list")).content.decode()
    assert decided.claim_number in page
    assert "was approved" in page
    assert 'class="count count-new">1<' in page
    assert client.get(reverse("notices:mark_read")).status_code == 405
    assert client.post(reverse("notices:mark_read")).status_code == 302
    assert "count-new" not in client.get(reverse("notices:list")).content.decode()
    colleague = client_of(reader_of(decided))
    assert "count-new" in colleague.get(reverse("notices:list")).content.decode()


def test_strangers_and_the_payer_see_nothing_of_it(cast: Desk, decided: Claim) -> None:
    tell(decided)
    stranger = client_of(make_user("provider", "Biller", organization=make_organization("provider")))
    assert decided.claim_number not in stranger.get(reverse("notices:list")).content.decode()
    assert decided.claim_number not in cast.client().get(reverse("notices:list")).content.decode()


def test_without_the_right_there_are_no_notices(decided: Claim) -> None:
    client = client_of(reader_of(decided, "Organization administrator"))
    assert client.get(reverse("notices:list")).status_code == 403


def test_marking_twice_is_harmless(decided: Claim) -> None:
    biller = reader_of(decided)
    tell(decided)
    for expected in (1, 0):
        with acting_as("provider", user=biller, organization=biller.organization_id):
            assert mark_read(by=biller) == expected


def test_the_number_of_queries_does_not_grow(cast: Desk, decided: Claim) -> None:
    client = client_of(reader_of(decided))
    counts = []
    for claim in (decided, _decided(cast), _decided(cast)):
        tell(claim)
        with CaptureQueriesContext(connection) as queries:
            assert claim.claim_number in client.get(reverse("notices:list")).content.decode()
        counts.append(len(queries))
    assert len(set(counts)) == 1
