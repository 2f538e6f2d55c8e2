"""Who may do what with people, plans and the provider's own identities (rulings 8, 19 to 22, 53)."""

from pathlib import Path

from django.db import migrations

from claimflow.lib.db import rls

SQL_DIR = Path(__file__).resolve().parent.parent / "sql"


def words(text):
    return text.split()


OWN = "organization_id = {org}"

# What kind admin may read: everything but the encrypted columns.
BILLING_PROVIDER_CLEAR = words(
    "id created_at updated_at organization_id npi active_from active_to line1 line2 city state"
    " postal_code name taxonomy tax_id_kind phone is_default"
)
COVERAGE_CLEAR = words(
    "id created_at updated_at organization_id person_id plan_id relationship effective_from"
    " effective_to deductible copay coinsurance_percent out_of_pocket_limit verification"
    " verified_by_id verified_at member_bidx bi_key_id"
)
MEMBER_CLEAR = words("id created_at updated_at organization_id sex name_bidx birth_bidx bi_key_id")
PATIENT_CLEAR = [*MEMBER_CLEAR, "is_active"]
PATIENT_COVERAGE_CLEAR = words(
    "id created_at updated_at organization_id patient_id payer_id plan_id relationship position"
    " effective_from effective_to member_bidx bi_key_id is_active"
)


def one_side(table, kind, clear=None):
    """The organization's own rows for its side; rows without secrets for admin; everything for the system."""
    return [
        rls.Protect(table),
        rls.Allow(table, kind, select=OWN, insert=OWN, update=OWN),
        rls.Allow(table, "admin", select="{on}", select_columns=clear),
        rls.Allow(table, "system", select="{on}", insert="{on}", update="{on}"),
    ]


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial"), ("kernel", "0001_context"), ("accounts", "0003_policies")]
    operations = [
        rls.SQL(
            (SQL_DIR / "keys.sql").read_text(),
            "ALTER TABLE members_coverage DROP CONSTRAINT members_coverage_person,"
            " DROP CONSTRAINT members_coverage_plan;"
            "ALTER TABLE members_patientcoverage DROP CONSTRAINT members_patientcoverage_patient,"
            " DROP CONSTRAINT members_patientcoverage_plan;",
        ),
        # A plan's name, line of business and state are no secret among the signed-in (ruling 17).
        rls.Protect("members_plan"),
        rls.Allow("members_plan", "provider", select="{on}"),
        rls.Allow(
            "members_plan",
            "payer",
            select="{on}",
            insert="payer_id = {org}",
            update="payer_id = {org}",
            columns=["name", "line_of_business", "state", "funding", "is_active", "updated_at"],
        ),
        rls.Allow("members_plan", "auditor", select="{on}"),
        rls.Allow("members_plan", "admin", select="{on}", insert="{on}", update="{on}"),
        rls.Allow("members_plan", "system", select="{on}", insert="{on}", update="{on}"),
        *one_side("members_patient", "provider", PATIENT_CLEAR),
        *one_side("members_patientcoverage", "provider", PATIENT_COVERAGE_CLEAR),
        *one_side("members_practitioner", "provider"),
        *one_side("members_facility", "provider"),
        *one_side("members_billingprovider", "provider", BILLING_PROVIDER_CLEAR),
        *one_side("members_member", "payer", MEMBER_CLEAR),
        *one_side("members_coverage", "payer", COVERAGE_CLEAR),
        # One question may be asked across the wall, and it is counted (ruling 19).
        rls.Allow("members_coverage", "reader", select="true"),
        rls.Protect("members_coverageinquiry"),
        rls.Allow("members_coverageinquiry", "reader", select="true", insert="true", update="true"),
        rls.Allow("members_coverageinquiry", "admin", select="{on}"),
        rls.Function(
            "members.coverage_in_force(asked_payer uuid, asked_member text, asked_day date)",
            returns="text",
            body=(SQL_DIR / "coverage_in_force.sql").read_text(),
            execute=("provider", "system"),
            runs_as="reader",
        ),
    ]
