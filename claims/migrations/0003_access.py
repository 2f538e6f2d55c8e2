"""Who may do what with claims and their children (rulings 8 to 10, 18, 22, 29, 34, 53)."""

from django.db import migrations

from claimflow.lib.db import rls


def words(text):
    return text.split()


PROVIDER = "provider_id = {org}"
PAYER = "payer_id = {org}"
REKEY = "{on} AND {purpose} IN ('rekey', 'erase')"

# --- Columns of a claim --------------------------------------------------------------------------------------
CLAIM_SEALED = words(
    "denial_explanation billing_tax_id patient_first_name patient_last_name patient_birth_date"
    " patient_address patient_phone member_id group_number insured_first_name insured_last_name"
    " insured_birth_date insured_address other_insured patient_account_number authorization_number"
    " additional_information"
)
CLAIM_INDEXES = words(
    "member_bidx provider_name_bidx provider_birth_bidx payer_name_bidx payer_birth_bidx bi_key_id"
)
CLAIM_CLEAR = [
    *words(
        "id created_at updated_at provider_id payer_id plan_id line_of_business jurisdiction channel"
        " claim_type frequency_code form_token claim_number number_day number_n seq state public_status"
        " turn clock priority rank rank_desc priority_source priority_reasons submitted_by_id submitted_at"
        " received_at clean_at due_at adjudicated_by_id adjudicated_at billed_amount approved_amount"
        " paid_amount patient_responsibility amount_paid_by_patient denial_reason_code current_decision_id"
        " rule_set_id service_date service_date_to cpt_code icd10_code billing_provider_id billing_npi"
        " billing_name billing_taxonomy billing_tax_id_kind rendering_practitioner_id rendering_npi"
        " rendering_name referring_practitioner_id referring_npi referring_name referring_qualifier"
        " facility_id facility_npi facility_name patient_id coverage_id patient_sex relationship"
        " insured_sex has_other_coverage accident_types accident_state accident_date claim_codes"
        " onset_date onset_qualifier other_date other_date_qualifier unable_to_work_from unable_to_work_to"
        " hospitalized_from hospitalized_to outside_lab outside_lab_charge patient_signature_on_file"
        " benefits_assigned accepts_assignment case_id prior_claim_id original_reference"
    ),
    *CLAIM_INDEXES,
]
NUMBER = ["claim_number", "number_day", "number_n"]
STANDING = ["state", "public_status", "turn", "clock", "updated_at"]
PRIORITY = ["priority", "rank", "rank_desc", "priority_source", "priority_reasons"]
DECIDED = words(
    "adjudicated_by_id adjudicated_at approved_amount paid_amount patient_responsibility"
    " denial_reason_code denial_explanation current_decision_id"
)
AT_RECEIPT = ["received_at", "clean_at", "due_at", "coverage_id", "rule_set_id"]

# A provider makes a claim that nobody has touched yet (ruling 8: WITH CHECK pins what it may not choose).
BORN = (
    "provider_id = {org} AND submitted_by_id = {user} AND state = 'submitted' AND turn = 'payer'"
    " AND clock = 'stopped' AND claim_number IS NULL AND priority = 'standard' AND priority_source = 'fallback'"
    " AND priority_reasons = '{}' AND received_at = submitted_at AND due_at = submitted_at AND clean_at IS NULL"
    " AND submitted_at BETWEEN now() - interval '15 minutes' AND now() + interval '1 minute'"
    " AND coverage_id IS NULL AND denial_reason_code = '' AND denial_explanation IS NULL"
)


def child_columns(more):
    return words(f"id provider_id payer_id created_at claim_id {more}")


def both_sides(table, *, writer, insert, sealed=(), clear=None):
    """A child that both sides read, one side writes once, and the system writes and re-keys."""
    reader = "payer" if writer == "provider" else "provider"
    own = {"provider": PROVIDER, "payer": PAYER}
    rekey = {"update": REKEY, "columns": list(sealed)} if sealed else {}
    return [
        rls.Protect(table),
        rls.Allow(table, writer, select=own[writer], insert=insert),
        rls.Allow(table, reader, select=own[reader]),
        rls.Allow(table, "admin", select="{on}", select_columns=clear),
        rls.Allow(table, "system", select="{on}", insert="{on}", **rekey),
    ]


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_walls")]
    operations = [
        rls.Protect("claims_claim"),
        rls.Allow(
            "claims_claim",
            "provider",
            select=PROVIDER,
            insert=BORN,
            update=PROVIDER,
            columns=STANDING,
        ),
        rls.Allow(
            "claims_claim",
            "payer",
            select=PAYER,
            update=PAYER,
            columns=[*STANDING, *PRIORITY, *DECIDED, "clean_at", "due_at"],
        ),
        rls.Allow("claims_claim", "admin", select="{on}", select_columns=CLAIM_CLEAR),
        rls.Allow(
            "claims_claim",
            "system",
            select="{on}",
            insert="{on}",
            update="{on}",
            columns=[
                *NUMBER,
                *STANDING,
                *PRIORITY,
                *DECIDED,
                *AT_RECEIPT,
                *(column for column in CLAIM_SEALED if column not in DECIDED),
                *CLAIM_INDEXES,
            ],
        ),
        *both_sides(
            "claims_serviceline",
            writer="provider",
            insert=PROVIDER,
            sealed=["authorization_number"],
            clear=child_columns(
                "line_no procedure_system procedure_code description modifiers pointers date_from date_to"
                " place_of_service units unit_basis charge rendering_npi revenue_code is_emergency is_epsdt"
            ),
        ),
        *both_sides("claims_diagnosis", writer="provider", insert=PROVIDER),
        *both_sides(
            "claims_claimsnapshot",
            writer="provider",
            insert=PROVIDER,
            sealed=["content", "mac", "mac_key_id"],
            clear=child_columns("form mac mac_key_id"),
        ),
        *both_sides("claims_claimfinding", writer="provider", insert=f"{PROVIDER} AND stage = 'submission'"),
        *both_sides(
            "claims_decision",
            writer="payer",
            insert=f"{PAYER} AND decided_by_id = {{user}}",
            sealed=["explanation"],
            clear=child_columns(
                "version kind supersedes_id outcome decided_by_id decided_at rule_set_id charge allowed paid"
                " patient_responsibility denial_reason_code"
            ),
        ),
        *both_sides("claims_linedecision", writer="payer", insert=PAYER),
        *both_sides("claims_adjustment", writer="payer", insert=PAYER),
        *both_sides("claims_adjustmentremark", writer="payer", insert=PAYER),
        # The payer's alone (ruling 22)
        rls.Protect("claims_assignment"),
        rls.Allow(
            "claims_assignment",
            "payer",
            select=PAYER,
            insert=f"{PAYER} AND assigned_by_id = {{user}}",
            update=PAYER,
            update_check=f"{PAYER} AND assigned_by_id = {{user}}",
            columns=["adjudicator_id", "assigned_by_id", "until", "updated_at"],
            delete=PAYER,
        ),
        rls.Allow("claims_assignment", "admin", select="{on}"),
        rls.Allow("claims_assignment", "system", select="{on}", insert="{on}", update="{on}", delete="{on}"),
        rls.Protect("claims_hold"),
        rls.Allow(
            "claims_hold",
            "payer",
            select=PAYER,
            insert=f"{PAYER} AND placed_by_id = {{user}}",
            update=PAYER,
            columns=["turn", "until", "resolved_by_id", "resolved_at", "updated_at"],
        ),
        rls.Allow(
            "claims_hold",
            "admin",
            select="{on}",
            select_columns=child_columns(
                "updated_at reasons turn until placed_by_id placed_at resolved_by_id resolved_at"
            ),
        ),
        rls.Allow("claims_hold", "system", select="{on}", insert="{on}", update="{on}"),
        rls.Protect("claims_proposal"),
        rls.Allow(
            "claims_proposal",
            "payer",
            select=PAYER,
            insert=f"{PAYER} AND proposer_id = {{user}}",
            update=PAYER,
            columns=[
                "proposer_id",
                "state",
                "version",
                "content",
                "reviewer_id",
                "reviewed_at",
                "comment",
                "updated_at",
            ],
        ),
        rls.Allow(
            "claims_proposal",
            "admin",
            select="{on}",
            select_columns=child_columns("updated_at proposer_id state version reviewer_id reviewed_at"),
        ),
        rls.Allow("claims_proposal", "system", select="{on}", insert="{on}", update="{on}"),
        rls.Protect("claims_payernote"),
        rls.Allow("claims_payernote", "payer", select=PAYER, insert=f"{PAYER} AND author_id = {{user}}"),
        rls.Allow("claims_payernote", "admin", select="{on}", select_columns=child_columns("author_id kind")),
        rls.Allow("claims_payernote", "system", select="{on}", insert="{on}", update=REKEY, columns=["body"]),
        # The provider's alone
        rls.Protect("claims_providernote"),
        rls.Allow(
            "claims_providernote", "provider", select=PROVIDER, insert=f"{PROVIDER} AND author_id = {{user}}"
        ),
        rls.Allow("claims_providernote", "admin", select="{on}", select_columns=child_columns("author_id")),
        rls.Allow(
            "claims_providernote", "system", select="{on}", insert="{on}", update=REKEY, columns=["body"]
        ),
        rls.Protect("claims_claimdraft"),
        rls.Allow(
            "claims_claimdraft",
            "provider",
            select="organization_id = {org}",
            insert="organization_id = {org} AND author_id = {user} AND (predecessor_id IS NULL"
            " OR EXISTS (SELECT FROM claims_claim AS earlier WHERE earlier.id = predecessor_id))",
            update="organization_id = {org}",
            columns=["version", "content", "updated_at"],
            delete="organization_id = {org}",
        ),
        rls.Allow(
            "claims_claimdraft",
            "admin",
            select="{on}",
            select_columns=words(
                "id created_at updated_at organization_id author_id version purpose predecessor_id form_token"
            ),
        ),
        rls.Allow("claims_claimdraft", "system", select="{on}", insert="{on}", update="{on}", delete="{on}"),
        # Rules: the public part is for every provider, the internal one for its payer (ruling 29)
        rls.Protect("claims_ruleset"),
        rls.Allow("claims_ruleset", "provider", select="{on}"),
        rls.Allow(
            "claims_ruleset",
            "payer",
            select=PAYER,
            insert=PAYER,
            update=PAYER,
            columns=["activated_by_id", "activated_at", "updated_at"],
        ),
        rls.Allow(
            "claims_ruleset",
            "admin",
            select="{on}",
            insert="{on}",
            update="{on}",
            columns=["activated_by_id", "activated_at", "updated_at"],
        ),
        rls.Allow("claims_ruleset", "system", select="{on}", insert="{on}", update="{on}"),
        rls.Protect("claims_rulesetinternal"),
        rls.Allow("claims_rulesetinternal", "payer", select=PAYER, insert=PAYER),
        rls.Allow("claims_rulesetinternal", "admin", select="{on}", insert="{on}"),
        rls.Allow("claims_rulesetinternal", "system", select="{on}", insert="{on}", update="{on}"),
        # Numbers and the workflow
        rls.Protect("claims_daycounter"),
        rls.Allow("claims_daycounter", "reader", select="true", insert="true", update="true"),
        rls.Allow("claims_daycounter", "admin", select="{on}"),
        rls.Public("claims_statetransition", reason="which state may follow which", writers=()),
        rls.Grant("EXECUTE", "FUNCTION claims.refuse(text, text)", ("provider", "payer", "system")),
        rls.Grant("EXECUTE", "FUNCTION claims.is_closed(uuid)", ("provider", "payer", "system")),
        rls.Function(
            "claims.next_number(asked_day date, how_many integer DEFAULT 1)",
            returns="integer",
            body="""
-- The last of ``how_many`` numbers of that day, gapless: the row is locked until the transaction ends, so this
-- is its last statement. The system's alone: a claim is numbered when it is received (rulings 6 and 9).
DECLARE
    last integer;
BEGIN
    IF how_many < 1 THEN
        RAISE EXCEPTION 'at least one number is asked for' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.claims_daycounter AS counter (day, n, created_at, updated_at)
    VALUES (asked_day, how_many, now(), now())
    ON CONFLICT (day) DO UPDATE SET n = counter.n + how_many, updated_at = now()
    RETURNING n INTO last;
    RETURN last;
END
""",
            execute=("system",),
            runs_as="reader",
        ),
    ]
