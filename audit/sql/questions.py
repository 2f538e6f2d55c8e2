"""What the verifier asks the database. `{since}` is a condition on alias e: which part of the trail is
asked about."""

from audit.sql import ACCESS_FORMAT_1, EVENT_FORMAT_1, row_hash

# Rows whose hash is not that of their text. "+ 0" keeps the planner from walking the index for the sake of
# the order.
CONTENTS = """
SELECT e.id FROM {table} AS e
WHERE ({since}) AND (e.format <> 1 OR e.row_hash IS DISTINCT FROM {hash})
ORDER BY e.id + 0 LIMIT %(shown)s
"""
HASHES = {"event": row_hash(EVENT_FORMAT_1), "access": row_hash(ACCESS_FORMAT_1)}

# Links that do not hold. A row's predecessor is the row before it in its chain; the first row of a part of
# the trail looks it up.
LINKS = """
WITH ordered AS (
    SELECT e.id, e.at, e.subject_kind, e.subject_id, e.chain_seq, e.prev_hash,
           lag(e.chain_seq) OVER chain AS seq_before,
           lag(e.row_hash) OVER chain AS hash_before,
           lag(e.at) OVER chain AS at_before
    FROM audit.event AS e
    WHERE ({since})
    WINDOW chain AS (PARTITION BY e.subject_id, e.subject_kind ORDER BY e.chain_seq, e.id)
), linked AS (
    SELECT o.*, CASE
        WHEN o.seq_before IS NOT NULL THEN o.hash_before
        WHEN o.chain_seq = 1 THEN sha256('')
        ELSE (
            SELECT p.row_hash FROM audit.event AS p WHERE p.subject_kind = o.subject_kind AND p.subject_id =
            o.subject_id AND p.chain_seq = o.chain_seq - 1 LIMIT 1
        )
    END AS expected_hash
    FROM ordered AS o
)
SELECT id, subject_kind, subject_id, chain_seq,
       CASE
           WHEN expected_hash IS NULL OR chain_seq > seq_before + 1 THEN 'gap'
           WHEN chain_seq <= seq_before THEN 'double'
           WHEN prev_hash IS DISTINCT FROM expected_hash THEN 'broken'
           ELSE 'clock'
       END
FROM linked
WHERE expected_hash IS NULL OR chain_seq <> seq_before + 1 OR prev_hash IS DISTINCT FROM expected_hash
   OR at < at_before
ORDER BY id LIMIT %(shown)s
"""

# Chains that do not end where their head says. Of a part of the trail only the chains that it touches.
HEADS = """
WITH tail AS (
    SELECT e.subject_id, e.subject_kind, max(e.chain_seq) AS seq
    FROM audit.event AS e
    WHERE ({since})
    GROUP BY e.subject_id, e.subject_kind
)
SELECT e.id, coalesce(tail.subject_kind, head.subject_kind), coalesce(tail.subject_id, head.subject_id),
       tail.seq, head.seq
FROM tail {join} JOIN audit.chain_head AS head ON head.subject_id = tail.subject_id AND head.subject_kind =
tail.subject_kind LEFT JOIN audit.event AS e
    ON e.subject_id = tail.subject_id AND e.subject_kind = tail.subject_kind AND e.chain_seq = tail.seq
WHERE tail.seq IS DISTINCT FROM head.seq OR e.row_hash IS DISTINCT FROM head.hash
ORDER BY e.id LIMIT %(shown)s
"""

# What each window holds now: (batch, rows, hash over their hashes, first and last id).
WINDOWS = """
SELECT (%(batches)s::bigint[])[width_bucket(e.xid, %(los)s::bigint[])],
       count(*), sha256(string_agg(e.row_hash, ''::bytea ORDER BY e.id)), min(e.id), max(e.id)
FROM {table} AS e
WHERE e.cluster = %(cluster)s AND e.xid >= %(lo)s AND e.xid < %(hi)s
GROUP BY 1
"""
WINDOW_ROWS = """
SELECT e.id, encode(e.row_hash, 'hex') FROM audit.event AS e
WHERE e.cluster = %(cluster)s AND e.xid >= %(lo)s AND e.xid < %(hi)s
"""

# Rows that no window will ever hold: they name a cluster in which the trail never was.
STRANGERS = """
SELECT e.id FROM {table} AS e
WHERE e.cluster <> ALL(%(clusters)s::bigint[])
  AND e.cluster <> (SELECT system_identifier FROM pg_control_system())
ORDER BY e.id LIMIT %(shown)s
"""

COUNTS = """
SELECT (SELECT count(*) FROM audit.event AS e WHERE ({since})),
       (SELECT count(*) FROM audit.access AS e WHERE ({since})),
       (SELECT count(*) FROM audit.event AS e WHERE e.tableoid = 'audit.event_default'::regclass)
       + (SELECT count(*) FROM audit.access AS e WHERE e.tableoid = 'audit.access_default'::regclass)
"""
