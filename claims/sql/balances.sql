-- Sums and other truths across rows, checked at the end of the transaction or before the context changes
-- (rulings 5 and 26). Each refuses when it sees no rows: a lost context must not look like a balance.

CREATE FUNCTION claims.claim_is_whole() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    claim public.claims_claim;
    lines record;
    diagnoses record;
    most_lines constant integer := CASE NEW.claim_type WHEN 'institutional' THEN 999 ELSE 50 END;
    most_diagnoses constant integer :=
        CASE NEW.claim_type WHEN 'institutional' THEN 25 WHEN 'dental' THEN 4 ELSE 12 END;
BEGIN
    SELECT * INTO claim FROM public.claims_claim WHERE id = NEW.id;
    IF NOT FOUND THEN
        PERFORM claims.refuse('claims_claim_seen', 'the claim cannot be seen, so it cannot be checked');
    END IF;

    SELECT count(*) AS n, max(line_no) AS last, sum(charge) AS charge, min(date_from) AS earliest,
           max(date_to) AS latest, (array_agg(procedure_code ORDER BY line_no))[1] AS first_code
    INTO lines FROM public.claims_serviceline WHERE claim_id = claim.id;
    IF lines.n NOT BETWEEN 1 AND most_lines OR lines.last <> lines.n THEN
        PERFORM claims.refuse('claims_claim_lines', format('a claim has 1 to %s lines, counted from 1', most_lines));
    END IF;
    IF lines.charge <> claim.billed_amount THEN
        PERFORM claims.refuse('claims_claim_billed_is_sum', 'the billed amount is the sum of the lines'' charges');
    END IF;
    IF (lines.earliest, lines.latest, lines.first_code)
       IS DISTINCT FROM (claim.service_date, claim.service_date_to, claim.cpt_code) THEN
        PERFORM claims.refuse('claims_claim_service_is_lines',
            'service dates and procedure are the earliest, the latest and the first of the lines');
    END IF;

    SELECT count(*) AS n, max(letter) AS last, array_agg(letter) AS letters,
           (array_agg(code ORDER BY letter))[1] AS first_code
    INTO diagnoses FROM public.claims_diagnosis WHERE claim_id = claim.id;
    IF diagnoses.n NOT BETWEEN 1 AND most_diagnoses OR diagnoses.last <> chr(64 + diagnoses.n::integer) THEN
        PERFORM claims.refuse('claims_claim_diagnoses',
            format('a claim has 1 to %s diagnoses, lettered from A', most_diagnoses));
    END IF;
    IF diagnoses.first_code <> claim.icd10_code THEN
        PERFORM claims.refuse('claims_claim_diagnosis_is_first', 'the claim''s diagnosis is the first one');
    END IF;
    PERFORM FROM public.claims_serviceline WHERE claim_id = claim.id AND NOT pointers <@ diagnoses.letters;
    IF FOUND THEN
        PERFORM claims.refuse('claims_claim_pointers', 'a line points to diagnoses that the claim has');
    END IF;

    PERFORM FROM public.claims_claimsnapshot WHERE claim_id = claim.id;
    IF NOT FOUND THEN
        PERFORM claims.refuse('claims_claim_snapshot', 'a claim keeps a snapshot of what was submitted');
    END IF;
    RETURN NULL;
END
$$;
-- At birth, under the provider, and once more when the number seals it: until then lines could still come.
CREATE CONSTRAINT TRIGGER claims_claim_whole AFTER INSERT OR UPDATE OF claim_number ON claims_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims.claim_is_whole();

-- A decision: every line of the claim once, each balanced, totals their sums. A reversal negates every amount.
CREATE FUNCTION claims.decision_balances() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sign constant integer := CASE NEW.kind WHEN 'reversal' THEN -1 ELSE 1 END;
    total record;
    wanted bigint;
BEGIN
    IF NOT claims.is_closed(NEW.id) THEN
        PERFORM claims.refuse('claims_decision_closed',
            'a decision is the claim''s current one, or superseded, before the transaction ends');
    END IF;

    SELECT count(*) INTO wanted FROM public.claims_serviceline WHERE claim_id = NEW.claim_id;
    SELECT count(*) AS n, sum(decided.charge) AS charge, sum(decided.allowed) AS allowed, sum(decided.paid) AS paid,
           sum(decided.patient_responsibility) AS patient_responsibility,
           bool_and(decided.charge = sign * line.charge) AS charges_agree
    INTO total
    FROM public.claims_linedecision AS decided
    JOIN public.claims_serviceline AS line ON line.id = decided.line_id AND line.claim_id = decided.claim_id
    WHERE decided.decision_id = NEW.id;
    IF wanted = 0 OR total.n <> wanted THEN
        PERFORM claims.refuse('claims_decision_every_line', 'a decision decides every line of its claim');
    END IF;
    IF NOT total.charges_agree THEN
        PERFORM claims.refuse('claims_decision_charges', 'a line is decided with the charge it was billed with');
    END IF;
    IF (total.charge, total.allowed, total.paid, total.patient_responsibility)
       IS DISTINCT FROM (NEW.charge::numeric, NEW.allowed::numeric, NEW.paid::numeric, NEW.patient_responsibility::numeric)
    THEN
        PERFORM claims.refuse('claims_decision_sums', 'a decision''s totals are the sums of its lines');
    END IF;

    -- X12 835: SVC02 - CAS = SVC03; PR 1, 2, 3 are deductible, coinsurance and copay.
    PERFORM
    FROM public.claims_linedecision AS decided
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS adjusted,
               coalesce(sum(amount) FILTER (WHERE "group" = 'PR'), 0) AS patients,
               coalesce(sum(amount) FILTER (WHERE "group" = 'PR' AND reason_code = '1'), 0) AS deductible,
               coalesce(sum(amount) FILTER (WHERE "group" = 'PR' AND reason_code = '2'), 0) AS coinsurance,
               coalesce(sum(amount) FILTER (WHERE "group" = 'PR' AND reason_code = '3'), 0) AS copay
        FROM public.claims_adjustment WHERE line_decision_id = decided.id
    ) AS sums
    WHERE decided.decision_id = NEW.id
      AND (decided.charge - decided.paid, decided.patient_responsibility, decided.deductible, decided.coinsurance,
           decided.copay)
          IS DISTINCT FROM (sums.adjusted, sums.patients, sums.deductible, sums.coinsurance, sums.copay);
    IF FOUND THEN
        PERFORM claims.refuse('claims_decision_lines_balance',
            'each line balances: charge is paid plus adjustments, and the patient''s share is group PR');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER claims_decision_balance AFTER INSERT ON claims_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims.decision_balances();

-- The totals a claim carries are copies of its current decision, which is the last of its chain.
CREATE FUNCTION claims.totals_follow_the_decision() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    claim public.claims_claim;
    decision public.claims_decision;
BEGIN
    SELECT * INTO claim FROM public.claims_claim WHERE id = NEW.id;
    IF NOT FOUND THEN
        PERFORM claims.refuse('claims_claim_seen', 'the claim cannot be seen, so it cannot be checked');
    END IF;
    SELECT * INTO decision FROM public.claims_decision WHERE id = claim.current_decision_id;
    IF NOT FOUND THEN
        PERFORM claims.refuse('claims_claim_decision_seen', 'the decision cannot be seen, so it cannot be checked');
    END IF;
    PERFORM FROM public.claims_decision WHERE supersedes_id = decision.id AND claim_id = claim.id;
    IF FOUND THEN
        PERFORM claims.refuse('claims_claim_decision_is_last', 'the current decision is the last of its chain');
    END IF;
    IF decision.kind = 'reversal' THEN
        decision.allowed := 0;
        decision.paid := 0;
        decision.patient_responsibility := 0;
    END IF;
    IF (claim.approved_amount, claim.paid_amount, claim.patient_responsibility, claim.adjudicated_by_id,
        claim.adjudicated_at)
       IS DISTINCT FROM (decision.allowed, decision.paid, decision.patient_responsibility, decision.decided_by_id,
        decision.decided_at) THEN
        PERFORM claims.refuse('claims_claim_totals', 'a claim''s totals, decider and time are its current decision''s');
    END IF;
    IF claim.state IN ('approved', 'partially_approved', 'denied') AND claim.state <> decision.outcome THEN
        PERFORM claims.refuse('claims_claim_outcome', 'a decided claim''s state is its current decision''s outcome');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER claims_claim_totals
    AFTER INSERT OR UPDATE OF state, current_decision_id, approved_amount, paid_amount, patient_responsibility,
        adjudicated_by_id, adjudicated_at ON claims_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.current_decision_id IS NOT NULL)
    EXECUTE FUNCTION claims.totals_follow_the_decision();
