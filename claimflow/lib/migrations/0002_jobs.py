from pathlib import Path

from django.db import migrations

from claimflow.lib.db import rls

SQL_DIR = Path(__file__).resolve().parent.parent / "sql"
TABLES = "procrastinate_jobs, procrastinate_events, procrastinate_workers, procrastinate_periodic_defers"

SEQUENCES = (
    "procrastinate_jobs_id_seq",
    "procrastinate_events_id_seq",
    "procrastinate_workers_id_seq",
    "procrastinate_periodic_defers_id_seq",
)
QUEUE_FUNCTIONS = """
DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT oid FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = 'public'::regnamespace LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {role:worker}', f);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_context"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        rls.SQL(
            (SQL_DIR / "jobs.sql").read_text()
            + "".join(
                f"GRANT EXECUTE ON FUNCTION jobs.enqueue(text, jsonb) TO {{role:{kind}}};"
                for kind in rls.KINDS
                if kind != "anonymous"
            )
            # The queue's own connection is the worker's login; kinds have nothing on its tables (ruling 11).
            + f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLES} TO {{role:worker}};"
            + "".join(f"GRANT USAGE ON SEQUENCE {name} TO {{role:worker}};" for name in SEQUENCES)
            + QUEUE_FUNCTIONS
            # Read by the start check, the health page and the administrator's page.
            + "GRANT SELECT ON django_migrations TO {role:system};"
            "GRANT SELECT ON procrastinate_jobs, procrastinate_events, procrastinate_workers TO {role:admin}, {role:system};",
            "DROP FUNCTION jobs.enqueue(text, jsonb); DROP TABLE jobs.allowed;"
            f"REVOKE ALL ON {TABLES} FROM {{role:worker}}, {{role:admin}}, {{role:system}};"
            "REVOKE ALL ON django_migrations FROM {role:system};",
        ),
    ]
