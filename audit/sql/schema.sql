-- The trail. Owned by auditor_owner, which no login can become but the migrator; everybody else appends through
-- functions and reads through policies (ruling 33, security.md section 5).

CREATE TABLE audit.vocabulary (list text, word text, PRIMARY KEY (list, word));
COMMENT ON TABLE audit.vocabulary IS 'The words that events may use; copied from audit/enums.py by migrate.';

CREATE SEQUENCE audit.event_id;
CREATE SEQUENCE audit.access_id;

-- What changed. One chain for each subject: row_hash covers prev_hash, which is the row_hash of the event before.
CREATE TABLE audit.event (
    id bigint NOT NULL,
    format smallint NOT NULL,
    at timestamptz NOT NULL,
    occurred_at timestamptz,
    cluster bigint NOT NULL,
    xid bigint NOT NULL,
    actor_id uuid,
    kind text NOT NULL,
    organization_id uuid,
    provider_id uuid,
    payer_id uuid,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL CONSTRAINT event_outcome_known CHECK (outcome IN ('success', 'failure', 'denied')),
    severity text NOT NULL CONSTRAINT event_severity_known CHECK (severity IN ('info', 'warning', 'critical')),
    request_id text,
    purpose text,
    fields text[] NOT NULL,
    old_status text,
    new_status text,
    details jsonb NOT NULL,
    chain_seq bigint NOT NULL,
    prev_hash bytea NOT NULL,
    row_hash bytea NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_chain ON audit.event (subject_id, chain_seq);
CREATE INDEX event_at ON audit.event (at, id);
CREATE INDEX event_xid ON audit.event (xid, id);
CREATE INDEX event_actor ON audit.event (actor_id, at);
CREATE INDEX event_organization ON audit.event (organization_id, at);
CREATE INDEX event_provider ON audit.event (provider_id, at);
CREATE INDEX event_payer ON audit.event (payer_id, at);
CREATE TABLE audit.event_default PARTITION OF audit.event DEFAULT;

-- Who saw what. One row for each subject that was shown; event_id holds those of one answer together. Sealed in windows
-- like events, not chained: a list of 50 claims must not lock 50 chains.
CREATE TABLE audit.access (
    id bigint NOT NULL,
    format smallint NOT NULL,
    event_id uuid NOT NULL,
    at timestamptz NOT NULL,
    cluster bigint NOT NULL,
    xid bigint NOT NULL,
    actor_id uuid,
    kind text NOT NULL,
    organization_id uuid,
    action text NOT NULL,
    subject_kind text,
    subject_id uuid,
    provider_id uuid,
    payer_id uuid,
    person_bidx text,
    bi_key_id smallint,
    row_count integer NOT NULL,
    request_id text,
    purpose text,
    row_hash bytea NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX access_person ON audit.access (person_bidx, at);
CREATE INDEX access_subject ON audit.access (subject_id, at);
CREATE INDEX access_at ON audit.access (at, id);
CREATE INDEX access_xid ON audit.access (xid, id);
CREATE INDEX access_actor ON audit.access (actor_id, at);
CREATE INDEX access_organization ON audit.access (organization_id, at);
CREATE TABLE audit.access_default PARTITION OF audit.access DEFAULT;

-- The last link of every chain; locked by append until commit, so a chain can neither fork nor skip a number.
CREATE TABLE audit.chain_head (
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (subject_kind, subject_id)
);

-- Seals: every window of transaction ids [lo, hi) once, chained by previous_seal and signed with a key that is not here.
-- cluster is the server's system identifier: a restore into another cluster starts a new epoch (performance.md 4).
CREATE TABLE audit.checkpoint (
    batch bigint PRIMARY KEY,
    epoch integer NOT NULL,
    cluster bigint NOT NULL,
    lo bigint NOT NULL,
    hi bigint NOT NULL,
    at timestamptz NOT NULL,
    event_count bigint NOT NULL,
    event_hash bytea NOT NULL,
    access_count bigint NOT NULL,
    access_hash bytea NOT NULL,
    previous_seal bytea NOT NULL,
    seal bytea NOT NULL,
    signature bytea NOT NULL,
    key_id text NOT NULL,
    CONSTRAINT checkpoint_window_not_empty CHECK (lo < hi)
);

-- Second layer: whoever gets past the grants by mistake meets a trigger.
CREATE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION audit.refuse_jump() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (new.subject_kind, new.subject_id) IS DISTINCT FROM (old.subject_kind, old.subject_id) OR new.seq <> old.seq + 1 THEN
        RAISE EXCEPTION 'a chain head moves one step at a time' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON audit.event
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON audit.event
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER event_default_no_truncate BEFORE TRUNCATE ON audit.event_default
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER access_append_only BEFORE UPDATE OR DELETE ON audit.access
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER access_no_truncate BEFORE TRUNCATE ON audit.access
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER access_default_no_truncate BEFORE TRUNCATE ON audit.access_default
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE ON audit.checkpoint
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON audit.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER chain_head_one_step BEFORE UPDATE ON audit.chain_head
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_jump();
CREATE TRIGGER chain_head_stays BEFORE DELETE ON audit.chain_head
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER chain_head_no_truncate BEFORE TRUNCATE ON audit.chain_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

-- Partitions: the month that is running and the ones to come. Returns how many were made.
CREATE FUNCTION audit.ensure_partitions(months_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    month timestamp := date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC');
    step integer;
    parent text;
    child text;
    made integer := 0;
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 24 THEN
        RAISE EXCEPTION 'months ahead: 0 to 24' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(7261016);
    FOR step IN 0 .. months_ahead LOOP
        FOREACH parent IN ARRAY ARRAY['event', 'access'] LOOP
            child := parent || to_char(month + make_interval(months => step), '_YYYY_MM');
            CONTINUE WHEN to_regclass(format('audit.%I', child)) IS NOT NULL;
            EXECUTE format(
                'CREATE TABLE audit.%I PARTITION OF audit.%I FOR VALUES FROM (%L) TO (%L)', child, parent,
                to_char(month + make_interval(months => step), 'YYYY-MM-DD') || ' 00:00:00+00',
                to_char(month + make_interval(months => step + 1), 'YYYY-MM-DD') || ' 00:00:00+00'
            );
            EXECUTE format(
                'CREATE TRIGGER %I BEFORE TRUNCATE ON audit.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()',
                child || '_no_truncate', child
            );
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;

-- Who is writing. Refuses without a verified context, and for the purposes that only read.
CREATE FUNCTION audit.writer() RETURNS ctx.actor
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who ctx.actor := ctx.current();
BEGIN
    IF who.kind IS NULL OR who.kind = 'anonymous' THEN
        RAISE EXCEPTION 'no context to record an event in' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF who.kind = 'system' AND who.purpose IN ('seal', 'verify') THEN
        RAISE EXCEPTION 'purpose % records nothing', who.purpose USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN who;
END
$$;

-- Words only from the lists; details hold codes, ids, numbers and truth values, never text with a space in it.
CREATE FUNCTION audit.check_words(in_action text, in_subject_kind text, in_details jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    code constant text := '^[A-Za-z0-9_.:+-]{0,100}$';
BEGIN
    IF NOT EXISTS (SELECT FROM audit.vocabulary WHERE list = 'action' AND word = in_action) THEN
        RAISE EXCEPTION 'unknown action %', in_action USING ERRCODE = 'check_violation';
    END IF;
    IF in_subject_kind IS NOT NULL
       AND NOT EXISTS (SELECT FROM audit.vocabulary WHERE list = 'subject_kind' AND word = in_subject_kind) THEN
        RAISE EXCEPTION 'unknown kind of subject %', in_subject_kind USING ERRCODE = 'check_violation';
    END IF;
    IF jsonb_typeof(in_details) <> 'object' OR octet_length(in_details::text) > 4000 OR EXISTS (
        SELECT FROM jsonb_each(in_details) AS detail (key, value)
        WHERE NOT EXISTS (SELECT FROM audit.vocabulary WHERE list = 'detail' AND word = detail.key)
           OR NOT CASE jsonb_typeof(detail.value)
                WHEN 'string' THEN detail.value #>> '{}' ~ code
                WHEN 'array' THEN NOT EXISTS (
                    SELECT FROM jsonb_array_elements(detail.value) AS item
                    WHERE jsonb_typeof(item) NOT IN ('string', 'number') OR item #>> '{}' !~ code
                )
                WHEN 'object' THEN false
                ELSE true
              END
    ) THEN
        -- The message names no value: it could be what must not be written here.
        RAISE EXCEPTION 'details of % hold an unknown key or more than codes', in_action USING ERRCODE = 'check_violation';
    END IF;
END
$$;

CREATE FUNCTION audit.append(
    in_action text, in_subject_kind text, in_subject_id uuid, in_provider_id uuid, in_payer_id uuid,
    in_old_status text, in_new_status text, in_fields text[], in_details jsonb, in_outcome text, in_severity text,
    in_occurred_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who ctx.actor := audit.writer();
    head audit.chain_head;
    e audit.event;
BEGIN
    PERFORM audit.check_words(in_action, in_subject_kind, in_details);
    IF (who.kind = 'provider' AND in_provider_id <> who.organization_id)
       OR (who.kind = 'payer' AND in_payer_id <> who.organization_id) THEN
        RAISE EXCEPTION 'an event of another organization' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF who.kind = 'login' AND in_subject_kind NOT IN ('user', 'address') THEN
        RAISE EXCEPTION 'sign-in records people and addresses only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF in_occurred_at IS NOT NULL AND who.kind <> 'system' AND who.purpose IS DISTINCT FROM 'seed' THEN
        RAISE EXCEPTION 'only the system tells of earlier times' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF in_old_status !~ '^[a-z_]{1,40}$' OR in_new_status !~ '^[a-z_]{1,40}$'
       OR EXISTS (SELECT FROM unnest(in_fields) AS field WHERE field IS NULL OR field !~ '^[a-z0-9_.]{1,80}$') THEN
        RAISE EXCEPTION 'states and field names are lower-case words' USING ERRCODE = 'check_violation';
    END IF;

    SELECT * INTO head FROM audit.chain_head
        WHERE subject_kind = in_subject_kind AND subject_id = in_subject_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO audit.chain_head VALUES (in_subject_kind, in_subject_id, 0, sha256('')) ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT head FROM audit.chain_head
            WHERE subject_kind = in_subject_kind AND subject_id = in_subject_id FOR UPDATE;
    END IF;

    e.id := nextval('audit.event_id');
    e.format := 1;
    e.at := clock_timestamp();
    e.occurred_at := in_occurred_at;
    e.cluster := (SELECT system_identifier FROM pg_control_system());
    e.xid := pg_current_xact_id()::text::bigint;
    e.actor_id := who.user_id;
    e.kind := who.kind;
    e.organization_id := who.organization_id;
    e.provider_id := in_provider_id;
    e.payer_id := in_payer_id;
    e.subject_kind := in_subject_kind;
    e.subject_id := in_subject_id;
    e.action := in_action;
    e.outcome := in_outcome;
    e.severity := in_severity;
    e.request_id := who.request_id;
    e.purpose := who.purpose;
    e.fields := in_fields;
    e.old_status := in_old_status;
    e.new_status := in_new_status;
    e.details := in_details;
    e.chain_seq := head.seq + 1;
    e.prev_hash := head.hash;
    e.row_hash := {event_hash};
    INSERT INTO audit.event SELECT e.*;
    UPDATE audit.chain_head SET seq = e.chain_seq, hash = e.row_hash
        WHERE subject_kind = in_subject_kind AND subject_id = in_subject_id;
    RETURN e.id;
END
$$;

-- Many events in one round trip, for imports: an array of objects named like append's arguments without in_.
CREATE FUNCTION audit.append_batch(events jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made integer;
BEGIN
    -- Chains are locked in one order, so that two imports cannot wait for each other.
    SELECT count(audit.append(
        event.action, event.subject_kind, event.subject_id, event.provider_id, event.payer_id,
        event.old_status, event.new_status, coalesce(event.fields, '{}'), coalesce(event.details, '{}'),
        coalesce(event.outcome, 'success'), coalesce(event.severity, 'info'), event.occurred_at
    )) INTO made
    FROM (
        SELECT item.* FROM ROWS FROM (jsonb_to_recordset(events) AS (
            action text, subject_kind text, subject_id uuid, provider_id uuid, payer_id uuid, old_status text,
            new_status text, fields text[], details jsonb, outcome text, severity text, occurred_at timestamptz
        )) WITH ORDINALITY AS item
        ORDER BY item.subject_kind, item.subject_id, item.ordinality
    ) AS event;
    RETURN made;
END
$$;

-- One answer that showed health data: a row for each subject, or one row without a subject when nothing was found.
CREATE FUNCTION audit.record_access(
    in_action text, subject_kinds text[], subject_ids uuid[], provider_ids uuid[], payer_ids uuid[],
    person_bidxs text[], bi_key_ids smallint[]
) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who ctx.actor := audit.writer();
    answer uuid := gen_random_uuid();
    total integer := cardinality(subject_ids);
    moment timestamptz := clock_timestamp();
    here bigint := (SELECT system_identifier FROM pg_control_system());
BEGIN
    PERFORM audit.check_words(in_action, kind_seen, '{}') FROM (SELECT DISTINCT unnest(subject_kinds)) AS seen (kind_seen);
    PERFORM audit.check_words(in_action, NULL, '{}');
    IF who.kind = 'login' THEN
        RAISE EXCEPTION 'sign-in shows no health data' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (who.kind = 'provider' AND EXISTS (SELECT FROM unnest(provider_ids) AS id WHERE id <> who.organization_id))
       OR (who.kind = 'payer' AND EXISTS (SELECT FROM unnest(payer_ids) AS id WHERE id <> who.organization_id)) THEN
        RAISE EXCEPTION 'an access of another organization' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM unnest(person_bidxs) AS bidx WHERE bidx !~ '^[0-9a-f]{32}$') THEN
        RAISE EXCEPTION 'a person is named by a blind index' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO audit.access
    SELECT e.id, e.format, e.event_id, e.at, e.cluster, e.xid, e.actor_id, e.kind, e.organization_id, e.action,
           e.subject_kind, e.subject_id, e.provider_id, e.payer_id, e.person_bidx, e.bi_key_id, e.row_count,
           e.request_id, e.purpose, {access_hash}
    FROM (
        SELECT nextval('audit.access_id') AS id, 1::smallint AS format, answer AS event_id, moment AS at, here AS cluster,
               pg_current_xact_id()::text::bigint AS xid, who.user_id AS actor_id, who.kind AS kind,
               who.organization_id AS organization_id, in_action AS action, seen.subject_kind, seen.subject_id,
               seen.provider_id, seen.payer_id, seen.person_bidx, seen.bi_key_id, total AS row_count,
               who.request_id AS request_id, who.purpose AS purpose
        FROM (
            SELECT * FROM unnest(subject_kinds, subject_ids, provider_ids, payer_ids, person_bidxs, bi_key_ids)
                AS given (subject_kind, subject_id, provider_id, payer_id, person_bidx, bi_key_id)
            UNION ALL
            SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE total = 0
        ) AS seen
    ) AS e;
    RETURN answer;
END
$$;

-- For the auditor's page and the health page: the last seal, what waits for the next, the last verification.
CREATE FUNCTION audit.seal_state() RETURNS TABLE (
    batch bigint, sealed_at timestamptz, unsealed bigint, oldest_unsealed timestamptz,
    verified_at timestamptz, verified_outcome text, verified_details jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH last AS (
        SELECT c.batch, c.at, c.hi, c.cluster FROM audit.checkpoint c ORDER BY c.batch DESC LIMIT 1
    ), bound AS (
        SELECT coalesce((SELECT hi FROM last WHERE cluster = (SELECT system_identifier FROM pg_control_system())), 0) AS hi
    ), waiting AS (
        SELECT at FROM audit.event WHERE xid >= (SELECT hi FROM bound)
        UNION ALL
        SELECT at FROM audit.access WHERE xid >= (SELECT hi FROM bound)
    ), verified AS (
        SELECT at, outcome, details FROM audit.event
        WHERE subject_id = '00000000-0000-7000-8000-0000000000a1' AND action = 'audit_verified'
        ORDER BY chain_seq DESC LIMIT 1
    )
    SELECT last.batch, last.at, counted.n, counted.oldest, verified.at, verified.outcome, verified.details
    FROM (SELECT count(*) AS n, min(at) AS oldest FROM waiting) AS counted
    LEFT JOIN last ON true
    LEFT JOIN verified ON true
$$;

-- Reading. ENABLE without FORCE: the owner's functions above read and write as the owner.
ALTER TABLE audit.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.access ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.chain_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.checkpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.vocabulary ENABLE ROW LEVEL SECURITY;

-- A timeline is what the events say to the side that reads it; payer-internal events have no provider_id.
CREATE POLICY event_provider_select ON audit.event FOR SELECT TO {role:provider}
    USING (provider_id = (SELECT ctx.org('provider')));
CREATE POLICY event_payer_select ON audit.event FOR SELECT TO {role:payer}
    USING (payer_id = (SELECT ctx.org('payer')));
-- An auditor of an organization sees what its people did and what was done to its data; the platform's auditor, who has
-- no organization, sees all.
CREATE POLICY event_auditor_select ON audit.event FOR SELECT TO {role:auditor}
    USING (organization_id = (SELECT ctx.org('auditor')) OR provider_id = (SELECT ctx.org('auditor'))
        OR payer_id = (SELECT ctx.org('auditor'))
        OR (SELECT ctx.active('auditor') AND ctx.org('auditor') IS NULL));
CREATE POLICY event_admin_select ON audit.event FOR SELECT TO {role:admin} USING ((SELECT ctx.active('admin')));
CREATE POLICY event_system_select ON audit.event FOR SELECT TO {role:system}
    USING ((SELECT ctx.purpose('system')) IS NOT NULL);

-- Reads by the other side's people are that side's own; reads by nobody's people (administrator, system) concern both.
CREATE POLICY access_auditor_select ON audit.access FOR SELECT TO {role:auditor}
    USING (organization_id = (SELECT ctx.org('auditor'))
        OR (organization_id IS NULL
            AND (provider_id = (SELECT ctx.org('auditor')) OR payer_id = (SELECT ctx.org('auditor'))))
        OR (SELECT ctx.active('auditor') AND ctx.org('auditor') IS NULL));
CREATE POLICY access_admin_select ON audit.access FOR SELECT TO {role:admin} USING ((SELECT ctx.active('admin')));
CREATE POLICY access_system_select ON audit.access FOR SELECT TO {role:system}
    USING ((SELECT ctx.purpose('system')) IN ('seal', 'verify'));

CREATE POLICY chain_head_system_select ON audit.chain_head FOR SELECT TO {role:system}
    USING ((SELECT ctx.purpose('system')) IN ('seal', 'verify'));

CREATE POLICY checkpoint_auditor_select ON audit.checkpoint FOR SELECT TO {role:auditor}
    USING ((SELECT ctx.active('auditor')));
CREATE POLICY checkpoint_admin_select ON audit.checkpoint FOR SELECT TO {role:admin}
    USING ((SELECT ctx.active('admin')));
CREATE POLICY checkpoint_system_select ON audit.checkpoint FOR SELECT TO {role:system}
    USING ((SELECT ctx.purpose('system')) IN ('seal', 'verify'));
CREATE POLICY checkpoint_system_insert ON audit.checkpoint FOR INSERT TO {role:system}
    WITH CHECK ((SELECT ctx.purpose('system')) = 'seal');

GRANT SELECT ON audit.event TO {role:provider}, {role:payer}, {role:auditor}, {role:admin}, {role:system};
GRANT SELECT ON audit.access TO {role:auditor}, {role:admin}, {role:system};
GRANT SELECT ON audit.chain_head TO {role:system};
GRANT SELECT ON audit.checkpoint TO {role:auditor}, {role:admin}, {role:system};
GRANT INSERT ON audit.checkpoint TO {role:system};

GRANT EXECUTE ON FUNCTION audit.append(
    text, text, uuid, uuid, uuid, text, text, text[], jsonb, text, text, timestamptz
) TO {role:login}, {role:provider}, {role:payer}, {role:admin}, {role:auditor}, {role:system};
GRANT EXECUTE ON FUNCTION audit.append_batch(jsonb) TO {role:provider}, {role:payer}, {role:admin}, {role:system};
GRANT EXECUTE ON FUNCTION audit.record_access(text, text[], uuid[], uuid[], uuid[], text[], smallint[])
    TO {role:provider}, {role:payer}, {role:admin}, {role:auditor}, {role:system};
GRANT EXECUTE ON FUNCTION audit.seal_state() TO {role:auditor}, {role:admin}, {role:system};
GRANT EXECUTE ON FUNCTION audit.ensure_partitions(integer) TO {role:system};

SELECT audit.ensure_partitions(2);
