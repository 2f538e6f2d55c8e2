"""What each filter of the trail reads, under row-level security: looking for what never happened ends at once."""

import json
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimflow.lib.db.context import acting_as
from tests.harness import admin_connection, truncate_tenants
from tests.signed_in import client_of, make_organization, make_user

pytestmark = pytest.mark.slow

N = 30_000
MOST_TOUCHED = 300
"""Rows that a question without an answer may look at, of 30,000."""


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker) -> Iterator[dict]:
    """A trail in which one payer has a tenth of everything, and nothing is severe, failed or about nobody."""
    with django_db_blocker.unblock():
        payer, clinic = make_organization("payer"), make_organization("provider")
        people = {
            "payer": make_user("payer", "Auditor", organization=payer),
            "platform": make_user("admin", "Auditor"),
        }
        org = f"CASE WHEN i %% 10 = 0 THEN '{payer.pk}'::uuid ELSE '{clinic.pk}'::uuid END"
        common = f"now() - i * interval '1 second', 1, i, md5((i %% 50)::text)::uuid, 'payer', {org}"
        with admin_connection(autocommit=True) as admin:
            admin.execute(
                "INSERT INTO audit.event (id, format, at, cluster, xid, actor_id, kind, organization_id, subject_kind,"
                " subject_id, action, outcome, severity, fields, details, chain_seq, prev_hash, row_hash)"
                f" SELECT 1000000 + i, 1, {common}, 'claim', md5((i / 5)::text)::uuid,"
                " (ARRAY['claim_pulled', 'claim_approved', 'claim_denied'])[1 + i %% 3], 'success', 'info', '{}',"
                " '{}', 1 + i %% 5, '', '' FROM generate_series(1, %s) AS i",
                [N],
            )
            admin.execute(
                "INSERT INTO audit.access (id, format, event_id, at, cluster, xid, actor_id, kind, organization_id,"
                " action, subject_kind, subject_id, person_bidx, bi_key_id, row_count, row_hash)"
                f" SELECT 1000000 + i, 1, md5(i::text)::uuid, {common},"
                " (ARRAY['claim_viewed', 'claims_listed'])[1 + i %% 2], 'claim', md5((i / 5)::text)::uuid,"
                " md5((i / 20)::text), 1, 1, '' FROM generate_series(1, %s) AS i",
                [N],
            )
            admin.execute("ANALYZE audit.event")
            admin.execute("ANALYZE audit.access")
        yield people
        connection.close()
        truncate_tenants()


def touched(user, url) -> int:
    """How many rows of the trail the page's questions look at, asked again as the same person."""
    client = client_of(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    asked = [each["sql"] for each in captured if 'FROM "audit"."' in each["sql"]]
    assert asked or "nobody" in url
    rows = 0
    with acting_as("auditor", user=user, organization=user.organization_id), connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.replace('%', '%%')}", [])
            plan = cursor.fetchone()[0]
            rows += scanned((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return rows


def scanned(node) -> int:
    own = 0
    if "Relation Name" in node and node["Node Type"] != "Bitmap Heap Scan":
        own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    elif "Relation Name" in node:
        own = (
            node["Actual Rows"]
            + node.get("Rows Removed by Filter", 0)
            + node.get("Rows Removed by Index Recheck", 0)
        )
    elif node["Node Type"] == "Bitmap Index Scan":
        own = node["Actual Rows"]
    return int(own * node.get("Actual Loops", 1)) + sum(map(scanned, node.get("Plans", ())))


NOTHING = [
    "/audit/?severity=critical",
    "/audit/?severity=notice&outcome=success",
    "/audit/?outcome=denied",
    "/audit/?action=claim_voided",
    f"/audit/?actor={uuid.UUID(int=7)}",
    f"/audit/?subject={uuid.UUID(int=7)}",
    f"/audit/?organization={uuid.UUID(int=7)}",
    "/audit/?actor=nobody@example.com",
    "/audit/?first_day=01/01/2020&last_day=01/02/2020",
    f"/audit/?action=claim_denied&subject={uuid.UUID(int=7)}",
    "/audit/reads/?action=member_viewed",
    f"/audit/reads/?actor={uuid.UUID(int=7)}",
    f"/audit/reads/?subject={uuid.UUID(int=7)}",
    f"/audit/reads/?organization={uuid.UUID(int=7)}",
    "/audit/reads/?first_day=01/01/2020&last_day=01/02/2020",
    f"/audit/patient/?claim={uuid.UUID(int=7)}",
]


@pytest.mark.parametrize("url", NOTHING)
def test_a_filter_that_nothing_fits_reads_next_to_nothing(large, django_db_blocker, url):
    with django_db_blocker.unblock():
        for name, user in large.items():
            if name == "platform" or "organization=" not in url:
                assert touched(user, url) <= MOST_TOUCHED, name
        connection.close()


def test_a_full_page_reads_little_more_than_it_shows(large, django_db_blocker):
    """50 rows and one, and the count up to its cap: at most four times that where every third row fits."""
    shown = 51 + 1_002
    with django_db_blocker.unblock():
        for url in ("/audit/", "/audit/reads/"):
            assert touched(large["platform"], url) <= shown
        second = client_of(large["platform"]).get("/audit/").context["page"].next_cursor
        assert touched(large["platform"], f"/audit/?cursor={second}") <= shown
        assert touched(large["platform"], "/audit/?action=claim_denied") <= 4 * shown
        for url in ("/audit/", "/audit/reads/"):  # a tenth of all rows is this payer's
            assert touched(large["payer"], url) <= N // 2
        connection.close()
