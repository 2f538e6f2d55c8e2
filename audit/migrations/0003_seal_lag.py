from django.db import migrations

from claimflow.lib.db import rls

FORWARDS = """
-- How old the oldest event is that no seal covers yet, in seconds; 0 when every one is sealed. For the health page,
-- through ops.health(): one step into an index, however long the sealer has been away.
CREATE FUNCTION audit.seal_lag_seconds() RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(extract(epoch FROM clock_timestamp() - (
        SELECT event.at FROM audit.event AS event
        WHERE event.xid >= coalesce((SELECT c.hi FROM audit.checkpoint AS c
                                     WHERE c.cluster = (SELECT system_identifier FROM pg_control_system())
                                     ORDER BY c.batch DESC LIMIT 1), 0)
        ORDER BY event.xid, event.id LIMIT 1
    ))::double precision, 0)
$$;
GRANT EXECUTE ON FUNCTION audit.seal_lag_seconds() TO {role:owner};
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_models")]
    operations = [rls.SQL(FORWARDS, "DROP FUNCTION audit.seal_lag_seconds();", owner="auditor_owner")]
