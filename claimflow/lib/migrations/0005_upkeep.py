from pathlib import Path

from django.db import migrations

from claimflow.lib.db import rls

SQL_DIR = Path(__file__).resolve().parent.parent / "sql"
FUNCTIONS = ("jobs.retry_stalled(integer, integer)", "jobs.forget_done(integer)", "ops.analyze(text[])")
# Every row of these changes several times: they are swept when a fiftieth of them is dead, not a fifth.
HOT = ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers")
SWEEP = "autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02"
USUAL = "autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_operations")]
    operations = [
        rls.SQL(
            (SQL_DIR / "upkeep.sql").read_text()
            + "".join(f"GRANT EXECUTE ON FUNCTION {name} TO {{role:system}};" for name in FUNCTIONS)
            + "".join(f"ALTER TABLE {table} SET ({SWEEP});" for table in HOT),
            "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)
            + "".join(f"ALTER TABLE {table} RESET ({USUAL});" for table in HOT),
        ),
    ]
