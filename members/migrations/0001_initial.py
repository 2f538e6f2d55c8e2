from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import claimflow.lib.fields
import claimflow.lib.ids
import claimflow.lib.phi.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CoverageInquiry",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("user_id", models.UUIDField(primary_key=True, serialize=False)),
                ("minute", models.DateTimeField()),
                ("asked", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name_plural": "coverage inquiries",
            },
        ),
        migrations.CreateModel(
            name="Member",
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
                    "first_name",
                    claimflow.lib.phi.fields.EncryptedTextField(label="member.first_name", max_length=100),
                ),
                (
                    "last_name",
                    claimflow.lib.phi.fields.EncryptedTextField(label="member.last_name", max_length=100),
                ),
                ("birth_date", claimflow.lib.phi.fields.EncryptedDateField(label="member.birth_date")),
                (
                    "sex",
                    models.CharField(choices=[("F", "F"), ("M", "M"), ("U", "U")], default="U", max_length=1),
                ),
                (
                    "address",
                    claimflow.lib.phi.fields.EncryptedJSONField(
                        blank=True, label="member.address", null=True
                    ),
                ),
                (
                    "phone",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="member.phone", max_length=30, null=True
                    ),
                ),
                (
                    "email",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="member.email", max_length=254, null=True
                    ),
                ),
                ("name_bidx", models.CharField(editable=False, max_length=32)),
                ("birth_bidx", models.CharField(editable=False, max_length=32)),
                ("bi_key_id", models.SmallIntegerField(editable=False)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Patient",
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
                    "first_name",
                    claimflow.lib.phi.fields.EncryptedTextField(label="patient.first_name", max_length=100),
                ),
                (
                    "last_name",
                    claimflow.lib.phi.fields.EncryptedTextField(label="patient.last_name", max_length=100),
                ),
                ("birth_date", claimflow.lib.phi.fields.EncryptedDateField(label="patient.birth_date")),
                (
                    "sex",
                    models.CharField(choices=[("F", "F"), ("M", "M"), ("U", "U")], default="U", max_length=1),
                ),
                (
                    "address",
                    claimflow.lib.phi.fields.EncryptedJSONField(
                        blank=True, label="patient.address", null=True
                    ),
                ),
                (
                    "phone",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="patient.phone", max_length=30, null=True
                    ),
                ),
                (
                    "email",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="patient.email", max_length=254, null=True
                    ),
                ),
                (
                    "account_number",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="patient.account_number", max_length=38, null=True
                    ),
                ),
                ("name_bidx", models.CharField(editable=False, max_length=32)),
                ("birth_bidx", models.CharField(editable=False, max_length=32)),
                ("bi_key_id", models.SmallIntegerField(editable=False)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patients",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120)),
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
                (
                    "state",
                    models.CharField(help_text="The state whose law applies, two letters.", max_length=2),
                ),
                (
                    "funding",
                    models.CharField(
                        choices=[
                            ("insured", "Insured"),
                            ("self_funded", "Self funded"),
                            ("government", "Government"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "payer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PatientCoverage",
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
                    "member_id",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        label="patient_coverage.member_id", max_length=50
                    ),
                ),
                (
                    "group_number",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="patient_coverage.group_number", max_length=50, null=True
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
                    "insured",
                    claimflow.lib.phi.fields.EncryptedJSONField(
                        blank=True, label="patient_coverage.insured", null=True
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, help_text="1 is billed first.")),
                ("effective_from", models.DateField(blank=True, null=True)),
                ("effective_to", models.DateField(blank=True, null=True)),
                ("member_bidx", models.CharField(editable=False, max_length=32)),
                ("bi_key_id", models.SmallIntegerField(editable=False)),
                ("is_active", models.BooleanField(default=True)),
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
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="members.patient",
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
            ],
        ),
        migrations.CreateModel(
            name="Coverage",
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
                    "member_id",
                    claimflow.lib.phi.fields.EncryptedTextField(label="coverage.member_id", max_length=50),
                ),
                (
                    "group_number",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="coverage.group_number", max_length=50, null=True
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
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(blank=True, null=True)),
                ("deductible", claimflow.lib.fields.MoneyField(default=Decimal("0.00"))),
                ("copay", claimflow.lib.fields.MoneyField(default=Decimal("0.00"))),
                (
                    "coinsurance_percent",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=5),
                ),
                ("out_of_pocket_limit", claimflow.lib.fields.MoneyField(blank=True, null=True)),
                (
                    "verification",
                    models.CharField(
                        choices=[
                            ("unverified", "Unverified"),
                            ("verified", "Verified"),
                            ("not_found", "Not found"),
                            ("ended", "Ended"),
                        ],
                        default="unverified",
                        max_length=10,
                    ),
                ),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("member_bidx", models.CharField(editable=False, max_length=32)),
                ("bi_key_id", models.SmallIntegerField(editable=False)),
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
                    "verified_by",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="members.member",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.plan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Practitioner",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("npi", models.CharField(blank=True, max_length=10, verbose_name="NPI")),
                ("active_from", models.DateField(blank=True, null=True)),
                ("active_to", models.DateField(blank=True, null=True)),
                ("first_name", models.CharField(blank=True, max_length=100)),
                ("last_name", models.CharField(max_length=100)),
                ("taxonomy", models.CharField(blank=True, help_text="NUCC taxonomy code.", max_length=10)),
                ("is_referring_only", models.BooleanField(default=False)),
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
        ),
        migrations.CreateModel(
            name="BillingProvider",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("npi", models.CharField(blank=True, max_length=10, verbose_name="NPI")),
                ("active_from", models.DateField(blank=True, null=True)),
                ("active_to", models.DateField(blank=True, null=True)),
                ("line1", models.CharField(blank=True, max_length=55)),
                ("line2", models.CharField(blank=True, max_length=55)),
                ("city", models.CharField(blank=True, max_length=30)),
                ("state", models.CharField(blank=True, max_length=2)),
                ("postal_code", models.CharField(blank=True, max_length=10)),
                ("name", models.CharField(max_length=120)),
                ("taxonomy", models.CharField(blank=True, help_text="NUCC taxonomy code.", max_length=10)),
                (
                    "tax_id",
                    claimflow.lib.phi.fields.EncryptedTextField(
                        blank=True, label="billing_provider.tax_id", max_length=9, null=True
                    ),
                ),
                (
                    "tax_id_kind",
                    models.CharField(choices=[("ein", "Ein"), ("ssn", "Ssn")], default="ein", max_length=3),
                ),
                ("phone", models.CharField(blank=True, max_length=30)),
                ("is_default", models.BooleanField(default=False)),
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
                    models.UniqueConstraint(
                        fields=("id", "organization"), name="members_billingprovider_key"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "npi"),
                        name="members_billingprovider_npi_once",
                        violation_error_message="This NPI is already on the list.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("organization",),
                        name="members_billingprovider_one_default",
                        violation_error_message="Only one billing provider can be the usual one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("npi", ""), ("npi__regex", "^[12][0-9]{9}$"), _connector="OR"),
                        name="members_billingprovider_npi",
                        violation_error_message="An NPI has 10 digits and starts with 1 or 2.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("npi", ""), _negated=True),
                        name="members_billingprovider_has_npi",
                        violation_error_message="Enter the billing provider's NPI.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_id_kind__in", ["ein", "ssn"])),
                        name="members_billingprovider_tax_id_kind",
                        violation_error_message="tax_id_kind is not one of the allowed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active_to__isnull", True),
                            ("active_to__gte", models.F("active_from")),
                            _connector="OR",
                        ),
                        name="members_billingprovider_dates",
                        violation_error_message="The end date is before the start date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("npi", models.CharField(blank=True, max_length=10, verbose_name="NPI")),
                ("active_from", models.DateField(blank=True, null=True)),
                ("active_to", models.DateField(blank=True, null=True)),
                ("line1", models.CharField(blank=True, max_length=55)),
                ("line2", models.CharField(blank=True, max_length=55)),
                ("city", models.CharField(blank=True, max_length=30)),
                ("state", models.CharField(blank=True, max_length=2)),
                ("postal_code", models.CharField(blank=True, max_length=10)),
                ("name", models.CharField(max_length=120)),
                ("place_of_service", models.CharField(blank=True, max_length=2)),
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
                "verbose_name_plural": "facilities",
                "constraints": [
                    models.UniqueConstraint(fields=("id", "organization"), name="members_facility_key"),
                    models.UniqueConstraint(
                        fields=("organization", "name"),
                        name="members_facility_name_once",
                        violation_error_message="A facility of that name is already on the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("npi", ""), ("npi__regex", "^[12][0-9]{9}$"), _connector="OR"),
                        name="members_facility_npi",
                        violation_error_message="An NPI has 10 digits and starts with 1 or 2.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active_to__isnull", True),
                            ("active_to__gte", models.F("active_from")),
                            _connector="OR",
                        ),
                        name="members_facility_dates",
                        violation_error_message="The end date is before the start date.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["organization", "name_bidx"], name="members_member_name"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["organization", "birth_bidx"], name="members_member_birth"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["organization", "-created_at", "-id"], name="members_member_newest"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(fields=("id", "organization"), name="members_member_key"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("sex__in", ["F", "M", "U"])),
                name="members_member_sex",
                violation_error_message="sex is not one of the allowed words.",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["organization", "name_bidx"], name="members_patient_name"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["organization", "birth_bidx"], name="members_patient_birth"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["organization", "-created_at", "-id"], name="members_patient_newest"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(fields=("id", "organization"), name="members_patient_key"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("sex__in", ["F", "M", "U"])),
                name="members_patient_sex",
                violation_error_message="sex is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                fields=("payer", "name"),
                name="members_plan_name_once",
                violation_error_message="This payer already has a plan of that name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(fields=("id", "payer"), name="members_plan_key"),
        ),
        migrations.AddConstraint(
            model_name="plan",
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
                name="members_plan_line_of_business",
                violation_error_message="line_of_business is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("funding__in", ["government", "insured", "self_funded"])),
                name="members_plan_funding",
                violation_error_message="funding is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__regex", "^[A-Z]{2}$")),
                name="members_plan_state",
                violation_error_message="Enter a state as two capital letters.",
            ),
        ),
        migrations.AddIndex(
            model_name="patientcoverage",
            index=models.Index(fields=["organization", "member_bidx"], name="members_patientcoverage_id"),
        ),
        migrations.AddConstraint(
            model_name="patientcoverage",
            constraint=models.UniqueConstraint(
                fields=("patient", "payer", "member_bidx"),
                name="members_patientcoverage_once",
                violation_error_message="The patient already has this coverage.",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientcoverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("relationship__in", ["child", "other", "self", "spouse"])),
                name="members_patientcoverage_relationship",
                violation_error_message="relationship is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientcoverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_to__isnull", True),
                    ("effective_to__gte", models.F("effective_from")),
                    _connector="OR",
                ),
                name="members_patientcoverage_dates",
                violation_error_message="The end date is before the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientcoverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 1), ("position__lte", 9)),
                name="members_patientcoverage_position",
                violation_error_message="The order of payers is a number from 1 to 9.",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientcoverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("relationship", "self"), ("insured__isnull", False), _connector="OR"),
                name="members_patientcoverage_insured",
                violation_error_message="Say who the insured is when it is not the patient.",
            ),
        ),
        migrations.AddIndex(
            model_name="coverage",
            index=models.Index(fields=["organization", "member_bidx"], name="members_coverage_member_id"),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.UniqueConstraint(fields=("id", "organization"), name="members_coverage_key"),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.UniqueConstraint(
                fields=("person", "plan", "effective_from"),
                name="members_coverage_once",
                violation_error_message="The member already has this coverage from that day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("relationship__in", ["child", "other", "self", "spouse"])),
                name="members_coverage_relationship",
                violation_error_message="relationship is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("verification__in", ["ended", "not_found", "unverified", "verified"])),
                name="members_coverage_verification",
                violation_error_message="verification is not one of the allowed words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_to__isnull", True),
                    ("effective_to__gte", models.F("effective_from")),
                    _connector="OR",
                ),
                name="members_coverage_dates",
                violation_error_message="The end date is before the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verification", "unverified"), ("verified_at", None), ("verified_by", None)),
                    models.Q(
                        models.Q(("verification", "unverified"), _negated=True),
                        ("verified_at__isnull", False),
                        ("verified_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="members_coverage_verified_by_whom",
                violation_error_message="A verification names who made it and when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verification", "ended"), _negated=True),
                    ("effective_to__isnull", False),
                    _connector="OR",
                ),
                name="members_coverage_ended_when",
                violation_error_message="An ended coverage has a last day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deductible__gte", Decimal("0.00")),
                    ("copay__gte", Decimal("0.00")),
                    models.Q(
                        ("out_of_pocket_limit__isnull", True),
                        ("out_of_pocket_limit__gte", models.F("deductible")),
                        _connector="OR",
                    ),
                ),
                name="members_coverage_money",
                violation_error_message="Amounts are not negative, and the out-of-pocket limit is at least the deductible.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("coinsurance_percent__gte", 0), ("coinsurance_percent__lte", 100)),
                name="members_coverage_coinsurance",
                violation_error_message="Coinsurance is between 0 and 100 percent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.UniqueConstraint(
                fields=("id", "organization"), name="members_practitioner_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.UniqueConstraint(
                fields=("organization", "npi"),
                name="members_practitioner_npi_once",
                violation_error_message="This NPI is already on the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(("npi", ""), ("npi__regex", "^[12][0-9]{9}$"), _connector="OR"),
                name="members_practitioner_npi",
                violation_error_message="An NPI has 10 digits and starts with 1 or 2.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(("npi", ""), _negated=True),
                name="members_practitioner_has_npi",
                violation_error_message="Enter the practitioner's NPI.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("active_to__isnull", True), ("active_to__gte", models.F("active_from")), _connector="OR"
                ),
                name="members_practitioner_dates",
                violation_error_message="The end date is before the start date.",
            ),
        ),
    ]
