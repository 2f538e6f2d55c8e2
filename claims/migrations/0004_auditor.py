"""Auditors name a claim by its number: its identity and state, no column about health, money or people."""

from django.db import migrations

from claimflow.lib.db import rls


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_access")]
    operations = [
        rls.Allow(
            "claims_claim",
            "auditor",
            select="provider_id = {org} OR payer_id = {org} OR ({on} AND {org} IS NULL)",
            select_columns=["id", "claim_number", "provider_id", "payer_id", "state"],
        ),
    ]
