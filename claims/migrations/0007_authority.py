from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import claimflow.lib.fields
import claimflow.lib.ids
from claimflow.lib.db import rls

SQL = Path(__file__).resolve().parent.parent / "sql" / "authority.sql"
CATEGORIES = [
    "emergency",
    "critical_care",
    "preventive",
    "follow_up_visit",
    "visit",
    "hospital",
    "surgery",
    "anesthesia",
    "imaging",
    "laboratory",
    "diagnostic_test",
    "therapy",
    "drug",
    "equipment",
    "transport",
    "other",
]
OWN = "organization_id = {org}"
OTHERS = f"{OWN} AND user_id <> {{user}} AND set_by_id = {{user}}"


class Migration(migrations.Migration):
    """Limits and skills of adjudicators: the payer's alone."""

    dependencies = [
        ("claims", "0006_one_number_index"),
        ("accounts", "0010_giving"),
    ]
    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=claimflow.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("most_paid", claimflow.lib.fields.MoneyField(blank=True, null=True)),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
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
                (
                    "set_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "authorities",
                "indexes": [models.Index(fields=["organization"], name="claims_authority_payer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("most_paid__isnull", True), ("most_paid__gte", 0), _connector="OR"),
                        name="claims_authority_limit",
                        violation_error_message="The limit is not negative.",
                    ),
                    models.CheckConstraint(
                        condition=Q(("skills__contained_by", CATEGORIES)),
                        name="claims_authority_skills",
                        violation_error_message="Skills are categories of service.",
                    ),
                    models.CheckConstraint(
                        condition=Q(("user", models.F("set_by")), _negated=True),
                        name="claims_authority_not_own",
                        violation_error_message="Nobody sets their own limit.",
                    ),
                ],
            },
        ),
        rls.Protect("claims_authority"),
        rls.Allow(
            "claims_authority",
            "payer",
            select=OWN,
            insert=OTHERS,
            update=f"{OWN} AND user_id <> {{user}}",
            update_check=OTHERS,
            columns=["most_paid", "skills", "set_by_id", "updated_at"],
        ),
        rls.Allow("claims_authority", "admin", select="{on}"),
        rls.Allow("claims_authority", "system", select="{on}", insert="{on}"),
        rls.Allow("claims_authority", "reader", select="true"),
        rls.Allow("claims_rulesetinternal", "reader", select="true"),
        rls.Allow("claims_proposal", "reader", select="true"),
        rls.SQL(
            SQL.read_text(),
            "DROP FUNCTION claims.guard_authority() CASCADE;"
            " DROP FUNCTION claims.decision_within_authority() CASCADE;",
        ),
    ]
