from pathlib import Path

from django.db import migrations

from claimflow.lib.db import rls

SQL_DIR = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_ops")]
    operations = [
        rls.SQL(
            (SQL_DIR / "operations.sql").read_text()
            # db_bootstrap lets this one owner see the figures of everybody's statements.
            + "ALTER FUNCTION ops.slow_statements(integer) OWNER TO {role:reader};"
            "SET LOCAL ROLE {role:reader};"
            "GRANT EXECUTE ON FUNCTION ops.slow_statements(integer) TO {role:admin}, {role:system};"
            "SET LOCAL ROLE {role:owner};"
            "GRANT EXECUTE ON FUNCTION jobs.retry_failed(text) TO {role:admin};",
            "DROP FUNCTION ops.slow_statements(integer); DROP FUNCTION jobs.retry_failed(text);",
        ),
    ]
