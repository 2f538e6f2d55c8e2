from django.db import migrations

from audit.sql import schema
from claimflow.lib.db import rls

BACKWARDS = """
DROP TABLE audit.event, audit.access, audit.chain_head, audit.checkpoint;
DROP FUNCTION audit.append(text, text, uuid, uuid, uuid, text, text, text[], jsonb, text, text, timestamptz);
DROP FUNCTION audit.append_batch(jsonb);
DROP FUNCTION audit.record_access(text, text[], uuid[], uuid[], uuid[], text[], smallint[]);
DROP FUNCTION audit.seal_state();
DROP FUNCTION audit.ensure_partitions(integer);
DROP FUNCTION audit.check_words(text, text, jsonb);
DROP FUNCTION audit.writer();
DROP FUNCTION audit.refuse_change();
DROP FUNCTION audit.refuse_jump();
DROP SEQUENCE audit.event_id, audit.access_id;
DROP TABLE audit.vocabulary;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0001_context")]
    operations = [rls.SQL(schema(), BACKWARDS, owner="auditor_owner")]
