from pathlib import Path

from django.db import migrations

from claimflow.lib.db import rls

SQL_DIR = Path(__file__).resolve().parent.parent / "sql"


def _enqueue_without_turns() -> str:
    _table, _create, function = (SQL_DIR / "jobs.sql").read_text().partition("CREATE FUNCTION")
    return f"CREATE OR REPLACE FUNCTION{function}"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_upkeep")]
    operations = [
        rls.SQL(
            (SQL_DIR / "turns.sql").read_text(),
            _enqueue_without_turns() + "ALTER TABLE jobs.allowed DROP COLUMN priority, DROP COLUMN lock;",
        ),
    ]
