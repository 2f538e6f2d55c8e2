"""The indexes of claims: exactly these, led by the tenant, and used under row-level security (ruling 35)."""

import re

import pytest
from django.db import connection
from django.db.models import QuerySet

from claimflow.lib.db.context import acting_as
from claims.models import Assignment, Claim
from tests.factories.accounts import UserFactory
from tests.factories.claims import ClaimFactory, lease
from tests.harness import admin_connection

pytestmark = pytest.mark.usefixtures("real_db", "tidy")

KEYS = {
    "claims_claim_pkey",
    "claims_claim_key",
    "claims_claim_form_token_once",
    "claims_claim_number_once",
}
LISTS = {
    "claims_queue": ("rank", "due_at", "received_at", "seq"),
    "claims_queue_newest": ("-rank_desc", "-received_at", "-seq"),
    "claims_pended": ("due_at", "seq"),
    "claims_decided": ("-adjudicated_at", "-seq"),
    "claims_provider_newest": ("-created_at", "-seq"),
    "claims_provider_number": ("number_day", "number_n"),
    "claims_provider_service": ("service_date", "seq"),
    "claims_provider_submitted": ("submitted_at", "seq"),
    "claims_provider_charge": ("billed_amount", "seq"),
    "claims_provider_state": ("state", "seq"),
    "claims_provider_due": ("due_at", "seq"),
}
OTHERS = {
    "claims_queue_provider", "claims_queue_amount", "claims_decided_mine", "claims_payer_member",
    "claims_payer_name", "claims_payer_birth", "claims_provider_member", "claims_provider_name",
    "claims_provider_birth", "claims_decided_amount", "claims_provider_decided",
    "claims_waiting_below_urgent",  # the escalation's, over all payers
}  # fmt: skip


@pytest.fixture
def tidy(django_db_setup: None) -> None:
    """Indexes without the dead entries that other tests left: their sizes would decide between equal plans."""
    with admin_connection(autocommit=True) as admin:
        admin.execute("REINDEX TABLE claims_claim")
        admin.execute("VACUUM ANALYZE claims_claim")


def rows(statement: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def plan(queryset: "QuerySet[Claim]") -> str:
    """The plan when tables are large: no reading through, no sorting of what an index already has in order."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    return queryset.explain(costs=False)


def uses(text: str, index: str, tenant: str) -> bool:
    """The index is scanned with the tenant in its condition, and nothing is sorted."""
    return (
        bool(re.search(rf"using {index} on claims_claim.*\n +Index Cond: .*{tenant}", text))
        and "Sort" not in text
    )


def test_there_are_no_other_indexes() -> None:
    found = {name for (name,) in rows("SELECT indexname FROM pg_indexes WHERE tablename = 'claims_claim'")}
    assert found == KEYS | set(LISTS) | OTHERS


def test_queue_tables_leave_room_and_are_swept_early() -> None:
    for table in ("claims_claim", "claims_assignment"):
        ((options,),) = rows(f"SELECT reloptions FROM pg_class WHERE relname = '{table}'")
        assert set(options) == {"fillfactor=90", "autovacuum_vacuum_scale_factor=0.01"}


@pytest.mark.parametrize("index", LISTS)
def test_each_list_is_read_in_the_order_of_its_index(index: str) -> None:
    with acting_as("system", "test"):
        claim = ClaimFactory()
        adjudicator = UserFactory(organization=claim.payer)
    side = "provider" if index.startswith("claims_provider") else "payer"
    user = claim.submitted_by if side == "provider" else adjudicator
    with acting_as(side, user=user, organization=user.organization_id):
        seen = Claim.objects.visible_to(user).order_by(*LISTS[index])
        scope = {"claims_pended": seen.pended, "claims_decided": seen.filter}.get(index, seen.waiting)
        chosen = seen if side == "provider" else scope()
        if index == "claims_decided":
            chosen = seen.filter(adjudicated_at__isnull=False)
        assert uses(plan(chosen[:50]), index, f"{side}_id"), plan(chosen[:50])


def test_the_filters_of_the_queue_have_their_indexes() -> None:
    with acting_as("system", "test"):
        claim = ClaimFactory()
        adjudicator = UserFactory(organization=claim.payer)
    with acting_as("payer", user=adjudicator, organization=claim.payer):
        queue = Claim.objects.visible_to(adjudicator).waiting()
        by_provider = queue.filter(provider=claim.provider).order_by("rank", "due_at", "received_at", "seq")
        assert uses(plan(by_provider[:50]), "claims_queue_provider", "provider_id")
        by_amount = plan(queue.filter(billed_amount__gt=9_000_000).order_by("billed_amount")[:50])
        assert uses(by_amount, "claims_queue_amount", "billed_amount"), by_amount


def many_claims_of_this_payer(claim: Claim, times: int) -> None:
    """Copies of one claim with members of their own, and statistics about them, as the administrator."""
    fresh = {
        "id": "gen_random_uuid()", "form_token": "gen_random_uuid()", "claim_number": "NULL", "number_day": "NULL",
        "number_n": "NULL", "state": "'submitted'", "clock": "'stopped'", "member_bidx": "md5(random()::text)",
        "payer_name_bidx": "md5(random()::text)", "provider_birth_bidx": "md5(random()::text)",
    }  # fmt: skip
    names = [field.column for field in Claim._meta.concrete_fields if field.column != "seq"]
    values = ", ".join(fresh.get(name, name) for name in names)
    with admin_connection(autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            f"INSERT INTO claims_claim ({', '.join(names)}) SELECT {values} FROM claims_claim"  # type: ignore[arg-type]
            f" CROSS JOIN generate_series(1, {times})"
        )
        admin.execute("ANALYZE claims_claim")


def test_people_are_found_by_their_blind_indexes() -> None:
    with acting_as("system", "test"):
        claim = ClaimFactory()
        adjudicator = UserFactory(organization=claim.payer)
    many_claims_of_this_payer(claim, 2_000)
    for side, user, index in (
        ("payer", adjudicator, "claims_payer_member"),
        ("provider", claim.submitted_by, "claims_provider_member"),
    ):
        with acting_as(side, user=user, organization=user.organization):
            found = Claim.objects.visible_to(user).filter(member_bidx=claim.member_bidx)
            assert found.get() == claim
            assert f" {index} " in found.explain(costs=False)
    with acting_as("payer", user=adjudicator, organization=claim.payer):
        by_name = Claim.objects.visible_to(adjudicator).filter(payer_name_bidx=claim.payer_name_bidx)
        assert " claims_payer_name " in by_name.explain(costs=False)


def test_the_desk_is_found_by_its_adjudicator() -> None:
    with acting_as("system", "test"):
        claim = ClaimFactory()
        adjudicator = UserFactory(organization=claim.payer)
    lease(claim, adjudicator)
    with acting_as("payer", user=adjudicator, organization=claim.payer):
        assert Claim.objects.visible_to(adjudicator).leased_to(adjudicator).get() == claim
        mine = Assignment.objects.visible_to(adjudicator).filter(adjudicator=adjudicator)
        assert "claims_assignment_mine" in plan(mine.order_by("created_at"))
