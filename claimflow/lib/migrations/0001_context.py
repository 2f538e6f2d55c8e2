from pathlib import Path

from django.db import migrations

from claimflow.lib.db import rls

SQL_DIR = Path(__file__).resolve().parent.parent / "sql"
KINDS = (*rls.KINDS, "auditor_owner", "reader", "owner")
EXECUTE = "".join(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ctx TO {{role:{kind}}};" for kind in KINDS)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        rls.SQL(
            (SQL_DIR / "ctx.sql").read_text() + EXECUTE,
            "DROP FUNCTION ctx.kind(); DROP FUNCTION ctx.purpose(text); DROP FUNCTION ctx.subject(text);"
            "DROP FUNCTION ctx.usr(text); DROP FUNCTION ctx.org(text); DROP FUNCTION ctx.active(text);"
            "DROP FUNCTION ctx.current(); DROP TYPE ctx.actor; DROP TABLE ctx.key;",
        ),
    ]
