-- Upkeep that the system may not do itself (ruling 3): jobs whose worker died, jobs that are long over, statistics.

-- Jobs that a worker left in the middle: it is gone, or has not been heard of for so long. They wait again; one that has
-- brought down so many workers is given up. Returns how many were moved.
CREATE FUNCTION jobs.retry_stalled(silent_seconds integer, most_tries integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    stalled record;
    moved integer := 0;
BEGIN
    IF ctx.kind() IS DISTINCT FROM 'system' OR silent_seconds < 30 THEN
        RAISE EXCEPTION 'the system retries jobs of workers that are silent for half a minute'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR stalled IN
        SELECT job.id, job.attempts FROM procrastinate_jobs AS job
        LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
        WHERE job.status = 'doing'
          AND (worker.id IS NULL OR worker.last_heartbeat < clock_timestamp() - make_interval(secs => silent_seconds))
        ORDER BY job.id LIMIT 1000 FOR UPDATE OF job SKIP LOCKED
    LOOP
        IF stalled.attempts >= most_tries THEN
            PERFORM procrastinate_finish_job_v1(stalled.id, 'failed', false);
        ELSE
            PERFORM procrastinate_retry_job_v2(stalled.id, clock_timestamp(), NULL, NULL, NULL);
        END IF;
        moved := moved + 1;
    END LOOP;
    RETURN moved;
END
$$;

-- Jobs that succeeded or were called off so many days ago, with their history; failed ones stay until somebody looks.
CREATE FUNCTION jobs.forget_done(days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    IF ctx.kind() IS DISTINCT FROM 'system' OR days < 1 THEN
        RAISE EXCEPTION 'the system forgets jobs that are over for a day' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM procrastinate_jobs AS job WHERE job.id IN (
        SELECT over.id FROM procrastinate_jobs AS over
        WHERE over.status IN ('succeeded', 'aborted', 'cancelled') AND NOT EXISTS (
            SELECT FROM procrastinate_events AS event
            WHERE event.job_id = over.id AND event.at > clock_timestamp() - make_interval(days => days)
        )
        ORDER BY over.id LIMIT 20000
    );
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;

-- New statistics for tables that a file or a command has just filled. A closed list.
CREATE FUNCTION ops.analyze(tables text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    named text;
BEGIN
    IF ctx.kind() IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION 'the system analyzes tables' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOREACH named IN ARRAY tables LOOP
        IF named NOT IN (
            'accounts_user', 'claims_claim', 'claims_serviceline', 'claims_diagnosis', 'claims_claimsnapshot',
            'claims_claimfinding', 'claims_decision', 'claims_linedecision', 'claims_adjustment', 'claims_assignment',
            'members_member', 'members_coverage', 'members_patient', 'members_patientcoverage', 'codes_icd10code',
            'codes_procedure', 'engagement_notice', 'intelligence_ledgerentry', 'procrastinate_jobs'
        ) THEN
            RAISE EXCEPTION 'the table is not on the list' USING ERRCODE = 'check_violation';
        END IF;
        EXECUTE format('ANALYZE public.%I', named);
    END LOOP;
END
$$;
