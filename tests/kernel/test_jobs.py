"""The queue: what may wait goes last, and takes one place at most."""

import uuid

import pytest

from claimflow.lib import jobs
from claimflow.lib.db.context import acting_as
from tests.harness import admin_connection

pytestmark = pytest.mark.usefixtures("real_db")
FETCH = "SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)"


def test_a_slow_model_leaves_a_place_to_everything_else(real_db: None) -> None:
    with admin_connection(autocommit=True) as admin:
        admin.execute("DELETE FROM procrastinate_jobs")
    with acting_as("system", "test"):
        for _n in range(3):
            jobs.enqueue("ask_model", claim_id=uuid.uuid4(), version_id=uuid.uuid4())
        jobs.enqueue("expire_leases")
        jobs.enqueue("resume_due")
    with admin_connection(autocommit=True) as admin:
        served = [admin.execute(FETCH).fetchone()[0] for _n in range(4)]
        admin.execute("DELETE FROM procrastinate_jobs")
    assert served == ["expire_leases", "resume_due", "ask_model", None]


def test_the_database_keeps_the_turns_of_every_job() -> None:
    with admin_connection() as admin:
        kept = admin.execute("SELECT name, priority, lock FROM jobs.allowed ORDER BY name").fetchall()
    assert kept == [turn for turn in jobs.turns() if "." not in turn[0]]
