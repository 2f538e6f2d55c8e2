from django.db import migrations

from claimflow.lib.db import rls
from claimflow.lib.system_user import SYSTEM_USER_ID


class Migration(migrations.Migration):
    """Before row security is forced: afterwards even the owner may not insert."""

    dependencies = [("accounts", "0001_initial")]
    operations = [
        rls.SQL(
            "INSERT INTO accounts_user (id, email, first_name, last_name, role, is_active, is_first_login, is_system,"
            " created_at, updated_at) VALUES"
            f" ('{SYSTEM_USER_ID}', 'system@claimflow.invalid', 'ClaimFlow', '', 'admin', false, false, true, now(), now())",  # a constant  # nosec B608
            f"DELETE FROM accounts_user WHERE id = '{SYSTEM_USER_ID}'",  # a constant  # nosec B608
        ),
    ]
