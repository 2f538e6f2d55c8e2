-- The signed context: what a policy may believe about the caller.
-- Token: v1|kind|organization|user|subject|purpose|request|backend pid|expiry|key id|HMAC-SHA256 in hex.

CREATE TABLE ctx.key (
    id smallint PRIMARY KEY,
    inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64)
);
COMMENT ON TABLE ctx.key IS 'HMAC pads of the keys that sign contexts; readable by their owner alone.';

CREATE TYPE ctx.actor AS (
    kind text, organization_id uuid, user_id uuid, subject text, purpose text, request_id text
);

-- The verified actor, or NULL: absent, malformed, forged, expired or another backend's token all look alike.
CREATE FUNCTION ctx.current() RETURNS ctx.actor
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token text := current_setting('claimflow.context', true);
    part text[];
    pads ctx.key;
BEGIN
    IF token IS NULL OR token = '' THEN
        RETURN NULL;
    END IF;
    part := string_to_array(token, '|');
    IF array_length(part, 1) IS DISTINCT FROM 11 OR part[1] <> 'v1'
       OR part[8] !~ '^[0-9]{1,9}$' OR part[9] !~ '^[0-9]{1,11}$' OR part[10] !~ '^[0-9]{1,4}$' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO pads FROM ctx.key WHERE id = part[10]::smallint;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF encode(sha256(pads.outer_pad || sha256(pads.inner_pad
            || convert_to(left(token, length(token) - length(part[11]) - 1), 'UTF8'))), 'hex') <> part[11] THEN
        RETURN NULL;
    END IF;
    IF part[8]::integer <> pg_backend_pid() OR to_timestamp(part[9]::bigint) < clock_timestamp() THEN
        RETURN NULL;
    END IF;
    RETURN ROW(part[2], nullif(part[3], '')::uuid, nullif(part[4], '')::uuid,
               nullif(part[5], ''), nullif(part[6], ''), nullif(part[7], ''))::ctx.actor;
END
$$;

-- Role and token must agree: each function answers only for the kind that the policy was written for.
CREATE FUNCTION ctx.active(asked text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((c).kind = asked AND (c).purpose IS DISTINCT FROM 'seal' AND (c).purpose IS DISTINCT FROM 'verify', false)
    FROM (SELECT ctx.current() AS c) AS token
$$;

CREATE FUNCTION ctx.org(asked text) RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN (c).kind = asked THEN (c).organization_id END FROM (SELECT ctx.current() AS c) AS token
$$;

CREATE FUNCTION ctx.usr(asked text) RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN (c).kind = asked THEN (c).user_id END FROM (SELECT ctx.current() AS c) AS token
$$;

CREATE FUNCTION ctx.subject(asked text) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN (c).kind = asked THEN (c).subject END FROM (SELECT ctx.current() AS c) AS token
$$;

CREATE FUNCTION ctx.purpose(asked text) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN (c).kind = asked THEN (c).purpose END FROM (SELECT ctx.current() AS c) AS token
$$;

CREATE FUNCTION ctx.kind() RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (ctx.current()).kind
$$;
