-- "Is this member id known to that payer, and covered on that day?" One word and nothing else (ruling 19).
-- Thirty questions a person and minute, so that nobody finds member ids by trying; the system asks without limit.
DECLARE
    who constant uuid := ctx.usr('provider');
    this_minute constant timestamptz := date_trunc('minute', clock_timestamp());
    count_now integer;
BEGIN
    IF who IS NULL AND NOT ctx.active('system') THEN
        RAISE EXCEPTION 'no context' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF who IS NOT NULL THEN
        INSERT INTO public.members_coverageinquiry AS counter (user_id, minute, asked, created_at, updated_at)
        VALUES (who, this_minute, 1, now(), now())
        ON CONFLICT (user_id) DO UPDATE SET
            updated_at = now(),
            minute = excluded.minute,
            asked = CASE WHEN counter.minute = excluded.minute THEN least(counter.asked + 1, 1000) ELSE 1 END
        RETURNING asked INTO count_now;
        IF count_now > 30 THEN
            RETURN 'too_many';
        END IF;
    END IF;
    PERFORM FROM public.members_coverage
    WHERE organization_id = asked_payer AND member_bidx = asked_member;
    IF NOT FOUND THEN
        RETURN 'unknown';
    END IF;
    PERFORM FROM public.members_coverage
    WHERE organization_id = asked_payer AND member_bidx = asked_member AND verification <> 'not_found'
      AND asked_day >= effective_from AND (effective_to IS NULL OR asked_day <= effective_to);
    RETURN CASE WHEN FOUND THEN 'yes' ELSE 'no' END;
END
