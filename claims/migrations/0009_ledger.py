"""Claims hold what the ledger says of them; nobody but a person decides against a patient; two more sources of a
priority. New checks hold for new rows at once and are validated for old ones by the next migration."""

import uuid

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import intelligence.enums
from claimflow.lib.db import rls

# A policy names the column, and PostgreSQL changes no type that a policy names.
WITHOUT_POLICY = "DROP POLICY claims_claim_provider_insert ON claims_claim"
BORN = (
    "provider_id = {org} AND submitted_by_id = {user} AND state = 'submitted' AND turn = 'payer'"
    " AND clock = 'stopped' AND claim_number IS NULL AND priority = 'standard' AND priority_source = 'fallback'"
    " AND priority_reasons = '{}' AND received_at = submitted_at AND due_at = submitted_at AND clean_at IS NULL"
    " AND submitted_at BETWEEN now() - interval '15 minutes' AND now() + interval '1 minute'"
    " AND coverage_id IS NULL AND denial_reason_code = '' AND denial_explanation IS NULL"
)
WITH_POLICY = (
    "CREATE POLICY claims_claim_provider_insert ON claims_claim FOR INSERT TO {role:provider}"
    f" WITH CHECK ({rls.expression(BORN, 'provider')})"
)
KEYS = """
ALTER TABLE intelligence_ledgerentry
    ADD CONSTRAINT claims_ledgerentry_claim FOREIGN KEY (claim_id, provider_id, payer_id)
        REFERENCES claims_claim (id, provider_id, payer_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_ledgerentry_rule_set FOREIGN KEY (rule_set_id, payer_id)
        REFERENCES claims_ruleset (id, payer_id) DEFERRABLE INITIALLY DEFERRED
"""
WITHOUT_KEYS = """
ALTER TABLE intelligence_ledgerentry
    DROP CONSTRAINT claims_ledgerentry_claim, DROP CONSTRAINT claims_ledgerentry_rule_set
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0008_glass"), ("intelligence", "0001_ledger")]
    operations = [
        rls.SQL(KEYS, WITHOUT_KEYS),
        rls.SQL(WITHOUT_POLICY, WITH_POLICY),
        migrations.RemoveConstraint(model_name="claim", name="claims_claim_priority_source"),
        migrations.AlterField(
            model_name="claim",
            name="priority_source",
            field=models.CharField(
                choices=[
                    ("rules", "Rules"),
                    ("fallback", "Fallback"),
                    ("payer", "Payer"),
                    ("escalation", "Escalation"),
                    ("model", "Model"),
                ],
                default=intelligence.enums.PrioritySource.FALLBACK,
                max_length=12,
            ),
        ),
        rls.SQL(WITH_POLICY, WITHOUT_POLICY),
        AddConstraintNotValid(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("priority_source__in", ["escalation", "fallback", "model", "payer", "rules"])
                ),
                name="claims_claim_priority_source",
                violation_error_message="priority_source is not one of the allowed words.",
            ),
        ),
        AddConstraintNotValid(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "approved"),
                    models.Q(
                        ("decided_by", uuid.UUID("00000000-0000-7000-8000-000000000001")), _negated=True
                    ),
                    _connector="OR",
                ),
                name="claims_decision_refused_by_a_person",
                violation_error_message="A person decides against a patient, never the system itself.",
            ),
        ),
    ]
