"""The checks of the last migration are read once over every row, and the escalation finds its claims by an index;
both while the app serves."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("claims", "0009_ledger")]
    operations = [
        ValidateConstraint(model_name="claim", name="claims_claim_priority_source"),
        ValidateConstraint(model_name="decision", name="claims_decision_refused_by_a_person"),
        AddIndexConcurrently(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("rank__gt", 1), ("state", "received")),
                fields=["received_at"],
                name="claims_waiting_below_urgent",
            ),
        ),
    ]
