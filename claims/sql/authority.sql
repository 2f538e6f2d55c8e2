-- A decision stays within its decider's limit, and one above the rule set's has been looked at by two. Checked at the
-- end of the transaction, when the proposal says who looked. The functions belong to reader.
CREATE FUNCTION claims.decision_within_authority() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF ctx.kind() IS DISTINCT FROM 'payer' THEN
        RETURN NULL;
    END IF;
    PERFORM FROM public.claims_authority WHERE user_id = NEW.decided_by_id AND most_paid < NEW.paid;
    IF FOUND THEN
        RAISE EXCEPTION 'above the limit of the person who decides'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_decision_within_limit';
    END IF;
    PERFORM FROM public.claims_rulesetinternal
    WHERE rule_set_id = NEW.rule_set_id AND (authority ->> 'second_look_above_cents')::bigint < NEW.paid;
    IF FOUND THEN
        PERFORM FROM public.claims_proposal
        WHERE claim_id = NEW.claim_id AND reviewer_id = NEW.decided_by_id AND proposer_id <> NEW.decided_by_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this needs a second person'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_decision_second_person';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER claims_decision_authority AFTER INSERT ON claims_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims.decision_within_authority();

-- A limit is set by who keeps the payer's people, for one of them.
CREATE FUNCTION claims.guard_authority() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM public.accounts_user WHERE id = NEW.user_id AND organization_id = NEW.organization_id AND role = 'payer';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a limit is for one of the payer''s own people' USING ERRCODE = 'check_violation';
    END IF;
    IF ctx.kind() = 'payer' AND NOT accounts.holds(ctx.usr('payer'), 'manage_users') THEN
        RAISE EXCEPTION 'not theirs to set' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_authority AFTER INSERT OR UPDATE ON claims_authority
    FOR EACH ROW EXECUTE FUNCTION claims.guard_authority();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['decision_within_authority()', 'guard_authority()'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION claims.%s FROM PUBLIC', name);
        EXECUTE format('ALTER FUNCTION claims.%s OWNER TO {role:reader}', name);
    END LOOP;
END
$$;
