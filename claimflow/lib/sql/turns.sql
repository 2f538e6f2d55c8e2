-- A job's turn in the queue: the lower its priority the later, and of those with the same lock one at a time.

ALTER TABLE jobs.allowed ADD COLUMN priority integer NOT NULL DEFAULT 0, ADD COLUMN lock text;

CREATE OR REPLACE FUNCTION jobs.enqueue(job_name text, ids jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    job_ids bigint[];
    turn jobs.allowed;
BEGIN
    IF ctx.kind() IS NULL THEN
        RAISE EXCEPTION 'no context' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO turn FROM jobs.allowed WHERE name = job_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'job % is not on the list', job_name USING ERRCODE = 'check_violation';
    END IF;
    IF jsonb_typeof(ids) <> 'object' OR EXISTS (
        SELECT FROM jsonb_each_text(ids)
        WHERE key !~ '^[a-z_]{1,40}$'
           OR value !~ '^([0-9]{1,19}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$'
    ) THEN
        RAISE EXCEPTION 'a job takes ids only' USING ERRCODE = 'check_violation';
    END IF;
    job_ids := procrastinate_defer_jobs_v1(ARRAY[
        ROW('default', job_name, turn.priority, turn.lock, NULL, ids, NULL)::procrastinate_job_to_defer_v1
    ]);
    RETURN job_ids[1];
END
$$;
