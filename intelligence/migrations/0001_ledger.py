"""The ledger of suggestions and what people made of them: inserted, never changed (rulings 8 and 34)."""

import uuid
from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import claimflow.lib.ids
import claimflow.lib.phi.fields
import intelligence.enums
from claimflow.lib.db import rls

OWN = "organization_id = {org}"
JUDGED = f"{OWN} AND decided_by_id = {{user}}"
OUTCOME_CLEAR = [
    "id",
    "entry_id",
    "organization_id",
    "verdict",
    "answer",
    "reason",
    "decided_by_id",
    "decided_at",
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("claim_id", models.UUIDField(blank=True, null=True)),
                ("draft_id", models.UUIDField(blank=True, null=True)),
                ("rule_set_id", models.UUIDField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("priority", "Priority"),
                            ("validation_score", "Validation score"),
                            ("code_suggestion", "Code suggestion"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answer", models.CharField(max_length=40)),
                ("confidence", models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                (
                    "contributions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=2, max_digits=7),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("model", models.CharField(max_length=60)),
                ("model_version", models.CharField(max_length=60)),
                ("rules_version", models.CharField(max_length=40)),
                ("facts_mac", models.CharField(max_length=64)),
                ("prompt_mac", models.CharField(blank=True, max_length=64)),
                ("answer_mac", models.CharField(blank=True, max_length=64)),
                ("mac_key_id", models.SmallIntegerField()),
                ("latency", models.PositiveIntegerField()),
                ("cost", models.PositiveBigIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=60)),
                ("is_shadow", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
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
                    "payer",
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
                    "provider",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LedgerOutcome",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "verdict",
                    models.CharField(choices=[("agreed", "Agreed"), ("overrode", "Overrode")], max_length=8),
                ),
                ("answer", models.CharField(blank=True, max_length=40)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("physician_says_urgent", "Physician says urgent"),
                            ("more_urgent", "More urgent"),
                            ("less_urgent", "Less urgent"),
                            ("legal_deadline", "Legal deadline"),
                            ("charge_misleads", "Charge misleads"),
                            ("codes_mislead", "Codes mislead"),
                            ("belongs_with_another", "Belongs with another"),
                            ("run_undone", "Run undone"),
                            ("other", "Other"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "note",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="ledger_outcome.note", max_length=1000, null=True
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="intelligence.ledgerentry",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(
                fields=["organization", "claim_id", "made_at"], name="intelligence_entry_claim"
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["organization", "kind", "made_at"], name="intelligence_entry_time"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(fields=("id", "organization"), name="intelligence_entry_key"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["code_suggestion", "priority", "validation_score"])),
                name="intelligence_entry_kind",
                violation_error_message="kind is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("claim_id__isnull", False),
                        ("draft_id", None),
                        ("organization", models.F("payer")),
                        ("payer__isnull", False),
                    ),
                    models.Q(
                        ("claim_id", None),
                        ("draft_id__isnull", False),
                        ("organization", models.F("provider")),
                        ("payer", None),
                    ),
                    _connector="OR",
                ),
                name="intelligence_entry_whose",
                violation_error_message="A suggestion is about a claim, and the payer's, or about a draft, and the provider's.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidence", None),
                    models.Q(("confidence__gte", Decimal("0")), ("confidence__lte", Decimal("1"))),
                    _connector="OR",
                ),
                name="intelligence_entry_confidence",
                violation_error_message="A confidence lies between 0 and 1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(
                        models.F("reasons"), function="cardinality", output_field=models.IntegerField()
                    ),
                    models.Func(
                        models.F("contributions"), function="cardinality", output_field=models.IntegerField()
                    ),
                ),
                name="intelligence_entry_reasons",
                violation_error_message="Each reason has what it contributed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("facts_mac__regex", "^[0-9a-f]{64}$"),
                    models.Q(("prompt_mac", ""), ("prompt_mac__regex", "^[0-9a-f]{64}$"), _connector="OR"),
                    models.Q(("answer_mac", ""), ("answer_mac__regex", "^[0-9a-f]{64}$"), _connector="OR"),
                ),
                name="intelligence_entry_macs",
                violation_error_message="A seal is 64 hexadecimal digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("failure__regex", "^[A-Za-z0-9_.]*$"), ("answer__regex", "^[A-Za-z0-9_.]+$")
                ),
                name="intelligence_entry_codes",
                violation_error_message="Answers and failures are codes, never sentences.",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgeroutcome",
            index=models.Index(fields=["organization", "decided_at"], name="intelligence_outcome_time"),
        ),
        migrations.AddIndex(
            model_name="ledgeroutcome",
            index=models.Index(fields=["entry", "decided_at"], name="intelligence_outcome_entry"),
        ),
        migrations.AddConstraint(
            model_name="ledgeroutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["agreed", "overrode"])),
                name="intelligence_outcome_verdict",
                violation_error_message="verdict is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgeroutcome",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", intelligence.enums.Verdict["AGREED"])),
                fields=("entry",),
                name="intelligence_outcome_agreed_once",
                violation_error_message="This suggestion was agreed with before.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgeroutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""), ("reason", ""), ("verdict", intelligence.enums.Verdict["AGREED"])
                    ),
                    models.Q(
                        ("answer__regex", "^[A-Za-z0-9_.]+$"),
                        (
                            "reason__in",
                            [
                                "belongs_with_another",
                                "charge_misleads",
                                "codes_mislead",
                                "legal_deadline",
                                "less_urgent",
                                "more_urgent",
                                "other",
                                "physician_says_urgent",
                                "run_undone",
                            ],
                        ),
                        ("verdict", intelligence.enums.Verdict["OVERRODE"]),
                    ),
                    _connector="OR",
                ),
                name="intelligence_outcome_says_why",
                violation_error_message="Whoever overrides a suggestion says with what, and why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgeroutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", intelligence.enums.OverrideReason["OTHER"]), _negated=True),
                    ("note__isnull", False),
                    _connector="OR",
                ),
                name="intelligence_outcome_other_in_words",
                violation_error_message="Another reason is given in words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgeroutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", uuid.UUID("00000000-0000-7000-8000-000000000001")), _negated=True
                ),
                name="intelligence_outcome_by_a_person",
                violation_error_message="A person judges a suggestion, never the system itself.",
            ),
        ),
        rls.SQL(
            """ALTER TABLE intelligence_ledgeroutcome ADD CONSTRAINT intelligence_outcome_of_entry
            FOREIGN KEY (entry_id, organization_id) REFERENCES intelligence_ledgerentry (id, organization_id)
            DEFERRABLE INITIALLY DEFERRED""",
            "ALTER TABLE intelligence_ledgeroutcome DROP CONSTRAINT intelligence_outcome_of_entry",
        ),
        # Suggestions are the system's to write and one side's to read.
        rls.Protect("intelligence_ledgerentry"),
        rls.Allow("intelligence_ledgerentry", "provider", select=OWN),
        rls.Allow("intelligence_ledgerentry", "payer", select=OWN),
        rls.Allow("intelligence_ledgerentry", "admin", select="{on}"),
        rls.Allow("intelligence_ledgerentry", "system", select="{on}", insert="{on}"),
        # Whoever judges signs with the own name; the system writes for the person whose run it carries out.
        rls.Protect("intelligence_ledgeroutcome"),
        rls.Allow("intelligence_ledgeroutcome", "provider", select=OWN, insert=JUDGED),
        rls.Allow("intelligence_ledgeroutcome", "payer", select=OWN, insert=JUDGED),
        rls.Allow("intelligence_ledgeroutcome", "admin", select="{on}", select_columns=OUTCOME_CLEAR),
        rls.Allow(
            "intelligence_ledgeroutcome",
            "system",
            select="{on}",
            insert="{on}",
            update="{on} AND {purpose} IN ('rekey', 'erase')",
            columns=["note"],
        ),
    ]
