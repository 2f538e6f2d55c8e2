-- What the administrator's operations page asks beyond the catalogue (ruling 3): statements that take long, and failed
-- jobs put back into the queue. No values, no rows of a tenant.

-- Statements whose mean is above so many milliseconds, those that cost most first, with every literal taken out: the
-- extension normalises them, but not one that it forgot while the statement ran. One row without a text when the server
-- does not count statements.
CREATE FUNCTION ops.slow_statements(above_ms integer) RETURNS TABLE (
    statement text, calls bigint, mean_ms double precision, longest_ms double precision, total_ms double precision
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_regclass('public.pg_stat_statements') IS NULL
       OR NOT has_table_privilege('public.pg_stat_statements', 'SELECT') THEN
        RETURN QUERY SELECT NULL::text, 0::bigint, 0::float8, 0::float8, 0::float8;
        RETURN;
    END IF;
    RETURN QUERY
        SELECT left(regexp_replace(regexp_replace(s.query, $re$'(?:[^']|'')*'?$re$, '?', 'g'), '\m[0-9]+\M', '?', 'g'), 600),
               s.calls, s.mean_exec_time, s.max_exec_time, s.total_exec_time
        FROM public.pg_stat_statements AS s
        WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
          AND s.mean_exec_time > above_ms
          AND s.query ~* '^\s*(select|insert|update|delete|with)\y'
        ORDER BY s.total_exec_time DESC LIMIT 20;
EXCEPTION
    WHEN object_not_in_prerequisite_state THEN  -- the extension is there, its library is not loaded
        RETURN QUERY SELECT NULL::text, 0::bigint, 0::float8, 0::float8, 0::float8;
END
$$;

-- Every failed job of one name waits again; at most a thousand at once. Returns how many.
CREATE FUNCTION jobs.retry_failed(job_name text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    failed bigint;
    again integer := 0;
BEGIN
    IF ctx.kind() IS DISTINCT FROM 'admin' THEN
        RAISE EXCEPTION 'an administrator retries jobs' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR failed IN
        SELECT job.id FROM procrastinate_jobs AS job
        WHERE job.status = 'failed' AND job.task_name = job_name ORDER BY job.id LIMIT 1000
    LOOP
        PERFORM procrastinate_retry_job_v2(failed, clock_timestamp(), NULL, NULL, NULL);
        again := again + 1;
    END LOOP;
    RETURN again;
END
$$;
