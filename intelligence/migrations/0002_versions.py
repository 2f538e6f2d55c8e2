"""Versions of rules and models, and what a remote model may cost and has cost (rulings 8 and 29)."""

import uuid
from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import claimflow.lib.fields
import claimflow.lib.ids
import intelligence.enums
from claimflow.lib.db import rls
from claimflow.lib.system_user import SYSTEM_USER_ID

OWN = "organization_id = {org}"
PROPOSED = "{on} AND proposed_by_id = {user} AND state = 'shadow' AND activated_by_id IS NULL AND activated_at IS NULL"
# What the program brings itself answers until somebody activates another version.
FIRST = f"""
INSERT INTO intelligence_modelversion (id, created_at, updated_at, kind, rules, scorecard, adapter, model, state,
    proposed_by_id, activated_at)
VALUES ('00000000-0000-7000-8000-000000000002', now(), now(), 'rules', 'rules-3', 'scorecard-1', '', '', 'active', '{SYSTEM_USER_ID}', now());
SET CONSTRAINTS ALL IMMEDIATE
"""  # nosec B608


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_names"),
        ("intelligence", "0001_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RemoteBudget",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.organization",
                    ),
                ),
                ("daily", claimflow.lib.fields.MoneyField(verbose_name="a day, in dollars")),
                ("monthly", claimflow.lib.fields.MoneyField(verbose_name="a month, in dollars")),
            ],
            options={
                "verbose_name": "budget for remote models",
                "verbose_name_plural": "budgets for remote models",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("daily__gte", Decimal("0.00")),
                            ("daily__lte", models.F("monthly")),
                            ("monthly__lte", Decimal("99999999.99")),
                        ),
                        name="intelligence_budget_in_order",
                        violation_error_message="The amount a day is 0 or more, and at most the amount a month.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RemoteCircuit",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "adapter",
                    models.CharField(
                        choices=[("anthropic", "Anthropic"), ("openai", "Openai")],
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("failures", models.IntegerField(default=0)),
                ("open_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "circuit breaker",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("adapter__in", ["anthropic", "openai"])),
                        name="intelligence_circuit_adapter",
                        violation_error_message="adapter is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("failures__gte", 0)),
                        name="intelligence_circuit_failures",
                        violation_error_message="Failures are counted from 0.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(choices=[("rules", "Rules"), ("model", "Model")], max_length=8)),
                ("rules", models.CharField(blank=True, max_length=40)),
                ("scorecard", models.CharField(blank=True, max_length=40)),
                (
                    "adapter",
                    models.CharField(
                        blank=True, choices=[("anthropic", "Anthropic"), ("openai", "Openai")], max_length=12
                    ),
                ),
                ("model", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("shadow", "Shadow"), ("active", "Active"), ("retired", "Retired")],
                        default="shadow",
                        max_length=8,
                    ),
                ),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "activated_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaced",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intelligence.modelversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions of rules and models",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["model", "rules"])),
                        name="intelligence_version_kind",
                        violation_error_message="kind is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "retired", "shadow"])),
                        name="intelligence_version_state",
                        violation_error_message="state is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("adapter", ""),
                                ("kind", intelligence.enums.VersionKind["RULES"]),
                                ("model", ""),
                                models.Q(("rules", ""), _negated=True),
                                models.Q(("scorecard", ""), _negated=True),
                            ),
                            models.Q(
                                ("adapter__in", ["anthropic", "openai"]),
                                ("kind", intelligence.enums.VersionKind["MODEL"]),
                                ("rules", ""),
                                ("scorecard", ""),
                                models.Q(("model", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="intelligence_version_shape",
                        violation_error_message="A version is rules with a scorecard, or a model with its protocol.",
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "rules", "scorecard", "adapter", "model"),
                        name="intelligence_version_once",
                        violation_error_message="This version is already there.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", intelligence.enums.VersionState["ACTIVE"])),
                        fields=("kind",),
                        name="intelligence_version_one_active",
                        violation_error_message="Another version of this kind is active.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("activated_by", None),
                            models.Q(("activated_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="intelligence_version_four_eyes",
                        violation_error_message="Whoever proposed a version does not activate it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", intelligence.enums.VersionState["ACTIVE"]), _negated=True),
                            ("proposed_by", uuid.UUID("00000000-0000-7000-8000-000000000001")),
                            models.Q(("activated_at__isnull", False), ("activated_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="intelligence_version_activated_by_whom",
                        violation_error_message="An active version says who activated it, and when.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RemoteSpending",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("period", models.CharField(choices=[("day", "Day"), ("month", "Month")], max_length=5)),
                ("begins_on", models.DateField()),
                ("reserved", models.BigIntegerField(default=0)),
                ("spent", models.BigIntegerField(default=0)),
                ("calls", models.IntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("period__in", ["day", "month"])),
                        name="intelligence_spending_period",
                        violation_error_message="period is not one of the allowed words.",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "period", "begins_on"), name="intelligence_spending_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("calls__gte", 0), ("reserved__gte", 0), ("spent__gte", 0)),
                        name="intelligence_spending_not_negative",
                        violation_error_message="Nobody spends less than nothing.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("period", intelligence.enums.SpendingPeriod["MONTH"]), _negated=True),
                            ("begins_on__day", 1),
                            _connector="OR",
                        ),
                        name="intelligence_spending_month_begins",
                        violation_error_message="A month begins on its first day.",
                    ),
                ],
            },
        ),
        # Before row security is forced: afterwards even the owner may not insert.
        rls.SQL(FIRST, "DELETE FROM intelligence_modelversion; SET CONSTRAINTS ALL IMMEDIATE"),
        rls.Protect("intelligence_modelversion"),
        rls.Allow("intelligence_modelversion", "payer", select="{on}"),
        rls.Allow("intelligence_modelversion", "auditor", select="{on}"),
        rls.Allow(
            "intelligence_modelversion",
            "admin",
            select="{on}",
            insert=PROPOSED,
            update="{on}",
            columns=["state", "activated_by_id", "activated_at", "replaced_id", "updated_at"],
        ),
        rls.Allow("intelligence_modelversion", "system", select="{on}"),
        rls.Protect("intelligence_remotebudget"),
        rls.Allow("intelligence_remotebudget", "payer", select=OWN),
        rls.Allow(
            "intelligence_remotebudget",
            "admin",
            select="{on}",
            insert="{on}",
            update="{on}",
            columns=["daily", "monthly", "updated_at"],
        ),
        # The system holds the row while it reserves, which PostgreSQL allows to whoever may update.
        rls.Allow(
            "intelligence_remotebudget", "system", select="{on}", update="{on}", columns=["updated_at"]
        ),
        rls.Protect("intelligence_remotespending"),
        rls.Allow("intelligence_remotespending", "payer", select=OWN),
        rls.Allow("intelligence_remotespending", "admin", select="{on}"),
        rls.Allow("intelligence_remotespending", "system", select="{on}", insert="{on}", update="{on}"),
        rls.Protect("intelligence_remotecircuit"),
        rls.Allow("intelligence_remotecircuit", "admin", select="{on}"),
        rls.Allow("intelligence_remotecircuit", "system", select="{on}", insert="{on}", update="{on}"),
    ]
