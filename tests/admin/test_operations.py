"""The operations page: what it says of the machinery, and failed jobs that are put back into the queue."""

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from audit.models import Event
from claimflow import admin_operations
from claimflow.lib import jobs
from claimflow.lib.db.context import acting_as
from tests.harness import admin_connection
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]

PAGE = reverse("admin:operations")


def fail(name: str, times: int) -> None:
    with acting_as("system", "test"):
        for _ in range(times):
            jobs.enqueue(name)
    with admin_connection() as admin:
        admin.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = %s", [name])


def statuses(name: str) -> list[str]:
    with admin_connection() as admin:
        found = admin.execute(
            "SELECT status::text FROM procrastinate_jobs WHERE task_name = %s", [name]
        ).fetchall()
    return [status for (status,) in found]


def test_the_page_has_every_part(administrator: Client) -> None:
    fail("watch_security", 2)
    answer = administrator.get(PAGE)
    words = answer.content.decode()
    assert answer.status_code == 200
    for name in (
        "watch_security",
        "codes_icd10code",
        "event_2",
        "The platform: 1",
        "PostgreSQL 1",
        "free of",
    ):
        assert name in words, name
    assert answer.context["missing_partitions"] == []
    assert answer.context["failed_jobs"][0]["n"] == 2
    assert PAGE in administrator.get(reverse("admin:index")).content.decode()


def test_failed_jobs_of_one_name_wait_again_and_the_trail_says_so(administrator: Client) -> None:
    fail("watch_security", 2)
    fail("forget_kept", 1)
    answer = administrator.post(PAGE, {"name": "watch_security"}, follow=True)
    assert "2 jobs wait again." in answer.content.decode()
    assert statuses("watch_security") == ["todo", "todo"]
    assert statuses("forget_kept") == ["failed"]
    administrator.post(PAGE, {"name": "no such job"})
    with acting_as("auditor"):
        (event,) = Event.objects.filter(action="jobs_retried")
    assert event.details == {"command": "watch_security", "rows": 2}


def test_nobody_else_sees_it() -> None:
    for somebody in (
        make_user("admin", "Auditor"),
        make_user("provider", "Biller", organization=make_organization()),
    ):
        client = client_of(somebody)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, {"name": "watch_security"}).status_code == 403


@pytest.mark.parametrize("kind", ["provider", "payer", "system", "login"])
def test_only_an_administrator_retries(kind: str) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, acting_as(kind, "test"), connection.cursor() as cursor:
        cursor.execute("SELECT jobs.retry_failed('watch_security')")


def test_slow_statements_have_no_values() -> None:
    with admin_connection(autocommit=True) as admin:
        counted = "pg_stat_statements" in str(admin.execute("SHOW shared_preload_libraries").fetchone())
        admin.execute("SELECT pg_sleep(0.02), 'Adaeze Okafor'")
    with acting_as("admin"):
        found = admin_operations.slow_statements(10)
    if not counted:
        assert found is None
        return
    assert found is not None
    assert any("pg_sleep" in row["statement"] for row in found)
    assert not any("Okafor" in row["statement"] or "insufficient" in row["statement"] for row in found)


@pytest.mark.parametrize(
    ("now", "there", "missing"),
    [
        (datetime(2026, 11, 30, tzinfo=UTC), {"event_2026_11", "event_2026_12", "event_2027_01"}, 3),
        (datetime(2026, 12, 1, tzinfo=UTC), {"event_2026_12", "access_2026_12", "event_2027_01"}, 3),
        (datetime(2026, 1, 1, tzinfo=UTC), set(), 6),
    ],
)
def test_this_months_partitions_and_two_more_should_stand(now, there, missing) -> None:
    assert len(admin_operations.missing_partitions(there, now)) == missing
