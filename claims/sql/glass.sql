-- Break-glass (ruling 9): one function looks for a live grant of whoever asks, appends the access, and returns the
-- ciphertexts of that one claim. Keys are not here: the application opens what it is given.
CREATE FUNCTION claims.open_glass(asked uuid) RETURNS TABLE (line uuid, name text, data bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who constant uuid := ctx.usr('admin');
    sealed record;
BEGIN
    IF who IS NULL OR NOT accounts.holds(who, 'break_glass') THEN
        RAISE EXCEPTION 'no right to break the glass' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM FROM public.claims_glassgrant AS grant_
    WHERE grant_.claim_id = asked AND grant_.user_id = who AND grant_.until > clock_timestamp();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing is open now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT c.id, c.provider_id, c.payer_id, c.member_bidx, c.bi_key_id INTO STRICT sealed
    FROM public.claims_claim AS c WHERE c.id = asked;
    PERFORM audit.record_access('broke_glass', ARRAY['claim'], ARRAY[sealed.id], ARRAY[sealed.provider_id],
        ARRAY[sealed.payer_id], ARRAY[sealed.member_bidx]::text[], ARRAY[sealed.bi_key_id]::smallint[]);
    RETURN QUERY
    SELECT NULL::uuid, pair.name, pair.data
    FROM public.claims_claim AS c CROSS JOIN LATERAL (VALUES
        ('denial_explanation', c.denial_explanation), ('billing_tax_id', c.billing_tax_id),
        ('patient_first_name', c.patient_first_name), ('patient_last_name', c.patient_last_name),
        ('patient_birth_date', c.patient_birth_date), ('patient_address', c.patient_address),
        ('patient_phone', c.patient_phone), ('member_id', c.member_id), ('group_number', c.group_number),
        ('insured_first_name', c.insured_first_name), ('insured_last_name', c.insured_last_name),
        ('insured_birth_date', c.insured_birth_date), ('insured_address', c.insured_address),
        ('other_insured', c.other_insured), ('patient_account_number', c.patient_account_number),
        ('authorization_number', c.authorization_number), ('additional_information', c.additional_information)
    ) AS pair (name, data)
    WHERE c.id = asked AND pair.data IS NOT NULL
    UNION ALL
    SELECT l.id, 'authorization_number', l.authorization_number
    FROM public.claims_serviceline AS l WHERE l.claim_id = asked AND l.authorization_number IS NOT NULL;
END
$$;

-- Why the glass was broken and what was found, for those who break it or sign it off.
CREATE FUNCTION claims.glass_words(asked uuid[]) RETURNS TABLE (id uuid, reason bytea, note bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT g.id, g.reason, g.note FROM public.claims_glassgrant AS g
    WHERE g.id = ANY (asked)
      AND (accounts.holds(ctx.usr('admin'), 'review_break_glass') OR g.user_id = ctx.usr('admin'))
$$;

-- Asked and signed off by whoever holds the right to it.
CREATE FUNCTION claims.guard_glass() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF ctx.kind() = 'admin' AND NOT accounts.holds(
        ctx.usr('admin'), CASE TG_OP WHEN 'INSERT' THEN 'break_glass' ELSE 'review_break_glass' END
    ) THEN
        RAISE EXCEPTION 'not theirs to open or sign off' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND ctx.kind() = 'admin' AND OLD.verdict <> '' THEN
        RAISE EXCEPTION 'signed off already' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_glass AFTER INSERT OR UPDATE ON claims_glassgrant
    FOR EACH ROW EXECUTE FUNCTION claims.guard_glass();

ALTER TABLE claims_glassgrant ADD CONSTRAINT claims_glassgrant_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['open_glass(uuid)', 'glass_words(uuid[])', 'guard_glass()'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION claims.%s FROM PUBLIC', name);
    END LOOP;
    GRANT EXECUTE ON FUNCTION claims.open_glass(uuid), claims.glass_words(uuid[]) TO {role:admin};
    FOREACH name IN ARRAY ARRAY['open_glass(uuid)', 'glass_words(uuid[])', 'guard_glass()'] LOOP
        EXECUTE format('ALTER FUNCTION claims.%s OWNER TO {role:reader}', name);
    END LOOP;
END
$$;
