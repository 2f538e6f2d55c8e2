import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import claimflow.lib.ids
import claimflow.lib.phi.fields
from claimflow.lib.db import rls

OWN = "organization_id = {org}"
WRITTEN = [
    "state",
    "content",
    "rows",
    "faults",
    "added",
    "changed",
    "ended",
    "unchanged",
    "applied_at",
    "updated_at",
]
CLEAR = ["id", "created_at", "organization_id", "uploaded_by_id", *(set(WRITTEN) - {"content"})]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_policies"),
        ("kernel", "0001_context"),
        ("members", "0002_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterUpload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("applied", "Applied"), ("discarded", "Discarded")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "content",
                    claimflow.lib.phi.fields.EncryptedJSONField(label="roster_upload.content", null=True),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("faults", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("ended", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="members_rosterupload_age")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["applied", "discarded", "waiting"])),
                        name="members_rosterupload_state",
                        violation_error_message="state is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("content__isnull", True), _connector="OR"),
                        name="members_rosterupload_emptied",
                        violation_error_message="A roster that is done keeps no content.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "applied"), _negated=True),
                            models.Q(("applied_at__isnull", False), ("faults", 0)),
                            _connector="OR",
                        ),
                        name="members_rosterupload_applied",
                        violation_error_message="A roster is applied whole, without a faulty cell.",
                    ),
                ],
            },
        ),
        rls.Protect("members_rosterupload"),
        # A roster is its payer's; who brought it is not somebody else.
        rls.Allow(
            "members_rosterupload",
            "payer",
            select=OWN,
            insert=f"{OWN} AND uploaded_by_id = {{user}}",
            update=OWN,
            columns=WRITTEN,
        ),
        rls.Allow("members_rosterupload", "admin", select="{on}", select_columns=sorted(CLEAR)),
        rls.Allow(
            "members_rosterupload", "system", select="{on}", insert="{on}", update="{on}", delete="{on}"
        ),
    ]
