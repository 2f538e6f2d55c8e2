from django.db import migrations

from claimflow.lib.db import rls

# Rows of these change with nearly every request or mail: they are swept when a fiftieth of them is dead, not a fifth.
HOT = ("accounts_session", "accounts_throttle", "accounts_outgoingmail", "accounts_keptform")
SWEEP = "autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02"
USUAL = "autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_system_setting")]
    operations = [
        rls.SQL(
            "".join(f"ALTER TABLE {table} SET ({SWEEP});" for table in HOT),
            "".join(f"ALTER TABLE {table} RESET ({USUAL});" for table in HOT),
        ),
    ]
