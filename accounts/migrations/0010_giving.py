from pathlib import Path

from django.db import migrations, models

from claimflow.lib.db import rls

SQL = Path(__file__).resolve().parent.parent / "sql" / "giving.sql"
BACKWARDS = """
DROP FUNCTION accounts.keep_last_seen() CASCADE;
DROP FUNCTION accounts.guard_last_role() CASCADE;
DROP FUNCTION accounts.guard_role() CASCADE;
DROP FUNCTION accounts.guard_last_user() CASCADE;
DROP FUNCTION accounts.guard_user() CASCADE;
DROP FUNCTION accounts.guard_last_grant() CASCADE;
DROP FUNCTION accounts.guard_grant() CASCADE;
DROP FUNCTION accounts.keeps_an_administrator(uuid);
DROP FUNCTION accounts.may_give(uuid, text, text[], boolean);
DROP FUNCTION accounts.manages(uuid, uuid);
DROP FUNCTION accounts.acting();
DROP FUNCTION accounts.holds(uuid, text);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_roles")]
    operations = [
        migrations.AddField(
            "user", "last_seen_at", models.DateTimeField(null=True, blank=True, editable=False)
        ),
        rls.Allow("accounts_user", "reader", update="true", columns=["last_seen_at"]),
        rls.SQL(SQL.read_text(), BACKWARDS),
    ]
