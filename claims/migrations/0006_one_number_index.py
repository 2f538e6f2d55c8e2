"""Day and count lose their own unique index: ``claims_claim_number_spelled`` and the unique number keep them once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_list_indexes")]
    operations = [
        migrations.RemoveConstraint(model_name="claim", name="claims_claim_day_and_count_once"),
    ]
