-- Composite foreign keys: no key leaves out the tenant (rulings 21, 22, 26).
-- Deferred as Django's own are, so that parents and children may come in any order.

-- A claim's provider is a provider and its payer a payer: the kind is part of the key, so that neither a wrong
-- claim nor a later change of the organization's kind gets past it.
ALTER TABLE claims_claim
    ADD COLUMN provider_kind varchar(10) GENERATED ALWAYS AS ('provider') STORED,
    ADD COLUMN payer_kind varchar(10) GENERATED ALWAYS AS ('payer') STORED,
    ADD CONSTRAINT claims_claim_provider_is_a_provider FOREIGN KEY (provider_id, provider_kind)
        REFERENCES accounts_organization (id, kind) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_payer_is_a_payer FOREIGN KEY (payer_id, payer_kind)
        REFERENCES accounts_organization (id, kind) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_plan_of_payer FOREIGN KEY (plan_id, payer_id)
        REFERENCES members_plan (id, payer_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_coverage_of_payer FOREIGN KEY (coverage_id, payer_id)
        REFERENCES members_coverage (id, organization_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_rule_set_of_payer FOREIGN KEY (rule_set_id, payer_id)
        REFERENCES claims_ruleset (id, payer_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_patient_of_provider FOREIGN KEY (patient_id, provider_id)
        REFERENCES members_patient (id, organization_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_billing_of_provider FOREIGN KEY (billing_provider_id, provider_id)
        REFERENCES members_billingprovider (id, organization_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_rendering_of_provider FOREIGN KEY (rendering_practitioner_id, provider_id)
        REFERENCES members_practitioner (id, organization_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_referring_of_provider FOREIGN KEY (referring_practitioner_id, provider_id)
        REFERENCES members_practitioner (id, organization_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_facility_of_provider FOREIGN KEY (facility_id, provider_id)
        REFERENCES members_facility (id, organization_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_decision_of_claim FOREIGN KEY (current_decision_id, id)
        REFERENCES claims_decision (id, claim_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claim_prior_claim FOREIGN KEY (prior_claim_id)
        REFERENCES claims_claim (id) DEFERRABLE INITIALLY DEFERRED;

-- Every child belongs to the claim and to both of its sides.
ALTER TABLE claims_serviceline ADD CONSTRAINT claims_serviceline_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_diagnosis ADD CONSTRAINT claims_diagnosis_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_claimsnapshot ADD CONSTRAINT claims_claimsnapshot_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_claimfinding ADD CONSTRAINT claims_claimfinding_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_claimfinding_rule_set FOREIGN KEY (rule_set_id, payer_id)
    REFERENCES claims_ruleset (id, payer_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_decision ADD CONSTRAINT claims_decision_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_decision_supersedes FOREIGN KEY (supersedes_id, claim_id)
    REFERENCES claims_decision (id, claim_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_decision_rule_set FOREIGN KEY (rule_set_id, payer_id)
    REFERENCES claims_ruleset (id, payer_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_linedecision ADD CONSTRAINT claims_linedecision_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_linedecision_decision FOREIGN KEY (decision_id, claim_id)
    REFERENCES claims_decision (id, claim_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_linedecision_line FOREIGN KEY (line_id, claim_id)
    REFERENCES claims_serviceline (id, claim_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_adjustment ADD CONSTRAINT claims_adjustment_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_adjustment_line_decision FOREIGN KEY (line_decision_id, claim_id)
    REFERENCES claims_linedecision (id, claim_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_adjustmentremark ADD CONSTRAINT claims_adjustmentremark_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT claims_adjustmentremark_adjustment FOREIGN KEY (adjustment_id, claim_id)
    REFERENCES claims_adjustment (id, claim_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_assignment ADD CONSTRAINT claims_assignment_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_hold ADD CONSTRAINT claims_hold_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_payernote ADD CONSTRAINT claims_payernote_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_providernote ADD CONSTRAINT claims_providernote_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_proposal ADD CONSTRAINT claims_proposal_claim
    FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim (id, provider_id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_rulesetinternal ADD CONSTRAINT claims_rulesetinternal_rule_set
    FOREIGN KEY (rule_set_id, payer_id) REFERENCES claims_ruleset (id, payer_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_claimdraft ADD CONSTRAINT claims_claimdraft_predecessor
    FOREIGN KEY (predecessor_id) REFERENCES claims_claim (id) DEFERRABLE INITIALLY DEFERRED;

-- A busy table with short queue indexes: room for updates on the page, dead entries swept early (performance.md 2).
ALTER TABLE claims_claim SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE claims_assignment SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.01);
