from pathlib import Path

from django.db import migrations

from claimflow.lib.db import rls

SQL_DIR = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_jobs")]
    operations = [
        rls.SQL(
            (SQL_DIR / "ops.sql").read_text()
            + "".join(f"GRANT EXECUTE ON FUNCTION ops.health() TO {{role:{kind}}};" for kind in rls.KINDS),
            "DROP FUNCTION ops.health();",
        ),
    ]
