"""What must never be, across rows and tables: composite keys, seals, balances, the workflow (rulings 9, 22, 26)."""

from pathlib import Path

from django.db import migrations

from claimflow.lib.db import rls
from claims.workflow import allowed_triples

SQL_DIR = Path(__file__).resolve().parent.parent / "sql"
WITHOUT_KEYS = """
ALTER TABLE claims_claim RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE claims_assignment RESET (fillfactor, autovacuum_vacuum_scale_factor);
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN
        SELECT conrelid::regclass AS owner, conname FROM pg_constraint
        WHERE contype = 'f' AND conrelid::regclass::text LIKE 'claims\\_%' AND conname NOT LIKE '%\\_fk\\_%'
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.owner, key.conname);
    END LOOP;
END
$$;
ALTER TABLE claims_claim DROP COLUMN provider_kind, DROP COLUMN payer_kind;
"""
WITHOUT_SEALS = """
DROP FUNCTION claims.state_follows_the_workflow() CASCADE;
DROP FUNCTION claims.number_stays() CASCADE;
DROP FUNCTION claims.prior_claim_is_own() CASCADE;
DROP FUNCTION claims.written_once() CASCADE;
DROP FUNCTION claims.number_seals() CASCADE;
DROP FUNCTION claims.closing_seals() CASCADE;
DROP FUNCTION claims.is_closed(uuid);
DROP FUNCTION claims.refuse(text, text);
"""
WITHOUT_BALANCES = """
DROP FUNCTION claims.claim_is_whole() CASCADE;
DROP FUNCTION claims.decision_balances() CASCADE;
DROP FUNCTION claims.totals_follow_the_decision() CASCADE;
"""
TRIPLES = ", ".join(str(triple) for triple in sorted(allowed_triples()))


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("members", "0002_access")]
    operations = [
        rls.SQL((SQL_DIR / "keys.sql").read_text(), WITHOUT_KEYS),
        rls.SQL((SQL_DIR / "seals.sql").read_text(), WITHOUT_SEALS),
        rls.SQL((SQL_DIR / "balances.sql").read_text(), WITHOUT_BALANCES),
        rls.SQL(
            f"INSERT INTO claims_statetransition (source, target, side) VALUES {TRIPLES}",  # the workflow's words  # nosec B608
            "DELETE FROM claims_statetransition",
        ),
    ]
