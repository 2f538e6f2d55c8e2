"""The queue looks after itself: what a killed worker left goes on, what is long over goes; statistics after bulk."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from claimflow.lib import jobs
from claimflow.lib.db.context import acting_as
from claimflow.lib.db.upkeep import analyze
from tests.harness import admin_connection

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


def queue(name: str, set_: str) -> int:
    """A job in the queue, then changed by hand; its number."""
    with acting_as("system", "test"):
        jobs.enqueue(name)
    with admin_connection() as admin:
        row = admin.execute("SELECT max(id) FROM procrastinate_jobs").fetchone()
        assert row
        admin.execute(f"UPDATE procrastinate_jobs SET {set_} WHERE id = %s", row)  # type: ignore[arg-type]
        return int(row[0])


def worker(seconds_silent: int) -> int:
    with admin_connection() as admin:
        row = admin.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))"
            " RETURNING id",
            [seconds_silent],
        ).fetchone()
        assert row
        return int(row[0])


def status(job: int) -> str | None:
    with admin_connection() as admin:
        row = admin.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job]).fetchone()
    return str(row[0]) if row else None


def test_only_what_a_dead_worker_left_waits_again() -> None:
    living, dead = worker(5), worker(jobs.SILENT_SECONDS + 5)
    cases = {
        queue("forget_kept", f"status = 'doing', worker_id = {living}"): "doing",
        queue("forget_kept", f"status = 'doing', worker_id = {dead}"): "todo",
        queue("forget_kept", "status = 'doing', worker_id = NULL"): "todo",
        queue("forget_kept", f"status = 'doing', worker_id = {dead}, attempts = {jobs.MOST_TRIES}"): "failed",
        queue("forget_kept", "status = 'failed'"): "failed",
    }
    with acting_as("system", "retry_stalled"):
        jobs.retry_stalled()
    assert {job: status(job) for job in cases} == cases


def test_what_is_long_over_goes_and_what_failed_stays() -> None:
    done, failed, fresh = (
        queue("forget_kept", "status = 'succeeded'"),
        queue("forget_kept", "status = 'failed'"),
        queue("forget_kept", "status = 'succeeded'"),
    )
    with admin_connection() as admin:
        admin.execute(
            "UPDATE procrastinate_events SET at = at - interval '15 days' WHERE job_id = ANY(%s)",
            [[done, failed]],
        )
    with acting_as("system", "forget_done"):
        jobs.forget_done()
    assert (status(done), status(failed), status(fresh)) == (None, "failed", "succeeded")


def test_the_system_analyzes_what_is_on_the_list() -> None:
    with acting_as("system", "test"):
        analyze("claims_claim", "members_member")
    for table in ("accounts_credential", "pg_authid", "claims_claim; DROP TABLE claims_claim"):
        with pytest.raises(IntegrityError, match="not on the list"), acting_as("system", "test"):
            analyze(table)
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as("admin"):
        analyze("claims_claim")


def test_every_table_on_the_list_is_there() -> None:
    with admin_connection() as admin:
        source = admin.execute(
            "SELECT prosrc FROM pg_proc WHERE oid = 'ops.analyze(text[])'::regprocedure"
        ).fetchone()
        assert source
        listed = admin.execute(
            "SELECT m[1], to_regclass('public.' || m[1]) IS NOT NULL"
            " FROM regexp_matches(%s, $re$'(\\w+_\\w+)'$re$, 'g') AS m"
            " WHERE m[1] NOT LIKE '%%_violation' AND m[1] NOT LIKE '%%_privilege'",
            source,
        ).fetchall()
    assert len(listed) > 10
    assert [name for name, is_there in listed if not is_there] == []


def test_hot_tables_are_swept_early() -> None:
    with acting_as("system", "test"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE reloptions @> ARRAY['autovacuum_vacuum_scale_factor=0.02']"
        )
        assert cursor.fetchone()[0] == 7
