"""What the Django admin writes about itself: who changed what there (rulings 12 and 53)."""

from django.db import migrations

from claimflow.lib.db import rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_policies"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auditlog", "0017_add_actor_email"),
    ]
    operations = [
        operation
        for table in ("django_admin_log", "auditlog_logentry")
        for operation in (
            rls.Protect(table),
            rls.Allow(table, "admin", select="{on}", insert="{on}"),
            rls.Allow(table, "system", select="{on}", insert="{on}"),
        )
    ]
