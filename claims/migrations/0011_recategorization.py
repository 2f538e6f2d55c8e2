"""Runs of the rules over many waiting claims: asked by a person, worked on by the system (rulings 8 to 10)."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import claimflow.lib.ids
import claims.enums
import intelligence.enums
from claimflow.lib.db import rls

STEPS = ["state", "undone_by_id", "updated_at"]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_names"),
        ("claims", "0010_validated_while_serving"),
        ("intelligence", "0001_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recategorization",
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
                        choices=[
                            ("counting", "Counting"),
                            ("ready", "Ready"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("undoing", "Undoing"),
                            ("undone", "Undone"),
                            ("discarded", "Discarded"),
                        ],
                        default=claims.enums.RunState["COUNTING"],
                        max_length=10,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        choices=[("urgent", "Urgent"), ("standard", "Standard"), ("routine", "Routine")],
                        max_length=8,
                        verbose_name="priority now",
                    ),
                ),
                (
                    "waited_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(3650)],
                        verbose_name="days waited, at least",
                    ),
                ),
                (
                    "code",
                    models.CharField(blank=True, max_length=10, verbose_name="first procedure or diagnosis"),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("cursor", models.CharField(blank=True, editable=False, max_length=1000)),
                ("counted", models.PositiveIntegerField(default=0)),
                ("proposed", models.PositiveIntegerField(default=0)),
                ("applied", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("undone", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("crossing", models.JSONField(blank=True, default=dict)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "re-categorization",
            },
        ),
        migrations.CreateModel(
            name="RecategorizationItem",
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
                        choices=[
                            ("proposed", "Proposed"),
                            ("applied", "Applied"),
                            ("skipped", "Skipped"),
                            ("undone", "Undone"),
                            ("kept", "Kept"),
                        ],
                        default=claims.enums.RunItemState["PROPOSED"],
                        max_length=8,
                    ),
                ),
                (
                    "earlier_priority",
                    models.CharField(
                        choices=[("urgent", "Urgent"), ("standard", "Standard"), ("routine", "Routine")],
                        max_length=8,
                    ),
                ),
                (
                    "earlier_source",
                    models.CharField(
                        choices=[
                            ("rules", "Rules"),
                            ("fallback", "Fallback"),
                            ("payer", "Payer"),
                            ("escalation", "Escalation"),
                            ("model", "Model"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "earlier_reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("earlier_due_at", models.DateTimeField()),
                (
                    "priority",
                    models.CharField(
                        choices=[("urgent", "Urgent"), ("standard", "Standard"), ("routine", "Routine")],
                        max_length=8,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recategorizations",
                        to="claims.claim",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intelligence.ledgerentry",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="claims.recategorization",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="recategorization",
            index=models.Index(fields=["payer", "-created_at"], name="claims_recategorization_own"),
        ),
        migrations.AddConstraint(
            model_name="recategorization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["counting", "discarded", "done", "ready", "running", "undoing", "undone"])
                ),
                name="claims_recategorization_state",
                violation_error_message="state is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recategorization",
            constraint=models.UniqueConstraint(fields=("id", "payer"), name="claims_recategorization_key"),
        ),
        migrations.AddConstraint(
            model_name="recategorization",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            claims.enums.RunState["COUNTING"],
                            claims.enums.RunState["READY"],
                            claims.enums.RunState["RUNNING"],
                            claims.enums.RunState["UNDOING"],
                        ],
                    )
                ),
                fields=("payer",),
                name="claims_recategorization_one_open",
                violation_error_message="Another re-categorization of this payer is not finished.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recategorization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "priority__in",
                        [
                            "",
                            intelligence.enums.Priority["ROUTINE"],
                            intelligence.enums.Priority["STANDARD"],
                            intelligence.enums.Priority["URGENT"],
                        ],
                    )
                ),
                name="claims_recategorization_priority",
                violation_error_message="Choose urgent, standard, routine, or any.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recategorization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", [claims.enums.RunState["UNDOING"], claims.enums.RunState["UNDONE"]]),
                        _negated=True,
                    ),
                    ("undone_by__isnull", False),
                    _connector="OR",
                ),
                name="claims_recategorization_undone_by_whom",
                violation_error_message="Who takes a run back is named.",
            ),
        ),
        migrations.AddIndex(
            model_name="recategorizationitem",
            index=models.Index(fields=["run", "state", "id"], name="claims_runitem_state"),
        ),
        migrations.AddConstraint(
            model_name="recategorizationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["applied", "kept", "proposed", "skipped", "undone"])),
                name="claims_recategorizationitem_state",
                violation_error_message="state is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recategorizationitem",
            constraint=models.UniqueConstraint(
                fields=("run", "claim"), name="claims_recategorizationitem_once"
            ),
        ),
        rls.SQL(
            """ALTER TABLE claims_recategorizationitem
            ADD CONSTRAINT claims_recategorizationitem_claim FOREIGN KEY (claim_id, provider_id, payer_id)
                REFERENCES claims_claim (id, provider_id, payer_id) DEFERRABLE INITIALLY DEFERRED,
            ADD CONSTRAINT claims_recategorizationitem_of_run FOREIGN KEY (run_id, payer_id)
                REFERENCES claims_recategorization (id, payer_id) DEFERRABLE INITIALLY DEFERRED,
            ADD CONSTRAINT claims_recategorizationitem_entry FOREIGN KEY (entry_id, payer_id)
                REFERENCES intelligence_ledgerentry (id, organization_id) DEFERRABLE INITIALLY DEFERRED;
            ALTER TABLE claims_recategorization
            ADD CONSTRAINT claims_recategorization_payer FOREIGN KEY (payer_id)
                REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
            ADD CONSTRAINT claims_recategorization_provider FOREIGN KEY (provider_id)
                REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED""",
            """ALTER TABLE claims_recategorizationitem DROP CONSTRAINT claims_recategorizationitem_claim,
            DROP CONSTRAINT claims_recategorizationitem_of_run, DROP CONSTRAINT claims_recategorizationitem_entry;
            ALTER TABLE claims_recategorization DROP CONSTRAINT claims_recategorization_payer,
            DROP CONSTRAINT claims_recategorization_provider""",
        ),
        rls.Protect("claims_recategorization"),
        rls.Allow(
            "claims_recategorization",
            "payer",
            select="payer_id = {org}",
            insert="payer_id = {org} AND asked_by_id = {user} AND state = 'counting' AND counted = 0",
            update="payer_id = {org}",
            columns=STEPS,
        ),
        rls.Allow(
            "claims_recategorization",
            "admin",
            select="{on}",
            insert="{on} AND asked_by_id = {user} AND state = 'counting' AND counted = 0",
            update="{on}",
            columns=STEPS,
        ),
        rls.Allow("claims_recategorization", "system", select="{on}", insert="{on}", update="{on}"),
        rls.Protect("claims_recategorizationitem"),
        rls.Allow("claims_recategorizationitem", "payer", select="payer_id = {org}"),
        rls.Allow("claims_recategorizationitem", "admin", select="{on}"),
        rls.Allow(
            "claims_recategorizationitem",
            "system",
            select="{on}",
            insert="{on}",
            update="{on}",
            columns=["state", "entry_id", "updated_at"],
        ),
    ]
