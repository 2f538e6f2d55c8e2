-- What is written stays written (rulings 9, 26, 27, 34). Every refusal names its constraint.

CREATE FUNCTION claims.refuse(rule text, sentence text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation', CONSTRAINT = rule;
END
$$;

-- A change of state is a row of claims_statetransition for the kind that asks.
CREATE FUNCTION claims.state_follows_the_workflow() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.claims_statetransition
    WHERE source = OLD.state AND target = NEW.state AND side = ctx.kind();
    IF NOT FOUND THEN
        PERFORM claims.refuse(
            'claims_claim_transition',
            format('%s may not take a claim from %s to %s', coalesce(ctx.kind(), 'nobody'), OLD.state, NEW.state));
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claims_claim_transition BEFORE UPDATE OF state ON claims_claim
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION claims.state_follows_the_workflow();

-- A claim's number is given once.
CREATE FUNCTION claims.number_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM claims.refuse('claims_claim_number_stays', 'a claim keeps its number');
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_claim_number_stays BEFORE UPDATE OF claim_number, number_day, number_n ON claims_claim
    FOR EACH ROW WHEN (OLD.claim_number IS NOT NULL AND
        (OLD.claim_number, OLD.number_day, OLD.number_n)
        IS DISTINCT FROM (NEW.claim_number, NEW.number_day, NEW.number_n))
    EXECUTE FUNCTION claims.number_stays();

-- A claim follows only a claim of its own provider (a policy cannot ask its own table).
CREATE FUNCTION claims.prior_claim_is_own() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.claims_claim WHERE id = NEW.prior_claim_id AND provider_id = NEW.provider_id;
    IF NOT FOUND THEN
        PERFORM claims.refuse('claims_claim_prior_claim_own', 'the earlier claim is not one of this provider');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claims_claim_prior_claim_own BEFORE INSERT ON claims_claim
    FOR EACH ROW WHEN (NEW.prior_claim_id IS NOT NULL)
    EXECUTE FUNCTION claims.prior_claim_is_own();

-- Rows that are written once; ciphertexts and blind indexes may be re-keyed or erased by the system.
CREATE FUNCTION claims.written_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ctx.purpose('system') IN ('rekey', 'erase') THEN
        RETURN NEW;
    END IF;
    PERFORM claims.refuse(TG_TABLE_NAME || '_written_once', format('%s is written once', TG_TABLE_NAME));
    RETURN NULL;
END
$$;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_serviceline
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_diagnosis
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_claimsnapshot
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_claimfinding
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_decision
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_linedecision
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_adjustment
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_adjustmentremark
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_payernote
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON claims_providernote
    FOR EACH ROW EXECUTE FUNCTION claims.written_once();
-- Of a claim, what was typed; its life-cycle columns are limited by grants, and nobody deletes a claim.
CREATE TRIGGER written_once BEFORE DELETE OR UPDATE OF
    patient_first_name, patient_last_name, patient_birth_date, patient_address, patient_phone, member_id,
    group_number, insured_first_name, insured_last_name, insured_birth_date, insured_address, other_insured,
    patient_account_number, authorization_number, additional_information, billing_tax_id, member_bidx,
    provider_name_bidx, provider_birth_bidx, payer_name_bidx, payer_birth_bidx, bi_key_id
    ON claims_claim FOR EACH ROW EXECUTE FUNCTION claims.written_once();

-- The number seals a claim: what was submitted with it is written before. (There is one snapshot a claim anyway.)
CREATE FUNCTION claims.number_seals() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM born JOIN public.claims_claim AS claim ON claim.id = born.claim_id
    WHERE claim.claim_number IS NOT NULL;
    IF FOUND THEN
        PERFORM claims.refuse(TG_TABLE_NAME || '_sealed', 'a claim that has its number takes nothing more');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER sealed AFTER INSERT ON claims_serviceline REFERENCING NEW TABLE AS born
    FOR EACH STATEMENT EXECUTE FUNCTION claims.number_seals();
CREATE TRIGGER sealed AFTER INSERT ON claims_diagnosis REFERENCING NEW TABLE AS born
    FOR EACH STATEMENT EXECUTE FUNCTION claims.number_seals();

-- Being named current, or superseded, closes a decision. (Its lines are unique and complete anyway.)
CREATE FUNCTION claims.is_closed(decision uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.claims_decision AS this JOIN public.claims_claim AS claim ON claim.id = this.claim_id
        WHERE this.id = decision AND claim.current_decision_id = this.id
    ) OR EXISTS (
        SELECT FROM public.claims_decision AS this
        JOIN public.claims_decision AS later ON later.supersedes_id = this.id AND later.claim_id = this.claim_id
        WHERE this.id = decision
    )
$$;
CREATE FUNCTION claims.closing_seals() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sealed boolean;
BEGIN
    IF TG_TABLE_NAME = 'claims_adjustment' THEN
        SELECT bool_or(claims.is_closed(decision_id)) INTO sealed FROM (
            SELECT DISTINCT line.decision_id
            FROM born JOIN public.claims_linedecision AS line ON line.id = born.line_decision_id) AS one;
    ELSE
        SELECT bool_or(claims.is_closed(decision_id)) INTO sealed FROM (
            SELECT DISTINCT line.decision_id
            FROM born JOIN public.claims_adjustment AS adjustment ON adjustment.id = born.adjustment_id
            JOIN public.claims_linedecision AS line ON line.id = adjustment.line_decision_id) AS one;
    END IF;
    IF sealed THEN
        PERFORM claims.refuse(TG_TABLE_NAME || '_sealed', 'a decision that is closed takes nothing more');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER sealed AFTER INSERT ON claims_adjustment REFERENCING NEW TABLE AS born
    FOR EACH STATEMENT EXECUTE FUNCTION claims.closing_seals();
CREATE TRIGGER sealed AFTER INSERT ON claims_adjustmentremark REFERENCING NEW TABLE AS born
    FOR EACH STATEMENT EXECUTE FUNCTION claims.closing_seals();
