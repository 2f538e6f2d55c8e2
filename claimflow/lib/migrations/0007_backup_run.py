"""What `backup` and `restore_check` have done: written once by the system, read by administrators."""

from django.db import migrations, models

import claimflow.lib.ids
from claimflow.lib.db import rls


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0006_turns"),
    ]

    operations = [
        migrations.CreateModel(
            name="BackupRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("backup", "Backup"), ("restore_check", "Restore check")], max_length=16
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("succeeded", "Succeeded"), ("failed", "Failed")], max_length=12
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("bytes", models.BigIntegerField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "backup run",
                "indexes": [models.Index(fields=["kind", "-finished_at"], name="kernel_backup_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["backup", "restore_check"])),
                        name="kernel_backup_kind",
                        violation_error_message="kind is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["failed", "succeeded"])),
                        name="kernel_backup_outcome",
                        violation_error_message="outcome is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at__gte", models.F("started_at"))),
                        name="kernel_backup_in_order",
                        violation_error_message="A run ends after it began.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bytes__gte", 0), ("rows__gte", 0)),
                        name="kernel_backup_counts",
                        violation_error_message="Bytes and rows are counted from 0.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("file_name__contains", "/"), _negated=True),
                        name="kernel_backup_no_path",
                        violation_error_message="A file name without its path.",
                    ),
                ],
            },
        ),
        rls.Protect("kernel_backuprun"),
        rls.Allow("kernel_backuprun", "admin", select="{on}"),
        rls.Allow("kernel_backuprun", "system", select="{on}", insert="{on}"),
    ]
