-- Composite foreign keys: no key leaves out the tenant.
ALTER TABLE members_patientcoverage
    ADD CONSTRAINT members_patientcoverage_patient FOREIGN KEY (patient_id, organization_id)
        REFERENCES members_patient (id, organization_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT members_patientcoverage_plan FOREIGN KEY (plan_id, payer_id)
        REFERENCES members_plan (id, payer_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE members_coverage
    ADD CONSTRAINT members_coverage_person FOREIGN KEY (person_id, organization_id)
        REFERENCES members_member (id, organization_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT members_coverage_plan FOREIGN KEY (plan_id, organization_id)
        REFERENCES members_plan (id, payer_id) DEFERRABLE INITIALLY DEFERRED;
