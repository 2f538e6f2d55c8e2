from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import claimflow.lib.fields
import claimflow.lib.ids
import claimflow.lib.phi.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_policies"),
        ("members", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DayCounter",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("n", models.PositiveIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Claim",
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
                    "line_of_business",
                    models.CharField(
                        choices=[
                            ("commercial", "Commercial"),
                            ("exchange", "Exchange"),
                            ("employer", "Employer"),
                            ("medicare_advantage", "Medicare advantage"),
                            ("medicare", "Medicare"),
                            ("medicaid", "Medicaid"),
                            ("military", "Military"),
                            ("workers_compensation", "Workers compensation"),
                            ("other", "Other"),
                        ],
                        max_length=24,
                    ),
                ),
                ("jurisdiction", models.CharField(max_length=2)),
                (
                    "channel",
                    models.CharField(
                        choices=[("web", "Web"), ("csv", "Csv"), ("x12", "X12"), ("api", "Api")],
                        default="web",
                        max_length=4,
                    ),
                ),
                (
                    "claim_type",
                    models.CharField(
                        choices=[
                            ("professional", "Professional"),
                            ("institutional", "Institutional"),
                            ("dental", "Dental"),
                        ],
                        default="professional",
                        max_length=13,
                    ),
                ),
                (
                    "frequency_code",
                    models.CharField(choices=[("1", "1"), ("7", "7"), ("8", "8")], default="1", max_length=1),
                ),
                ("form_token", models.UUIDField(editable=False)),
                ("claim_number", models.CharField(blank=True, max_length=32, null=True)),
                ("number_day", models.DateField(blank=True, null=True)),
                ("number_n", models.IntegerField(blank=True, null=True)),
                ("seq", claimflow.lib.fields.IdentityField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "Submitted"),
                            ("rejected", "Rejected"),
                            ("received", "Received"),
                            ("in_review", "In review"),
                            ("pended", "Pended"),
                            ("approved", "Approved"),
                            ("partially_approved", "Partially approved"),
                            ("denied", "Denied"),
                            ("remitted", "Remitted"),
                            ("under_appeal", "Under appeal"),
                            ("voided", "Voided"),
                            ("replaced", "Replaced"),
                        ],
                        default="submitted",
                        max_length=20,
                    ),
                ),
                (
                    "public_status",
                    models.CharField(
                        blank=True,
                        choices=[("submitted", "Submitted"), ("approved", "Approved"), ("denied", "Denied")],
                        default="submitted",
                        max_length=9,
                        null=True,
                    ),
                ),
                (
                    "turn",
                    models.CharField(
                        choices=[("provider", "Provider"), ("payer", "Payer"), ("none", "None")],
                        default="payer",
                        max_length=8,
                    ),
                ),
                (
                    "clock",
                    models.CharField(
                        choices=[("running", "Running"), ("paused", "Paused"), ("stopped", "Stopped")],
                        default="stopped",
                        max_length=7,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[("urgent", "Urgent"), ("standard", "Standard"), ("routine", "Routine")],
                        default="standard",
                        max_length=8,
                    ),
                ),
                ("rank", models.SmallIntegerField(default=2)),
                ("rank_desc", models.SmallIntegerField(default=-2)),
                (
                    "priority_source",
                    models.CharField(
                        choices=[("rules", "Rules"), ("fallback", "Fallback"), ("payer", "Payer")],
                        default="fallback",
                        max_length=8,
                    ),
                ),
                (
                    "priority_reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("clean_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField()),
                ("adjudicated_at", models.DateTimeField(blank=True, null=True)),
                ("billed_amount", claimflow.lib.fields.MoneyField()),
                ("approved_amount", claimflow.lib.fields.MoneyField(blank=True, null=True)),
                ("paid_amount", claimflow.lib.fields.MoneyField(blank=True, null=True)),
                ("patient_responsibility", claimflow.lib.fields.MoneyField(blank=True, null=True)),
                ("amount_paid_by_patient", claimflow.lib.fields.MoneyField(default=0)),
                ("denial_reason_code", models.CharField(blank=True, max_length=30)),
                (
                    "denial_explanation",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.denial_explanation", max_length=4000, null=True
                    ),
                ),
                ("service_date", models.DateField()),
                ("service_date_to", models.DateField()),
                ("cpt_code", models.CharField(max_length=10)),
                ("icd10_code", models.CharField(max_length=10)),
                ("billing_npi", models.CharField(max_length=10)),
                ("billing_name", models.CharField(max_length=120)),
                ("billing_taxonomy", models.CharField(blank=True, max_length=10)),
                (
                    "billing_tax_id",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.billing_tax_id", max_length=9, null=True
                    ),
                ),
                (
                    "billing_tax_id_kind",
                    models.CharField(blank=True, choices=[("ein", "Ein"), ("ssn", "Ssn")], max_length=3),
                ),
                ("rendering_npi", models.CharField(blank=True, max_length=10)),
                ("rendering_name", models.CharField(blank=True, max_length=201)),
                ("referring_npi", models.CharField(blank=True, max_length=10)),
                ("referring_name", models.CharField(blank=True, max_length=201)),
                (
                    "referring_qualifier",
                    models.CharField(
                        blank=True, choices=[("DN", "Dn"), ("DK", "Dk"), ("DQ", "Dq")], max_length=2
                    ),
                ),
                ("facility_npi", models.CharField(blank=True, max_length=10)),
                ("facility_name", models.CharField(blank=True, max_length=120)),
                (
                    "patient_first_name",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        label="claim.patient_first_name", max_length=100
                    ),
                ),
                (
                    "patient_last_name",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        label="claim.patient_last_name", max_length=100
                    ),
                ),
                (
                    "patient_birth_date",
                    claimflow.lib.phi.fields.EncryptedDateField(label="claim.patient_birth_date"),
                ),
                (
                    "patient_sex",
                    models.CharField(choices=[("F", "F"), ("M", "M"), ("U", "U")], default="U", max_length=1),
                ),
                (
                    "patient_address",
                    claimflow.lib.phi.fields.EncryptedJSONField(
                        blank=True, label="claim.patient_address", null=True
                    ),
                ),
                (
                    "patient_phone",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.patient_phone", max_length=30, null=True
                    ),
                ),
                (
                    "relationship",
                    models.CharField(
                        choices=[
                            ("self", "Self"),
                            ("spouse", "Spouse"),
                            ("child", "Child"),
                            ("other", "Other"),
                        ],
                        default="self",
                        max_length=6,
                    ),
                ),
                (
                    "member_id",
                    claimflow.lib.phi.fields.EncryptedTextField(label="claim.member_id", max_length=50),
                ),
                (
                    "group_number",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.group_number", max_length=50, null=True
                    ),
                ),
                (
                    "insured_first_name",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.insured_first_name", max_length=100, null=True
                    ),
                ),
                (
                    "insured_last_name",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.insured_last_name", max_length=100, null=True
                    ),
                ),
                (
                    "insured_birth_date",
                    claimflow.lib.phi.fields.EncryptedDateField(
                        blank=True, label="claim.insured_birth_date", null=True
                    ),
                ),
                (
                    "insured_sex",
                    models.CharField(blank=True, choices=[("F", "F"), ("M", "M"), ("U", "U")], max_length=1),
                ),
                (
                    "insured_address",
                    claimflow.lib.phi.fields.EncryptedJSONField(
                        blank=True, label="claim.insured_address", null=True
                    ),
                ),
                ("has_other_coverage", models.BooleanField(default=False)),
                (
                    "other_insured",
                    claimflow.lib.phi.fields.EncryptedJSONField(
                        blank=True, label="claim.other_insured", null=True
                    ),
                ),
                (
                    "patient_account_number",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.patient_account_number", max_length=38, null=True
                    ),
                ),
                (
                    "authorization_number",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.authorization_number", max_length=50, null=True
                    ),
                ),
                (
                    "accident_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list, size=None
                    ),
                ),
                ("accident_state", models.CharField(blank=True, max_length=2)),
                ("accident_date", models.DateField(blank=True, null=True)),
                ("claim_codes", models.CharField(blank=True, max_length=19)),
                ("onset_date", models.DateField(blank=True, null=True)),
                (
                    "onset_qualifier",
                    models.CharField(blank=True, choices=[("431", "431"), ("484", "484")], max_length=3),
                ),
                ("other_date", models.DateField(blank=True, null=True)),
                ("other_date_qualifier", models.CharField(blank=True, max_length=3)),
                ("unable_to_work_from", models.DateField(blank=True, null=True)),
                ("unable_to_work_to", models.DateField(blank=True, null=True)),
                ("hospitalized_from", models.DateField(blank=True, null=True)),
                ("hospitalized_to", models.DateField(blank=True, null=True)),
                (
                    "additional_information",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="claim.additional_information", max_length=400, null=True
                    ),
                ),
                ("outside_lab", models.BooleanField(default=False)),
                ("outside_lab_charge", claimflow.lib.fields.MoneyField(blank=True, null=True)),
                ("patient_signature_on_file", models.BooleanField(default=False)),
                ("benefits_assigned", models.BooleanField(default=False)),
                ("accepts_assignment", models.BooleanField(default=False)),
                ("case_id", models.UUIDField(blank=True, null=True)),
                ("original_reference", models.CharField(blank=True, max_length=50)),
                ("member_bidx", models.CharField(editable=False, max_length=32)),
                ("provider_name_bidx", models.CharField(editable=False, max_length=32)),
                ("provider_birth_bidx", models.CharField(editable=False, max_length=32)),
                ("payer_name_bidx", models.CharField(editable=False, max_length=32)),
                ("payer_birth_bidx", models.CharField(editable=False, max_length=32)),
                ("bi_key_id", models.SmallIntegerField(editable=False)),
                (
                    "adjudicated_by",
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
                    "billing_provider",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.billingprovider",
                    ),
                ),
                (
                    "coverage",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.coverage",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.facility",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.patient",
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
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.plan",
                    ),
                ),
                (
                    "prior_claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later_claims",
                        to="claims.claim",
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
                    "referring_practitioner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.practitioner",
                    ),
                ),
                (
                    "rendering_practitioner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.practitioner",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("original", "Original"),
                            ("correction", "Correction"),
                            ("reversal", "Reversal"),
                            ("appeal", "Appeal"),
                        ],
                        default="original",
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("partially_approved", "Partially approved"),
                            ("denied", "Denied"),
                        ],
                        max_length=18,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                ("charge", claimflow.lib.fields.MoneyField()),
                ("allowed", claimflow.lib.fields.MoneyField()),
                ("paid", claimflow.lib.fields.MoneyField()),
                ("patient_responsibility", claimflow.lib.fields.MoneyField()),
                ("denial_reason_code", models.CharField(blank=True, max_length=30)),
                (
                    "explanation",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="decision.explanation", max_length=4000, null=True
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="claims.claim",
                    ),
                ),
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
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="claims.decision",
                    ),
                ),
            ],
            options={
                "ordering": ("claim", "version"),
            },
        ),
        migrations.AddField(
            model_name="claim",
            name="current_decision",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.decision",
            ),
        ),
        migrations.CreateModel(
            name="LineDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("partially_approved", "Partially approved"),
                            ("denied", "Denied"),
                        ],
                        max_length=18,
                    ),
                ),
                ("charge", claimflow.lib.fields.MoneyField()),
                ("allowed", claimflow.lib.fields.MoneyField()),
                ("paid", claimflow.lib.fields.MoneyField()),
                ("deductible", claimflow.lib.fields.MoneyField(default=Decimal("0.00"))),
                ("copay", claimflow.lib.fields.MoneyField(default=Decimal("0.00"))),
                ("coinsurance", claimflow.lib.fields.MoneyField(default=Decimal("0.00"))),
                ("patient_responsibility", claimflow.lib.fields.MoneyField(default=Decimal("0.00"))),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line_decisions",
                        to="claims.claim",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="claims.decision",
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
            ],
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "group",
                    models.CharField(
                        choices=[("CO", "CO"), ("PR", "PR"), ("OA", "OA"), ("PI", "PI")], max_length=2
                    ),
                ),
                ("reason_code", models.CharField(max_length=5)),
                ("amount", claimflow.lib.fields.MoneyField()),
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
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="claims.claim",
                    ),
                ),
                (
                    "line_decision",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="claims.linedecision",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayerNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("general", "General"), ("decision", "Decision")],
                        default="general",
                        max_length=8,
                    ),
                ),
                (
                    "body",
                    claimflow.lib.phi.fields.EncryptedTextField(label="payer_note.body", max_length=4000),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payer_notes",
                        to="claims.claim",
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
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
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
                            ("saved", "Saved"),
                            ("awaiting_second", "Awaiting second"),
                            ("returned", "Returned"),
                            ("decided", "Decided"),
                        ],
                        default="saved",
                        max_length=15,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("content", claimflow.lib.phi.fields.EncryptedJSONField(label="proposal.content")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "comment",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="proposal.comment", max_length=4000, null=True
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="claims.claim",
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
                    "proposer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "reviewer",
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
        ),
        migrations.CreateModel(
            name="ProviderNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "body",
                    claimflow.lib.phi.fields.EncryptedTextField(label="provider_note.body", max_length=4000),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provider_notes",
                        to="claims.claim",
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
            ],
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField()),
                ("effective_from", models.DateField()),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
                ("filing_limit_days", models.PositiveSmallIntegerField(default=365)),
                ("member_id_shortest", models.PositiveSmallIntegerField(default=1)),
                ("member_id_longest", models.PositiveSmallIntegerField(default=50)),
                ("member_id_hyphens", models.BooleanField(default=True)),
                ("severities", models.JSONField(blank=True, default=dict)),
                ("content_hash", models.CharField(max_length=64)),
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
                    "payer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="decision",
            name="rule_set",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.ruleset",
            ),
        ),
        migrations.CreateModel(
            name="ClaimFinding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[("submission", "Submission"), ("receipt", "Receipt")], max_length=10
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                (
                    "severity",
                    models.CharField(
                        choices=[("error", "Error"), ("warning", "Warning"), ("info", "Info")], max_length=7
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=60)),
                ("line_no", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("values", models.JSONField(blank=True, default=dict)),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="claims.claim",
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
                    "rule_set",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.ruleset",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="claim",
            name="rule_set",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.ruleset",
            ),
        ),
        migrations.CreateModel(
            name="RuleSetInternal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("auto_approve", models.BooleanField(default=False)),
                ("auto_approve_limit", claimflow.lib.fields.MoneyField(default=Decimal("0.00"))),
                ("authority", models.JSONField(blank=True, default=dict)),
                ("priority", models.JSONField(blank=True, default=dict)),
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
                    "rule_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="internal",
                        to="claims.ruleset",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("line_no", models.PositiveSmallIntegerField()),
                (
                    "procedure_system",
                    models.CharField(
                        choices=[("cpt", "cpt"), ("hcpcs", "hcpcs"), ("demo", "demo")], max_length=5
                    ),
                ),
                ("procedure_code", models.CharField(max_length=10)),
                ("description", models.CharField(blank=True, max_length=255)),
                (
                    "modifiers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), blank=True, default=list, size=None
                    ),
                ),
                (
                    "pointers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=1), size=None
                    ),
                ),
                ("date_from", models.DateField()),
                ("date_to", models.DateField()),
                ("place_of_service", models.CharField(max_length=2)),
                ("units", models.DecimalField(decimal_places=3, default=Decimal("1.000"), max_digits=9)),
                (
                    "unit_basis",
                    models.CharField(choices=[("UN", "Un"), ("MJ", "Mj")], default="UN", max_length=2),
                ),
                ("charge", claimflow.lib.fields.MoneyField()),
                ("rendering_npi", models.CharField(blank=True, max_length=10)),
                ("revenue_code", models.CharField(blank=True, max_length=4)),
                ("is_emergency", models.BooleanField(default=False)),
                ("is_epsdt", models.BooleanField(default=False)),
                (
                    "authorization_number",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="service_line.authorization_number", max_length=50, null=True
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="claims.claim",
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
            ],
            options={
                "ordering": ("claim", "line_no"),
            },
        ),
        migrations.AddField(
            model_name="linedecision",
            name="line",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="claims.serviceline",
            ),
        ),
        migrations.CreateModel(
            name="StateTransition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("submitted", "Submitted"),
                            ("rejected", "Rejected"),
                            ("received", "Received"),
                            ("in_review", "In review"),
                            ("pended", "Pended"),
                            ("approved", "Approved"),
                            ("partially_approved", "Partially approved"),
                            ("denied", "Denied"),
                            ("remitted", "Remitted"),
                            ("under_appeal", "Under appeal"),
                            ("voided", "Voided"),
                            ("replaced", "Replaced"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("submitted", "Submitted"),
                            ("rejected", "Rejected"),
                            ("received", "Received"),
                            ("in_review", "In review"),
                            ("pended", "Pended"),
                            ("approved", "Approved"),
                            ("partially_approved", "Partially approved"),
                            ("denied", "Denied"),
                            ("remitted", "Remitted"),
                            ("under_appeal", "Under appeal"),
                            ("voided", "Voided"),
                            ("replaced", "Replaced"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("provider", "Provider"), ("payer", "Payer"), ("system", "System")],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "target", "side"), name="claims_statetransition_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "approved",
                                    "denied",
                                    "in_review",
                                    "partially_approved",
                                    "pended",
                                    "received",
                                    "rejected",
                                    "remitted",
                                    "replaced",
                                    "submitted",
                                    "under_appeal",
                                    "voided",
                                ],
                            )
                        ),
                        name="claims_statetransition_source",
                        violation_error_message="source is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "target__in",
                                [
                                    "approved",
                                    "denied",
                                    "in_review",
                                    "partially_approved",
                                    "pended",
                                    "received",
                                    "rejected",
                                    "remitted",
                                    "replaced",
                                    "submitted",
                                    "under_appeal",
                                    "voided",
                                ],
                            )
                        ),
                        name="claims_statetransition_target",
                        violation_error_message="target is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["payer", "provider", "system"])),
                        name="claims_statetransition_side",
                        violation_error_message="side is not one of the allowed words.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("until", models.DateTimeField()),
                (
                    "adjudicator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assigned_by",
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="claims.claim",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["payer", "adjudicator", "created_at"], name="claims_assignment_mine"
                    ),
                    models.Index(fields=["until"], name="claims_assignment_until"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("claim",),
                        name="claims_assignment_once",
                        violation_error_message="Somebody else is working on this claim.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AdjustmentRemark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("code", models.CharField(max_length=5)),
                (
                    "adjustment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="claims.adjustment",
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
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="claims.claim",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("adjustment", "code"), name="claims_adjustmentremark_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^(M|MA|N)[0-9]{1,4}$")),
                        name="claims_adjustmentremark_code",
                        violation_error_message="This is not the form of a remark code.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("copy", "Copy"),
                            ("replacement", "Replacement"),
                            ("void", "Void"),
                        ],
                        default="new",
                        max_length=11,
                    ),
                ),
                ("form_token", models.UUIDField(editable=False)),
                ("content", claimflow.lib.phi.fields.EncryptedJSONField(label="claim_draft.content")),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "predecessor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="claims.claim",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "-updated_at", "-id"], name="claims_draft_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "form_token"),
                        name="claims_claimdraft_form_token_once",
                        violation_error_message="This form already has a draft.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["copy", "new", "replacement", "void"])),
                        name="claims_claimdraft_purpose",
                        violation_error_message="purpose is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purpose", "new"), ("predecessor__isnull", False), _connector="OR"
                        ),
                        name="claims_claimdraft_has_predecessor",
                        violation_error_message="A copy, replacement or void names the claim it follows.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimSnapshot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("form", models.PositiveSmallIntegerField(default=1)),
                ("content", claimflow.lib.phi.fields.EncryptedTextField(label="claim_snapshot.content")),
                ("mac", models.CharField(max_length=64)),
                ("mac_key_id", models.SmallIntegerField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="claims.claim",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("claim",), name="claims_snapshot_once"),
                    models.CheckConstraint(
                        condition=models.Q(("mac__regex", "^[0-9a-f]{64}$")),
                        name="claims_snapshot_mac",
                        violation_error_message="The snapshot's seal is 64 hexadecimal digits.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("letter", models.CharField(max_length=1)),
                ("code", models.CharField(max_length=10)),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="diagnoses",
                        to="claims.claim",
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
            ],
            options={
                "verbose_name_plural": "diagnoses",
                "ordering": ("claim", "letter"),
                "constraints": [
                    models.UniqueConstraint(fields=("claim", "letter"), name="claims_diagnosis_letter_once"),
                    models.UniqueConstraint(
                        fields=("claim", "code"),
                        name="claims_diagnosis_code_once",
                        violation_error_message="This diagnosis is already on the claim.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("letter__in", ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"])
                        ),
                        name="claims_diagnosis_letter",
                        violation_error_message="Diagnoses are lettered A to L.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z][0-9][0-9A-Z](\\.?[0-9A-Z]{1,4})?$")),
                        name="claims_diagnosis_code",
                        violation_error_message="This is not the form of an ICD-10-CM code.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
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
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), size=None
                    ),
                ),
                (
                    "note",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="hold.note", max_length=4000, null=True
                    ),
                ),
                (
                    "turn",
                    models.CharField(
                        choices=[("provider", "Provider"), ("payer", "Payer"), ("none", "None")], max_length=8
                    ),
                ),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "no_timer_because",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="hold.no_timer_because", max_length=400, null=True
                    ),
                ),
                ("placed_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="claims.claim",
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
                    "placed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "resolved_by",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=["until"],
                        name="claims_hold_until",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at", None)),
                        fields=("claim",),
                        name="claims_hold_one_open",
                        violation_error_message="This claim is already pended.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("turn__in", ["none", "payer", "provider"])),
                        name="claims_hold_turn",
                        violation_error_message="turn is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reasons__len__gte", 1),
                            (
                                "reasons__contained_by",
                                [
                                    "records_needed",
                                    "information_needed",
                                    "other_insurance",
                                    "authorization_check",
                                    "eligibility_check",
                                    "duplicate_check",
                                    "code_set_not_loaded",
                                    "pricing",
                                    "clinical_review",
                                    "other",
                                ],
                            ),
                        ),
                        name="claims_hold_reasons",
                        violation_error_message="Choose at least one reason to pend.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", False), ("no_timer_because__isnull", False), _connector="OR"
                        ),
                        name="claims_hold_timer",
                        violation_error_message="Set a timer, or say why there is none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at", None), ("resolved_by", None)),
                            models.Q(("resolved_at__isnull", False), ("resolved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="claims_hold_resolved_by_whom",
                        violation_error_message="A resolved hold names who resolved it and when.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.UniqueConstraint(
                fields=("line_decision", "group", "reason_code"),
                name="claims_adjustment_once",
                violation_error_message="Each reason stands once on a line; add the amounts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.UniqueConstraint(fields=("id", "claim"), name="claims_adjustment_key"),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("group__in", ["CO", "PR", "OA", "PI"])),
                name="claims_adjustment_group",
                violation_error_message="The group is CO, PR, OA or PI.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason_code__regex", "^[A-Z]?[0-9]{1,3}$")),
                name="claims_adjustment_reason",
                violation_error_message="This is not the form of an adjustment reason code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True),
                name="claims_adjustment_amount",
                violation_error_message="An adjustment is not zero.",
            ),
        ),
        migrations.AddIndex(
            model_name="payernote",
            index=models.Index(fields=["claim", "created_at"], name="claims_payernote_claim"),
        ),
        migrations.AddConstraint(
            model_name="payernote",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["decision", "general"])),
                name="claims_payernote_kind",
                violation_error_message="kind is not one of the allowed words.",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["payer", "state", "updated_at"], name="claims_proposal_list"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["awaiting_second", "decided", "returned", "saved"])),
                name="claims_proposal_state",
                violation_error_message="state is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "decided"), _negated=True),
                fields=("claim",),
                name="claims_proposal_one_open",
                violation_error_message="There is already unfinished work on this claim.",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    models.Q(
                        ("comment__isnull", False),
                        ("reviewed_at__isnull", False),
                        ("reviewer__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="claims_proposal_returned_why",
                violation_error_message="Returned work names who returned it, when and why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewer", None),
                    models.Q(("reviewer", models.F("proposer")), _negated=True),
                    _connector="OR",
                ),
                name="claims_proposal_second_person",
                violation_error_message="The second look is another person's.",
            ),
        ),
        migrations.AddIndex(
            model_name="providernote",
            index=models.Index(fields=["claim", "created_at"], name="claims_providernote_claim"),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                fields=("payer", "version"), name="claims_ruleset_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(fields=("id", "payer"), name="claims_ruleset_key"),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("filing_limit_days__gte", 1),
                    ("member_id_shortest__gte", 1),
                    ("version__gte", 1),
                    ("member_id_longest__gte", models.F("member_id_shortest")),
                    ("member_id_longest__lte", 50),
                ),
                name="claims_ruleset_numbers",
                violation_error_message="Versions, days and lengths count from 1; a member id has at most 50 characters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("activated_at", None), ("activated_by", None)),
                    models.Q(("activated_at__isnull", False), ("activated_by__isnull", False)),
                    _connector="OR",
                ),
                name="claims_ruleset_activated_by_whom",
                violation_error_message="An active rule set names who activated it and when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_hash__regex", "^[0-9a-f]{64}$")),
                name="claims_ruleset_hash",
                violation_error_message="The content hash is 64 hexadecimal digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("id", "claim"), name="claims_decision_key"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("claim", "version"), name="claims_decision_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("supersedes", "claim"),
                name="claims_decision_no_fork",
                violation_error_message="Somebody else has already corrected this decision.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes", None)),
                fields=("claim",),
                name="claims_decision_one_root",
                violation_error_message="Somebody else has already decided this claim.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["appeal", "correction", "original", "reversal"])),
                name="claims_decision_kind",
                violation_error_message="kind is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["approved", "denied", "partially_approved"])),
                name="claims_decision_outcome",
                violation_error_message="outcome is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "original"), ("supersedes", None), ("version", 1)),
                    models.Q(
                        models.Q(("kind", "original"), _negated=True),
                        ("supersedes__isnull", False),
                        ("version__gt", 1),
                    ),
                    _connector="OR",
                ),
                name="claims_decision_kind_of_place",
                violation_error_message="The first decision is the original one; every other supersedes one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "denied"), _negated=True),
                    models.Q(
                        models.Q(("denial_reason_code", ""), _negated=True),
                        ("allowed", Decimal("0.00")),
                        ("explanation__isnull", False),
                        ("paid", Decimal("0.00")),
                    ),
                    _connector="OR",
                ),
                name="claims_decision_denied_why",
                violation_error_message="A denial has a reason, an explanation and no payment.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("kind", "reversal"), _negated=True),
                        ("allowed__lte", models.F("charge")),
                        ("charge__gt", Decimal("0.00")),
                        ("paid__gte", Decimal("0.00")),
                        ("paid__lte", models.F("allowed")),
                        ("patient_responsibility__gte", Decimal("0.00")),
                    ),
                    models.Q(
                        ("kind", "reversal"),
                        ("allowed__gte", models.F("charge")),
                        ("charge__lt", Decimal("0.00")),
                        ("paid__gte", models.F("allowed")),
                        ("paid__lte", Decimal("0.00")),
                        ("patient_responsibility__lte", Decimal("0.00")),
                    ),
                    _connector="OR",
                ),
                name="claims_decision_amounts",
                violation_error_message="Paid is within allowed, allowed within the charge; a reversal negates.",
            ),
        ),
        migrations.AddIndex(
            model_name="claimfinding",
            index=models.Index(fields=["claim", "stage"], name="claims_finding_claim"),
        ),
        migrations.AddConstraint(
            model_name="claimfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["receipt", "submission"])),
                name="claims_claimfinding_stage",
                violation_error_message="stage is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["error", "info", "warning"])),
                name="claims_claimfinding_severity",
                violation_error_message="severity is not one of the allowed words.",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "received")),
                fields=["payer", "rank", "due_at", "received_at", "seq"],
                name="claims_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "received")),
                fields=["payer", "-rank_desc", "-received_at", "-seq"],
                name="claims_queue_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "received")),
                fields=["payer", "provider", "rank", "due_at", "received_at", "seq"],
                name="claims_queue_provider",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "received")),
                fields=["payer", "billed_amount"],
                name="claims_queue_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "pended")),
                fields=["payer", "due_at", "seq"],
                name="claims_pended",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("adjudicated_at__isnull", False)),
                fields=["payer", "-adjudicated_at", "-seq"],
                name="claims_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("adjudicated_at__isnull", False)),
                fields=["payer", "adjudicated_by", "-adjudicated_at", "-seq"],
                name="claims_decided_mine",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "-created_at", "-seq"], name="claims_provider_newest"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "number_day", "number_n"], name="claims_provider_number"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "service_date", "seq"], name="claims_provider_service"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "submitted_at", "seq"], name="claims_provider_submitted"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "billed_amount", "seq"], name="claims_provider_charge"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "state", "seq"], name="claims_provider_state"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "due_at", "seq"], name="claims_provider_due"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["payer", "member_bidx"], name="claims_payer_member"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["payer", "payer_name_bidx"], name="claims_payer_name"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["payer", "payer_birth_bidx"], name="claims_payer_birth"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "member_bidx"], name="claims_provider_member"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "provider_name_bidx"], name="claims_provider_name"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["provider", "provider_birth_bidx"], name="claims_provider_birth"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("id", "provider", "payer"), name="claims_claim_key"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=("provider", "form_token"),
                name="claims_claim_form_token_once",
                violation_error_message="This form was already submitted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("claim_number",), name="claims_claim_number_once"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=("number_day", "number_n"), name="claims_claim_day_and_count_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "line_of_business__in",
                        [
                            "commercial",
                            "employer",
                            "exchange",
                            "medicaid",
                            "medicare",
                            "medicare_advantage",
                            "military",
                            "other",
                            "workers_compensation",
                        ],
                    )
                ),
                name="claims_claim_line_of_business",
                violation_error_message="line_of_business is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["api", "csv", "web", "x12"])),
                name="claims_claim_channel",
                violation_error_message="channel is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("frequency_code__in", ["1", "7", "8"])),
                name="claims_claim_frequency",
                violation_error_message="frequency_code is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "approved",
                            "denied",
                            "in_review",
                            "partially_approved",
                            "pended",
                            "received",
                            "rejected",
                            "remitted",
                            "replaced",
                            "submitted",
                            "under_appeal",
                            "voided",
                        ],
                    )
                ),
                name="claims_claim_state",
                violation_error_message="state is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("turn__in", ["none", "payer", "provider"])),
                name="claims_claim_turn",
                violation_error_message="turn is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("clock__in", ["paused", "running", "stopped"])),
                name="claims_claim_clock",
                violation_error_message="clock is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority_source__in", ["fallback", "payer", "rules"])),
                name="claims_claim_priority_source",
                violation_error_message="priority_source is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("patient_sex__in", ["F", "M", "U"])),
                name="claims_claim_patient_sex",
                violation_error_message="patient_sex is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("relationship__in", ["child", "other", "self", "spouse"])),
                name="claims_claim_relationship",
                violation_error_message="relationship is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("claim_type", "professional")),
                name="claims_claim_open_types",
                violation_error_message="Only professional claims are open yet.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("jurisdiction__regex", "^[A-Z]{2}$")),
                name="claims_claim_jurisdiction",
                violation_error_message="The jurisdiction is a state, two capital letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim_number", None), ("number_day", None), ("number_n", None)),
                    models.Q(
                        django.db.models.lookups.Exact(
                            models.F("claim_number"),
                            django.db.models.functions.text.Concat(
                                models.Value("CLM-"),
                                django.db.models.functions.comparison.Cast(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.functions.datetime.ExtractYear("number_day"),
                                                "*",
                                                models.Value(10000),
                                            ),
                                            "+",
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.functions.datetime.ExtractMonth(
                                                    "number_day"
                                                ),
                                                "*",
                                                models.Value(100),
                                            ),
                                        ),
                                        "+",
                                        django.db.models.functions.datetime.ExtractDay("number_day"),
                                    ),
                                    models.CharField(),
                                ),
                                models.Value("-"),
                                django.db.models.functions.text.LPad(
                                    django.db.models.functions.comparison.Cast(
                                        "number_n", models.CharField()
                                    ),
                                    models.Func(
                                        models.Value(4),
                                        django.db.models.functions.text.Length(
                                            django.db.models.functions.comparison.Cast(
                                                "number_n", models.CharField()
                                            )
                                        ),
                                        function="GREATEST",
                                        output_field=models.IntegerField(),
                                    ),
                                    models.Value("0"),
                                ),
                            ),
                        ),
                        ("claim_number__isnull", False),
                        ("number_day__isnull", False),
                        ("number_n__gte", 1),
                    ),
                    _connector="OR",
                ),
                name="claims_claim_number_spelled",
                violation_error_message="The number, its day and its count do not agree.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "submitted"), ("claim_number__isnull", False), _connector="OR"),
                name="claims_claim_numbered",
                violation_error_message="A claim has its number once it is received or rejected.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("public_status__in", ("submitted",)),
                        ("public_status__isnull", False),
                        ("state__in", ("submitted", "received", "in_review", "pended")),
                    ),
                    models.Q(
                        ("public_status__in", ("approved",)),
                        ("public_status__isnull", False),
                        ("state__in", ("approved", "partially_approved")),
                    ),
                    models.Q(
                        ("public_status__in", ("denied",)),
                        ("public_status__isnull", False),
                        ("state__in", ("denied",)),
                    ),
                    models.Q(
                        ("public_status__in", ("approved", "denied")),
                        ("public_status__isnull", False),
                        ("state__in", ("remitted", "under_appeal")),
                    ),
                    models.Q(("public_status", None), ("state__in", ("rejected", "voided", "replaced"))),
                    _connector="OR",
                ),
                name="claims_claim_public_status",
                violation_error_message="The public status does not follow from the state.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("clock", "stopped"), ("state", "submitted"), ("turn", "payer")),
                    models.Q(
                        ("clock", "stopped"),
                        ("state", "rejected"),
                        ("turn__in", ("provider", "none")),
                    ),
                    models.Q(
                        ("clock", "running"),
                        ("state__in", ("received", "in_review", "under_appeal")),
                        ("turn", "payer"),
                    ),
                    models.Q(("clock__in", ("running", "paused")), ("state", "pended")),
                    models.Q(
                        ("clock", "stopped"),
                        (
                            "state__in",
                            ("approved", "partially_approved", "denied", "remitted", "voided", "replaced"),
                        ),
                        ("turn", "none"),
                    ),
                    _connector="OR",
                ),
                name="claims_claim_turn_and_clock",
                violation_error_message="Turn and clock do not follow from the state.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("priority", "urgent"), ("rank", 1), ("rank_desc", -1)),
                    models.Q(("priority", "standard"), ("rank", 2), ("rank_desc", -2)),
                    models.Q(("priority", "routine"), ("rank", 3), ("rank_desc", -3)),
                    _connector="OR",
                ),
                name="claims_claim_priority",
                violation_error_message="Priority and rank do not agree.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("billed_amount__gt", Decimal("0.00")), ("billed_amount__lte", Decimal("99999999.99"))
                ),
                name="claims_claim_billed",
                violation_error_message="The total charge is above 0 and at most 99,999,999.99.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_amount", None),
                    models.Q(
                        ("approved_amount__gte", Decimal("0.00")),
                        ("approved_amount__lte", models.F("billed_amount")),
                    ),
                    _connector="OR",
                ),
                name="claims_claim_approved",
                violation_error_message="The approved amount is at most the billed amount.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid_amount", None),
                    models.Q(
                        ("paid_amount__gte", Decimal("0.00")),
                        ("paid_amount__lte", models.F("approved_amount")),
                    ),
                    _connector="OR",
                ),
                name="claims_claim_paid",
                violation_error_message="The paid amount is at most the approved amount.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("patient_responsibility", None),
                    models.Q(
                        ("patient_responsibility__gte", Decimal("0.00")),
                        ("patient_responsibility__lte", models.F("billed_amount")),
                    ),
                    _connector="OR",
                ),
                name="claims_claim_patient_share",
                violation_error_message="The patient's share is at most the billed amount.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_paid_by_patient__gte", Decimal("0.00")),
                    models.Q(
                        ("outside_lab_charge", None),
                        ("outside_lab_charge__gte", Decimal("0.00")),
                        _connector="OR",
                    ),
                ),
                name="claims_claim_small_amounts",
                violation_error_message="Amounts are not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ("submitted", "received", "in_review", "pended", "rejected")),
                        ("adjudicated_at", None),
                        ("adjudicated_by", None),
                        ("approved_amount", None),
                        ("current_decision", None),
                        ("paid_amount", None),
                        ("patient_responsibility", None),
                    ),
                    models.Q(
                        (
                            "state__in",
                            ("approved", "partially_approved", "denied", "remitted", "under_appeal"),
                        ),
                        ("adjudicated_at__isnull", False),
                        ("adjudicated_by__isnull", False),
                        ("approved_amount__isnull", False),
                        ("current_decision__isnull", False),
                        ("paid_amount__isnull", False),
                        ("patient_responsibility__isnull", False),
                    ),
                    models.Q(
                        ("state__in", ("voided", "replaced")),
                        models.Q(
                            models.Q(
                                ("adjudicated_at", None),
                                ("adjudicated_by", None),
                                ("approved_amount", None),
                                ("current_decision", None),
                                ("paid_amount", None),
                                ("patient_responsibility", None),
                            ),
                            models.Q(
                                ("adjudicated_at__isnull", False),
                                ("adjudicated_by__isnull", False),
                                ("approved_amount__isnull", False),
                                ("current_decision__isnull", False),
                                ("paid_amount__isnull", False),
                                ("patient_responsibility__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="claims_claim_decided_by_whom",
                violation_error_message="A decided claim names its decision, its amounts, who decided and when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "denied"), _negated=True),
                    models.Q(
                        models.Q(("denial_reason_code", ""), _negated=True),
                        ("approved_amount", Decimal("0.00")),
                        ("denial_explanation__isnull", False),
                        ("paid_amount", Decimal("0.00")),
                    ),
                    _connector="OR",
                ),
                name="claims_claim_denied_why",
                violation_error_message="A denied claim has a reason, an explanation and no payment.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("approved", "partially_approved")), _negated=True),
                    models.Q(("denial_explanation__isnull", True), ("denial_reason_code", "")),
                    _connector="OR",
                ),
                name="claims_claim_approved_without_denial",
                violation_error_message="An approved claim carries no denial reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("frequency_code", "1"),
                    models.Q(("original_reference", ""), _negated=True),
                    _connector="OR",
                ),
                name="claims_claim_original_reference",
                violation_error_message="A replacement or void names the payer's original claim number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__gte", models.F("received_at")), ("received_at__gte", models.F("submitted_at"))
                ),
                name="claims_claim_times_in_order",
                violation_error_message="A claim is submitted, then received, then due.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("billing_npi", ""), _negated=True),
                name="claims_claim_has_billing_npi",
                violation_error_message="Enter the billing provider's NPI.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("billing_npi", ""), ("billing_npi__regex", "^[12][0-9]{9}$"), _connector="OR"
                ),
                name="claims_claim_billing_npi",
                violation_error_message="An NPI has 10 digits and starts with 1 or 2.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rendering_npi", ""), ("rendering_npi__regex", "^[12][0-9]{9}$"), _connector="OR"
                ),
                name="claims_claim_rendering_npi",
                violation_error_message="An NPI has 10 digits and starts with 1 or 2.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("referring_npi", ""), ("referring_npi__regex", "^[12][0-9]{9}$"), _connector="OR"
                ),
                name="claims_claim_referring_npi",
                violation_error_message="An NPI has 10 digits and starts with 1 or 2.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("facility_npi", ""), ("facility_npi__regex", "^[12][0-9]{9}$"), _connector="OR"
                ),
                name="claims_claim_facility_npi",
                violation_error_message="An NPI has 10 digits and starts with 1 or 2.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("service_date_to__isnull", True),
                    ("service_date_to__gte", models.F("service_date")),
                    _connector="OR",
                ),
                name="claims_claim_service_dates",
                violation_error_message="The end date is before the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unable_to_work_to__isnull", True),
                    ("unable_to_work_to__gte", models.F("unable_to_work_from")),
                    _connector="OR",
                ),
                name="claims_claim_unable_to_work_dates",
                violation_error_message="The end date is before the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hospitalized_to__isnull", True),
                    ("hospitalized_to__gte", models.F("hospitalized_from")),
                    _connector="OR",
                ),
                name="claims_claim_hospital_dates",
                violation_error_message="The end date is before the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("accident_types__contained_by", ["employment", "auto", "other"])),
                name="claims_claim_accident_types",
                violation_error_message="An accident is employment, auto or other.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("accident_types__contains", ["auto"]), _negated=True),
                        ("accident_state", ""),
                    ),
                    ("accident_state__regex", "^[A-Z]{2}$"),
                    _connector="OR",
                ),
                name="claims_claim_accident_state",
                violation_error_message="Enter the state where the auto accident happened.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulesetinternal",
            constraint=models.UniqueConstraint(fields=("rule_set",), name="claims_rulesetinternal_once"),
        ),
        migrations.AddConstraint(
            model_name="rulesetinternal",
            constraint=models.CheckConstraint(
                condition=models.Q(("auto_approve_limit__gte", Decimal("0.00"))),
                name="claims_rulesetinternal_limit",
                violation_error_message="The limit is not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.UniqueConstraint(fields=("claim", "line_no"), name="claims_serviceline_once"),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.UniqueConstraint(fields=("id", "claim"), name="claims_serviceline_key"),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("line_no__gte", 1), ("line_no__lte", 999)),
                name="claims_serviceline_number",
                violation_error_message="Lines count from 1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("procedure_system__in", ["cpt", "hcpcs", "demo"]),
                    models.Q(("procedure_code", ""), _negated=True),
                ),
                name="claims_serviceline_procedure",
                violation_error_message="Enter a procedure code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("modifiers__len__lte", 4)),
                name="claims_serviceline_modifiers",
                violation_error_message="A line has at most 4 modifiers.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pointers__len__gte", 1),
                    ("pointers__len__lte", 4),
                    ("pointers__contained_by", ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"]),
                ),
                name="claims_serviceline_pointers",
                violation_error_message="A line points to 1 to 4 diagnoses, by their letters A to L.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("place_of_service__regex", "^[0-9]{2}$")),
                name="claims_serviceline_place",
                violation_error_message="A place of service has two digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__gt", 0)),
                name="claims_serviceline_units",
                violation_error_message="Units are above 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_basis__in", ["MJ", "UN"])),
                name="claims_serviceline_unit_basis",
                violation_error_message="unit_basis is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("charge__gte", Decimal("0.00")), ("charge__lte", Decimal("99999999.99"))),
                name="claims_serviceline_charge",
                violation_error_message="A charge is at least 0 and at most 99,999,999.99.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revenue_code", ""), ("revenue_code__regex", "^[0-9]{4}$"), _connector="OR"
                ),
                name="claims_serviceline_revenue_code",
                violation_error_message="A revenue code has four digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("date_to__isnull", True), ("date_to__gte", models.F("date_from")), _connector="OR"
                ),
                name="claims_serviceline_dates",
                violation_error_message="The end date is before the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rendering_npi", ""), ("rendering_npi__regex", "^[12][0-9]{9}$"), _connector="OR"
                ),
                name="claims_serviceline_rendering_npi",
                violation_error_message="An NPI has 10 digits and starts with 1 or 2.",
            ),
        ),
        migrations.AddIndex(
            model_name="linedecision",
            index=models.Index(fields=["claim"], name="claims_linedecision_claim"),
        ),
        migrations.AddConstraint(
            model_name="linedecision",
            constraint=models.UniqueConstraint(fields=("decision", "line"), name="claims_linedecision_once"),
        ),
        migrations.AddConstraint(
            model_name="linedecision",
            constraint=models.UniqueConstraint(fields=("id", "claim"), name="claims_linedecision_key"),
        ),
        migrations.AddConstraint(
            model_name="linedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["approved", "denied", "partially_approved"])),
                name="claims_linedecision_outcome",
                violation_error_message="outcome is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="linedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "allowed",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("paid"), "+", models.F("deductible")
                                ),
                                "+",
                                models.F("copay"),
                            ),
                            "+",
                            models.F("coinsurance"),
                        ),
                    )
                ),
                name="claims_linedecision_allowed",
                violation_error_message="Allowed is paid plus deductible, copay and coinsurance.",
            ),
        ),
        migrations.AddConstraint(
            model_name="linedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("allowed__gte", Decimal("0.00")),
                        ("charge__gte", Decimal("0.00")),
                        ("coinsurance__gte", Decimal("0.00")),
                        ("copay__gte", Decimal("0.00")),
                        ("deductible__gte", Decimal("0.00")),
                        ("paid__gte", Decimal("0.00")),
                        ("patient_responsibility__gte", Decimal("0.00")),
                        ("allowed__lte", models.F("charge")),
                    ),
                    models.Q(
                        ("allowed__lte", Decimal("0.00")),
                        ("charge__lte", Decimal("0.00")),
                        ("coinsurance__lte", Decimal("0.00")),
                        ("copay__lte", Decimal("0.00")),
                        ("deductible__lte", Decimal("0.00")),
                        ("paid__lte", Decimal("0.00")),
                        ("patient_responsibility__lte", Decimal("0.00")),
                        ("allowed__gte", models.F("charge")),
                    ),
                    _connector="OR",
                ),
                name="claims_linedecision_amounts",
                violation_error_message="A line's amounts have one sign, and allowed is within the charge.",
            ),
        ),
        migrations.AddConstraint(
            model_name="linedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "denied"), _negated=True),
                    models.Q(("allowed", Decimal("0.00")), ("paid", Decimal("0.00"))),
                    _connector="OR",
                ),
                name="claims_linedecision_denied",
                violation_error_message="A denied line allows and pays nothing.",
            ),
        ),
    ]
