-- What the health page may say to anybody: counts, ages and names of migrations, nothing of a tenant.
-- It reads the queue's and Django's own tables as their owner; the trail answers through a function of its own.

CREATE FUNCTION ops.health() RETURNS TABLE (
    migrations text[], worker_lag_seconds double precision, worker_seen_seconds double precision,
    seal_lag_seconds double precision
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT
        (SELECT array_agg(app || '.' || name) FROM public.django_migrations),
        -- How long the oldest job that could run has been waiting; 0 when none is.
        coalesce((
            SELECT extract(epoch FROM clock_timestamp() - greatest(job.scheduled_at, event.at))::double precision
            FROM public.procrastinate_jobs AS job
            JOIN public.procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred'
            WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= clock_timestamp())
            ORDER BY job.id LIMIT 1
        ), 0),
        -- When a worker last said that it lives; NULL when none runs.
        (SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))::double precision
         FROM public.procrastinate_workers),
        audit.seal_lag_seconds();
END
$$;
