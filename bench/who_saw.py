"""How long "who saw this patient between A and B" takes at 5 million rows of who saw whom (goal: under 5 seconds).

Makes a scratch database of its own on the server of TEST_DATABASE_URL (an administrator's login), fills it as the
server's administrator, asks the page as an auditor asks it, and drops the database:

    TEST_DATABASE_URL=postgres://... python bench/who_saw.py [rows]

"page" is the whole request without HTTP, "database" the sum of its statements as the driver sees them; median of
seven. Two patients are asked about: one who was seen 100 times, and one who was seen 20,000 times.
"""

import json
import os
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["PYTEST_XDIST_WORKER"] = "bench_who_saw"

import psycopg
from psycopg import sql

from tests import harness

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimflow.settings")

ROWS = 5_000_000
AT_ONCE = 500_000
TIMES = 7
SEEN_OFTEN = "f" * 32  # whom every 250th row is about; the others share 50,000 persons
FILL = """
INSERT INTO audit.access (id, format, event_id, at, cluster, xid, actor_id, kind, organization_id, action,
    subject_kind, subject_id, provider_id, payer_id, person_bidx, bi_key_id, row_count, row_hash)
SELECT 1000000 + i, 1, md5((i / 25)::text)::uuid,
    date_trunc('month', now()) + (now() - date_trunc('month', now())) * (i::float8 / %(rows)s::float8),
    1, i, md5('actor' || i %% 500)::uuid, CASE WHEN i %% 3 = 0 THEN 'provider' ELSE 'payer' END,
    CASE WHEN i %% 5 < 2 THEN %(payer)s::uuid ELSE md5('organization' || i %% 40)::uuid END,
    (ARRAY['claims_listed', 'claims_listed', 'claim_viewed', 'member_viewed'])[1 + i %% 4],
    'claim', md5('claim' || i %% 400000)::uuid, NULL, %(payer)s::uuid,
    CASE WHEN i %% 250 = 0 THEN repeat('f', 32) ELSE lpad((i %% 50000)::text, 32, '0') END, 1, 25, ''
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i
"""


def main(rows: int) -> None:
    with psycopg.connect(harness.ADMIN_URL, autocommit=True) as admin:
        harness.build_template(admin)
        name = sql.Identifier(harness.DATABASE)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(harness.TEMPLATE))
        )
        try:
            measure(rows)
        finally:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def measure(rows: int) -> None:
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    from tests.signed_in import make_organization, make_user

    payer = make_organization("payer")
    people = {
        "platform's auditor": make_user("admin", "Auditor"),
        "payer's auditor": make_user("payer", "Auditor", organization=payer),
    }
    fill(rows, str(payer.pk))
    patients = {"seen 100 times": "6".zfill(32), "seen 20,000 times": SEEN_OFTEN}
    print(f"{rows:,} rows; median of {TIMES}")
    for who, user in people.items():
        for patient, person in patients.items():
            ask(f"{who}, patient {patient}", user, person)


def fill(rows: int, payer: str) -> None:
    began = time.monotonic()
    with harness.admin_connection(autocommit=True) as admin:
        admin.execute("SET synchronous_commit = off")
        for first in range(1, rows + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, rows)
            admin.execute(FILL, {"rows": rows, "payer": payer, "first": first, "last": last})
        admin.execute("ANALYZE audit.access")
    print(f"filled in {time.monotonic() - began:.0f} s")


def ask(title: str, user: object, person: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from audit.forms import Patient
    from claimflow.lib.db.context import acting_as
    from tests.signed_in import client_of

    first = (timezone.localdate().replace(day=1) - timedelta(days=1)).isoformat()
    url = f"/audit/patient/?patient={Patient((), [person]).token()}&first_day={first}&last_day=today"
    client = client_of(user)
    page, database = [], []
    for _ in range(TIMES):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
        page.append(time.perf_counter() - began)
        assert answer.status_code == 200
        assert answer.context["readers"]
        database.append(sum(float(each["time"]) for each in captured))
    print(
        f"\n{title}: page {1000 * statistics.median(page):.0f} ms, database {1000 * statistics.median(database):.0f} ms,"
        f" {len(answer.context['readers'])} people, {answer.context['count'].text} rows"
    )
    with acting_as("auditor", user=user, organization=user.organization_id), connection.cursor() as cursor:
        for each in captured:
            if 'FROM "audit"."access"' in each["sql"]:
                cursor.execute(
                    f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {each['sql'].replace('%', '%%')}", []
                )
                plan = cursor.fetchone()[0]
                told = (json.loads(plan) if isinstance(plan, str) else plan)[0]
                print(f"  {told['Execution Time']:8.1f} ms  {steps(told['Plan'])}")


def steps(node: dict) -> str:
    """The plan's nodes that read, with their index and how many rows they gave."""
    own = []
    if node.get("Actual Rows") and ("Index Name" in node or "Relation Name" in node):
        own = [
            f"{node['Node Type']} {node.get('Index Name') or node['Relation Name']} ({node['Actual Rows']:,})"
        ]
    return ", ".join([*own, *filter(None, map(steps, node.get("Plans", ())))])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
