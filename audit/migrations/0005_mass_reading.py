from django.db import migrations

from claimflow.lib.db import rls

# Who opened the health data of more than so many people since a moment: the answer of the one question that the
# alerts ask about reads, so that the system needs no right to read who saw whom. Lines of lists do not count: they
# are masked. A person is counted by the keyed hash of the member id, or where there is none by the row that was shown.
FORWARDS = """
CREATE FUNCTION audit.readers_of_many(since timestamptz, actions text[], most integer) RETURNS TABLE (
    actor_id uuid, organization_id uuid, people bigint, first_at timestamptz, last_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.actor_id, a.organization_id, count(DISTINCT coalesce(a.person_bidx, a.subject_id::text)),
           min(a.at), max(a.at)
    FROM audit.access AS a
    WHERE a.at >= since AND a.action = ANY (actions) AND a.actor_id IS NOT NULL
    GROUP BY a.actor_id, a.organization_id
    HAVING count(DISTINCT coalesce(a.person_bidx, a.subject_id::text)) > most
$$;
GRANT EXECUTE ON FUNCTION audit.readers_of_many(timestamptz, text[], integer) TO {role:system};
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_filters")]
    operations = [
        rls.SQL(
            FORWARDS,
            "DROP FUNCTION audit.readers_of_many(timestamptz, text[], integer);",
            owner="auditor_owner",
        )
    ]
