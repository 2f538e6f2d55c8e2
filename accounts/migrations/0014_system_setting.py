import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import claimflow.lib.ids
from claimflow.lib.db import rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_alerts"),
    ]

    operations = [
        migrations.CreateModel(
            name="SystemSetting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("key", models.CharField(editable=False, max_length=50, unique=True, verbose_name="setting")),
                (
                    "type",
                    models.CharField(
                        choices=[("number", "Number"), ("string", "String")], editable=False, max_length=10
                    ),
                ),
                ("value", models.JSONField(verbose_name="value")),
                (
                    "description",
                    models.CharField(editable=False, max_length=300, verbose_name="what it does"),
                ),
                (
                    "is_public",
                    models.BooleanField(default=False, editable=False, verbose_name="anybody can read it"),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "system setting",
                "verbose_name_plural": "system settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("type__in", ["number", "string"])),
                        name="system_setting_type_known",
                        violation_error_message="type is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type",
                                models.Func(
                                    models.F("value"),
                                    function="jsonb_typeof",
                                    output_field=models.CharField(),
                                ),
                            )
                        ),
                        name="system_setting_typed",
                        violation_error_message="A setting has a value of its own type.",
                    ),
                ],
            },
        ),
        rls.Public(
            "accounts_systemsetting",
            reason="figures and notices of the platform, no secrets; filled by the owner after migrate",
            kinds=("login", *rls.SIGNED_IN),
            writers=(),
        ),
        rls.Allow(
            "accounts_systemsetting",
            "admin",
            update="{on}",
            columns=["value", "changed_by_id", "updated_at"],
        ),
        rls.Function(
            "ops.public_settings()",
            returns="TABLE (key text, value jsonb)",
            body="SELECT s.key::text, s.value FROM public.accounts_systemsetting s WHERE s.is_public",
            execute=rls.KINDS,
            language="sql",
            volatility="STABLE",
        ),
    ]
