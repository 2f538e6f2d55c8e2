"""The checks of the last migration, read once over every row while the app serves."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_ledger")]
    operations = [
        ValidateConstraint(model_name="claim", name="claims_claim_priority_source"),
        ValidateConstraint(model_name="decision", name="claims_decision_refused_by_a_person"),
    ]
