"""Every list at 100,000 claims, under row-level security: the tenant in the index condition, no sequential scan.

The queries are those that the pages really send, captured and explained again as the same person (performance.md
sections 2 and 3).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from claimflow.lib.db.context import acting_as
from claims.actions.suggest_codes import NEWEST, suggest_codes
from claims.edits.entry import ClaimEntry
from claims.models import Assignment, Claim, ClaimFinding, Diagnosis, Hold, ServiceLine
from tests.claims.desk_cast import Desk, make_desk
from tests.factories.claims import ClaimFactory
from tests.harness import admin_connection, truncate_tenants
from tests.signed_in import client_of, make_organization

pytestmark = [pytest.mark.slow]

N = 100_000
LARGE = {
    "claims_claim", "claims_serviceline", "claims_diagnosis", "claims_claimfinding", "claims_assignment", "claims_hold",
}  # fmt: skip
OVERRIDES = {
    "id": "gen_random_uuid()",
    "form_token": "gen_random_uuid()",
    # The first payer and the first clinic have a fifth of everything.
    "payer_id": "(%(payers)s::uuid[])[CASE WHEN i / 20 %% 5 = 0 THEN 1 ELSE 1 + i / 20 %% 10 END]",
    "provider_id": "(%(clinics)s::uuid[])[CASE WHEN i / 3 %% 7 = 0 THEN 1 ELSE 1 + i / 3 %% 20 END]",
    "number_day": "date '2020-01-01' + i / 1000",
    "number_n": "i %% 1000 + 1",
    "claim_number": "'CLM-' || to_char(date '2020-01-01' + i / 1000, 'YYYYMMDD') || '-'"
    " || lpad((i %% 1000 + 1)::text, 4, '0')",
    "state": "CASE WHEN i %% 20 < 9 THEN 'received' WHEN i %% 20 = 9 THEN 'pended' WHEN i %% 20 = 10 THEN 'in_review'"
    " ELSE 'approved' END",
    "public_status": "CASE WHEN i %% 20 < 11 THEN 'submitted' ELSE 'approved' END",
    "turn": "CASE WHEN i %% 20 < 11 THEN 'payer' ELSE 'none' END",
    "clock": "CASE WHEN i %% 20 < 11 THEN 'running' ELSE 'stopped' END",
    "priority": "(ARRAY['urgent', 'standard', 'routine'])[1 + i %% 3]",
    "rank": "1 + i %% 3",
    "rank_desc": "-1 - i %% 3",
    "submitted_at": "now() - i * interval '40 seconds'",
    "received_at": "now() - i * interval '40 seconds'",
    "created_at": "now() - i * interval '40 seconds'",
    "due_at": "now() - i * interval '40 seconds' + interval '20 days'",
    "service_date": "current_date - i / 300",
    "service_date_to": "current_date - i / 300",
    "billed_amount": "1000 + (i::bigint * 7919) %% 900000",
    "member_bidx": "md5((i / 3)::text)",
    "adjudicated_by_id": "CASE WHEN i %% 20 > 10 THEN %(adjudicator)s::uuid END",
    "adjudicated_at": "CASE WHEN i %% 20 > 10 THEN now() - i * interval '39 seconds' END",
    "approved_amount": "CASE WHEN i %% 20 > 10 THEN 900 END",
    "paid_amount": "CASE WHEN i %% 20 > 10 THEN 900 END",
    "patient_responsibility": "CASE WHEN i %% 20 > 10 THEN 0 END",
    "current_decision_id": "CASE WHEN i %% 20 > 10 THEN gen_random_uuid() END",
}


@dataclass
class World:
    cast: Desk
    claim: UUID


def columns(model: Any) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if field.column != "seq"]


def multiply(admin: Any, values: dict[str, Any], claim: Claim) -> None:
    """The claim of the factory, 100,000 times, with lines, findings, leases and holds: set-wise, triggers off."""
    names = columns(Claim)
    chosen = ", ".join(OVERRIDES.get(name, f't."{name}"') for name in names)
    admin.execute(
        f"INSERT INTO claims_claim ({', '.join(names)}) SELECT {chosen}"
        f" FROM claims_claim t, generate_series(1, {N}) AS i WHERE t.id = %(claim)s",
        {**values, "claim": claim.pk},
    )
    for model, where in (
        (ServiceLine, ""),
        (Diagnosis, ""),
        (ClaimFinding, ""),
        (Assignment, "AND c.state = 'in_review'"),
        (Hold, "AND c.state = 'pended'"),
    ):
        own = {
            "id": "gen_random_uuid()",
            "claim_id": "c.id",
            "payer_id": "c.payer_id",
            "provider_id": "c.provider_id",
        }
        if model is Assignment:
            own["adjudicator_id"] = (
                "CASE WHEN c.number_n % 500 = 11 THEN t.adjudicator_id ELSE gen_random_uuid() END"
            )
        names = columns(model)
        chosen = ", ".join(own.get(name, f't."{name}"') for name in names)
        table = model._meta.db_table
        admin.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM claims_claim c,"
            f" (SELECT * FROM {table} LIMIT 1) t WHERE c.id <> t.claim_id {where}"
        )


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        cast = make_desk()
        payers = [cast.payer.pk, *(make_organization("payer").pk for _payer in range(9))]
        clinics = [cast.clinic.pk, *(make_organization("provider").pk for _clinic in range(19))]
        with acting_as("system", "test"):
            claim = ClaimFactory(payer=cast.payer, provider=cast.clinic)
            ClaimFinding(**claim.as_parent(), stage="receipt", code="x.y", severity="warning").save(
                force_insert=True
            )
        with acting_as("payer", user=cast.adjudicator, organization=cast.payer):
            from claims.actions.pend import pend, resume
            from claims.actions.pull import pick
            from claims.enums import PendReason

            pick(claim_id=claim.pk, by=cast.adjudicator)
            pend(claim_id=claim.pk, reasons=[PendReason.PRICING], no_timer_because="x", by=cast.adjudicator)
            resume(claim_id=claim.pk, by=cast.adjudicator)
        with admin_connection(autocommit=True) as admin:
            admin.execute("SET session_replication_role = replica")
            multiply(admin, {"payers": payers, "clinics": clinics, "adjudicator": cast.adjudicator.pk}, claim)
            admin.execute("UPDATE claims_hold SET resolved_at = NULL, resolved_by_id = NULL")
            admin.execute("VACUUM ANALYZE")
        yield World(cast, claim.pk)
        connection.close()
    truncate_tenants()
    with admin_connection(autocommit=True) as admin:  # the next tests' plans begin from small tables
        for table in sorted(LARGE):
            admin.execute(f"TRUNCATE {table} CASCADE")
            admin.execute(f"VACUUM ANALYZE {table}")


@pytest.fixture
def unsealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copied ciphertexts belong to another row and would refuse to open; their words do not matter here."""
    monkeypatch.setattr("claimflow.lib.phi.fields.open_sealed", lambda *_sealed: "x")


@pytest.fixture(autouse=True)
def _unblocked(world: World, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        connection.close()


def plans(user: User, url: str, query: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """Each SELECT of the page on a large table, with its plan as this person."""
    client = client_of(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, query).status_code == 200
    return explained(user, captured)


def explained(
    user: User, captured: CaptureQueriesContext, *, even_small: bool = False
) -> list[tuple[str, dict[str, Any]]]:
    """``even_small``: as over tables so large that reading all of them is out of the question."""
    sent = [each["sql"] for each in captured if any(f'"{table}"' in each["sql"] for table in LARGE)]
    found = []
    with acting_as(user.kind, user=user, organization=user.organization_id), connection.cursor() as cursor:
        if even_small:
            cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in sent:
            if sql.lstrip("( ").upper().startswith("SELECT"):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql.replace('%', '%%')}", [])
                answer = cursor.fetchone()[0]
                plan = answer if isinstance(answer, list) else json.loads(answer)
                found.append((sql, plan[0]["Plan"]))
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def assert_good(plan: dict[str, Any], sql: str, tenant: str) -> None:
    told = f"{sql}\n{json.dumps(plan, indent=1)}"
    for node in nodes(plan):
        if node["Node Type"] == "Seq Scan":
            assert node.get("Relation Name") not in LARGE, told
        name = node.get("Index Name", "")
        if not name.startswith("claims_claim_") and not name.startswith(
            ("claims_queue", "claims_pended", "claims_decided", "claims_payer", "claims_provider")
        ):
            continue
        condition = node.get("Index Cond", "")
        # A filter by the other side's organization is as good a bound; single rows are found by their unique key.
        bound = tenant in condition or "provider_id = " in condition
        assert bound or name.endswith(("_pkey", "_number_once")), told


PAYER_LISTS = [
    {},
    {"sort": "newest"},
    {"priority": "standard"},
    {"due": "soon"},
    {"due": "overdue"},
    {"amount_min": "9999999"},
    {"amount_min": "100", "amount_max": "200"},
    {"age": "30"},
    {"provider": "first"},
    {"provider": "nobody"},
    {"provider": "first", "priority": "urgent", "amount_min": "500", "age": "3"},
    {"tab": "mine"},
    {"tab": "pended"},
    {"tab": "pended", "provider": "first"},
    {"tab": "decided"},
    {"tab": "decided", "decided_from": "today"},
    {"tab": "decided", "amount_min": "9999999"},
]


@pytest.mark.usefixtures("unsealed")
@pytest.mark.parametrize("query", PAYER_LISTS, ids=str)
def test_the_payers_lists(world: World, query: dict[str, str]) -> None:
    clinic = {"first": str(world.cast.clinic.pk), "nobody": str(world.cast.payer.pk)}
    asked = {**query, "provider": clinic[query["provider"]]} if "provider" in query else query
    found = plans(world.cast.adjudicator, reverse("payer:queue"), asked)
    assert len(found) >= 2
    for sql, plan in found:
        assert_good(plan, sql, "payer_id")


@pytest.mark.usefixtures("unsealed")
@pytest.mark.parametrize("tab", ["available", "pended", "decided"])
def test_the_payers_second_page(world: World, tab: str) -> None:
    first = client_of(world.cast.adjudicator).get(reverse("payer:queue"), {"tab": tab})
    cursor = first.context["page"].next_cursor
    for sql, plan in plans(world.cast.adjudicator, reverse("payer:queue"), {"tab": tab, "cursor": cursor}):
        assert_good(plan, sql, "payer_id")


def test_the_desk(world: World) -> None:
    url = reverse("payer:desk", args=[world.claim])
    for sql, plan in plans(world.cast.adjudicator, url, {}):
        assert_good(plan, sql, "payer_id")


PROVIDER_LISTS = [
    {},
    *({"sort": sort} for sort in ("number", "-service", "submitted", "-charge", "state", "due")),
    *({"tab": tab} for tab in ("progress", "yours", "approved", "denied", "rejected", "withdrawn")),
    {"number": "CLM-20200102-0008"},
    {"charge_min": "9999999"},
    {"served_from": "yesterday"},
    {"status": "is-denied"},
]


@pytest.mark.usefixtures("unsealed")
@pytest.mark.parametrize("query", PROVIDER_LISTS, ids=str)
def test_the_providers_lists(world: World, query: dict[str, str]) -> None:
    found = plans(world.cast.biller, reverse("claims:list"), query)
    assert len(found) >= 2
    for sql, plan in found:
        assert_good(plan, sql, "provider_id")


@pytest.mark.usefixtures("unsealed")
def test_the_providers_home(world: World) -> None:
    for sql, plan in plans(world.cast.biller, reverse("claims:home"), {}):
        assert_good(plan, sql, "provider_id")


def test_code_suggestions_read_the_newest_claims_alone(world: World) -> None:
    user = world.cast.biller
    with (
        acting_as("provider", user=user, organization=world.cast.clinic),
        CaptureQueriesContext(connection) as captured,
    ):
        found = suggest_codes(
            entry=ClaimEntry(diagnoses=("I10",)), description="", today=date(2026, 11, 21), by=user
        )
    assert found.counted == NEWEST
    assert [each.percent for each in found.codes] == [100]
    # A thousand claims' codes are found by index; in tables below 300,000 rows reading all is about as cheap.
    asked = explained(user, captured, even_small=True)
    assert len(asked) == 3
    for sql, plan in asked:
        assert_good(plan, sql, "provider_id")
