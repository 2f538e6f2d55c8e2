"""Submitting: what a claim is made of, what refuses it, and that one form makes one claim."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden
from claimflow.lib.sentences import sentence
from claims.actions import receive as receiving
from claims.actions.drafts import copy_to_draft, save_draft
from claims.actions.judge import Judged
from claims.actions.submit import Unfit, submit
from claims.edits import Finding
from claims.enums import Severity
from claims.forms import content_of_claim
from claims.models import (
    Claim,
    ClaimDraft,
    ClaimFinding,
    ClaimSnapshot,
    Diagnosis,
    ProviderNote,
    ServiceLine,
)
from members.models import Patient, PatientCoverage
from tests.claims.cast import make_cast
from tests.factories.claims import RuleSetFactory, RuleSetInternalFactory
from tests.factories.members import CoverageFactory, MemberFactory
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db):
    return make_cast()


def as_biller(cast):
    return acting_as("provider", user=cast.biller, organization=cast.clinic)


def as_payer(cast):
    return acting_as(
        "payer", user=make_user("payer", "Adjudicator", organization=cast.insurer), organization=cast.insurer
    )


def events(claim):
    return list(Event.objects.about("claim", claim.pk))


def test_a_claim_is_made_received_and_numbered(cast):
    claim = cast.submit()
    with as_biller(cast):
        kept = Claim.objects.visible_to(cast.biller).get()
        assert (kept.state, kept.public_status, kept.turn, kept.clock) == (
            "received", "submitted", "payer", "running",
        )  # fmt: skip
        assert kept.claim_number == claim.claim_number
        assert kept.claim_number == f"CLM-{kept.number_day:%Y%m%d}-{kept.number_n:04d}"
        assert kept.submitted_by == cast.biller
        assert kept.billed_amount == Decimal("150.00")
        assert (kept.cpt_code, kept.icd10_code, kept.service_date) == ("99213", "I10", cast.day)
        assert (kept.billing_npi, kept.billing_name) == (cast.billing.npi, cast.billing.name)
        assert (kept.rendering_npi, kept.rendering_name) == (cast.doctor.npi, cast.doctor.name)
        assert (kept.line_of_business, kept.jurisdiction) == ("commercial", "NY")
        assert phi.value(kept, "patient_last_name") == "Okafor"
        line, diagnosis = ServiceLine.objects.get(), Diagnosis.objects.get()
    assert (line.procedure_code, line.pointers, line.date_to) == ("99213", ["A"], cast.day)
    assert (diagnosis.letter, diagnosis.code) == ("A", "I10")


def test_the_snapshot_is_what_was_submitted_and_sealed(cast):
    claim = cast.submit(cast.entry(note="Ask Dr. Lind about line 1."))
    with as_biller(cast):
        snapshot = ClaimSnapshot.objects.get(claim=claim)
        told = json.loads(phi.value(snapshot, "content"))
    assert snapshot.is_genuine()
    assert told["patient"]["last_name"] == "Okafor"
    assert told["lines"][0]["charge"] == "150.00"
    assert told["lines"][0]["service_from"] == cast.day.isoformat()
    assert "Lind" not in json.dumps(told)


def test_the_note_stays_with_the_provider(cast):
    claim = cast.submit(cast.entry(note="Ask Dr. Lind about line 1."))
    with as_biller(cast):
        note = ProviderNote.objects.get(claim=claim)
        assert phi.value(note, "body") == "Ask Dr. Lind about line 1."
    with pytest.raises(ProgrammingError, match="permission denied"), as_payer(cast):
        ProviderNote.objects.count()


@pytest.mark.parametrize(("code", "doubted"), [("99391", True), ("99396", False)])
def test_the_age_on_the_day_of_service_is_weighed(cast, code, doubted):
    """A visit of an infant for somebody of 50 years: still routine, but less sure."""
    patient = replace(cast.entry().patient, birth_date=cast.day - timedelta(days=50 * 366))
    claim = cast.submit(cast.entry(patient=patient, lines=(cast.line(procedure=code),)))
    assert claim.priority == "routine"
    assert ("age_does_not_fit" in claim.priority_reasons) is doubted


def test_it_leaves_its_events_and_the_provider_reads_no_confidence(cast):
    claim = cast.submit()
    with as_biller(cast):
        own = events(claim)
    with as_payer(cast):
        theirs = events(claim)
    assert [event.action for event in own] == ["claim_submitted", "claim_received", "priority_set"]
    assert "aiConfidence" not in json.dumps([event.details for event in own])
    assert [event.action for event in theirs] == [
        "claim_submitted", "claim_received", "coverage_matched", "ai_categorization", "priority_set",
    ]  # fmt: skip
    judged = next(event for event in theirs if event.action == "ai_categorization")
    assert set(judged.details) == {"priority", "aiConfidence", "aiReasoning"}
    assert (own[0].actor_id, own[0].kind) == (cast.biller.pk, "provider")
    assert (own[1].kind, own[1].purpose, own[1].old_status, own[1].new_status) == (
        "system", "receive", "submitted", "received",
    )  # fmt: skip


def test_a_blocking_finding_refuses_and_nothing_is_written(cast):
    entry = cast.entry(lines=(cast.line(pointers=("B",), charge=Decimal("0.00")),))
    with as_biller(cast), pytest.raises(Unfit) as refused:
        submit(entry=entry, form_token=uuid4(), by=cast.biller)
    assert {"pointer.beyond", "total.zero"} <= {finding.code for finding in refused.value.findings}
    with acting_as("system", "test"):
        assert not Claim.objects.exists()
        assert not Patient.objects.exists()


def test_findings_that_do_not_block_stay_with_the_claim(cast):
    again = cast.line()
    claim = cast.submit(cast.entry(lines=(again, again)))
    with as_biller(cast):
        found = ClaimFinding.objects.get(claim=claim, stage="submission", code="line.repeated")
        assert ClaimFinding.objects.filter(claim=claim, stage="receipt", code="line.repeated").exists()
    assert (found.severity, found.line_no, found.field) == ("warning", 2, "lines-1-procedure")
    assert found.values == {"line": "2", "first": "1"}


def test_the_same_form_twice_is_one_claim(cast):
    token = uuid4()
    first, second = cast.submit(form_token=token), cast.submit(form_token=token)
    assert first == second
    with acting_as("system", "test"):
        assert Claim.objects.count() == 1
        assert Event.objects.filter(action="claim_submitted").count() == 1


@pytest.mark.parametrize(
    ("side", "role"), [("provider", "Organization administrator"), ("payer", "Adjudicator")]
)
def test_a_person_without_the_right_is_refused(cast, side, role):
    organization = cast.clinic if side == "provider" else cast.insurer
    person = make_user(side, role, organization=organization)
    with acting_as(side, user=person, organization=organization), pytest.raises(Forbidden):
        submit(entry=cast.entry(), form_token=uuid4(), by=person)


def test_another_organizations_billing_provider_cannot_be_used(cast):
    stranger = make_cast(clinic="Other Clinic", insurer="Other Health")
    parties = replace(cast.entry().parties, billing_npi=stranger.billing.npi)
    with pytest.raises(Unfit) as refused:
        cast.submit(cast.entry(parties=parties))
    assert refused.value.code == "billing_npi.not_listed"


def test_a_plan_of_another_payer_is_no_plan(cast):
    stranger = make_cast(clinic="Other Clinic", insurer="Other Health")
    coverage = replace(cast.entry().coverage, plan_id=stranger.plan.pk)
    with pytest.raises(Unfit) as refused:
        cast.submit(cast.entry(coverage=coverage))
    assert refused.value.code == "plan.missing"


def test_the_only_plan_of_a_payer_is_taken(cast):
    coverage = replace(cast.entry().coverage, plan_id=None)
    assert cast.submit(cast.entry(coverage=coverage)).plan == cast.plan


# --- Patient and coverage ---


def test_the_patient_is_remembered_and_found_again(cast):
    cast.submit()
    cast.submit()
    with as_biller(cast):
        patient, coverage = Patient.objects.get(), PatientCoverage.objects.get()
        assert phi.value(patient, "first_name") == "Adaeze"
        assert phi.value(coverage, "member_id") == "AH00123456"
        assert Claim.objects.filter(patient=patient).count() == 2
        assert [event.action for event in Event.objects.about("patient", patient.pk)] == ["patient_saved"]


def test_a_new_spelling_updates_the_patient_and_says_which_boxes(cast):
    cast.submit()
    entry = cast.entry()
    with as_biller(cast):
        known = Patient.objects.get().pk
    cast.submit(
        replace(entry, patient=replace(entry.patient, first_name="Ada", phone="518 555 0100", known_as=known))
    )
    with as_biller(cast):
        patient = Patient.objects.get()
        assert phi.value(patient, "first_name") == "Ada"
        last = Event.objects.about("patient", patient.pk).last()
    assert last.fields == ["first_name", "phone"]


def test_another_organizations_patient_is_not_taken(cast):
    stranger = make_cast(clinic="Other Clinic", insurer="Other Health")
    stranger.submit()
    with acting_as("system", "test"):
        theirs = Patient.objects.get().pk
    entry = cast.entry()
    claim = cast.submit(replace(entry, patient=replace(entry.patient, known_as=theirs)))
    assert claim.patient_id != theirs


# --- The payer's front door ---


def coverage_of(cast, **more):
    with acting_as("system", "test"):
        member = MemberFactory(organization=cast.insurer)
        return CoverageFactory(person=member, plan=cast.plan, member_id="ah-00123456", **more)


def matched(cast, claim):
    with as_payer(cast):
        claim = Claim.objects.get(pk=claim.pk)
        event = next(event for event in events(claim) if event.action == "coverage_matched")
    return claim.coverage_id, event.details["answer"]


def test_the_payers_coverage_is_matched_by_member_id(cast):
    coverage = coverage_of(cast)
    assert matched(cast, cast.submit()) == (coverage.pk, "yes")


def test_a_coverage_that_ended_is_matched_and_said(cast):
    coverage = coverage_of(cast, effective_from=date(2020, 1, 1), effective_to=date(2021, 1, 1))
    assert matched(cast, cast.submit()) == (coverage.pk, "no")


def test_an_unknown_member_is_no_hindrance(cast):
    assert matched(cast, cast.submit()) == (None, "unknown")


@pytest.mark.parametrize(
    ("charge", "priority", "hours"), [("90.00", "routine", 168), ("5000.01", "urgent", 24)]
)
def test_priority_decides_when_it_is_due(cast, charge, priority, hours):
    claim = cast.submit(cast.entry(lines=(cast.line(charge=Decimal(charge)),)))
    assert (claim.priority, claim.due_at - claim.received_at) == (priority, timedelta(hours=hours))
    assert claim.priority_source == "rules"
    assert claim.priority_reasons


def test_a_rule_set_may_set_other_hours(cast):
    with acting_as("system", "test"):
        rules = RuleSetFactory(payer=cast.insurer, effective_from=date(2020, 1, 1))
        RuleSetInternalFactory(rule_set=rules, priority={"hours": {"routine": 12}})
        rules.activated_by, rules.activated_at = cast.biller, rules.created_at
        rules.touch("activated_by", "activated_at")
    claim = cast.submit()
    assert claim.rule_set == rules
    assert claim.due_at - claim.received_at == timedelta(hours=12)


def test_rules_that_fail_do_not_stand_in_the_way(cast, monkeypatch):
    monkeypatch.setattr("intelligence.priority._urgent", lambda *_: 1 / 0)
    claim = cast.submit()
    assert (claim.priority, claim.priority_source, claim.priority_reasons) == (
        "standard", "fallback", ["rules_failed"],
    )  # fmt: skip
    with as_payer(cast):
        event = next(event for event in events(claim) if event.action == "ai_categorization")
    assert event.outcome == "failure"


@pytest.mark.parametrize("where", ["priority_facts", "jobs.enqueue"])
def test_neither_facts_nor_a_queue_that_fail_stand_in_the_way(cast, monkeypatch, where):
    asked = receiving.Answering(receiving.answering.__globals__["SCORECARD"], (), (uuid4(),))
    monkeypatch.setattr(receiving, "answering", lambda _payer: asked)
    broken = ZeroDivisionError if where == "priority_facts" else ProgrammingError
    monkeypatch.setattr(f"claims.actions.receive.{where}", lambda *_, **__: (_ for _ in ()).throw(broken()))
    claim = cast.submit()
    assert claim.claim_number
    assert (claim.priority_source == "fallback") is (where == "priority_facts")


@pytest.fixture
def rejected(cast, monkeypatch):
    """A claim that only the payer's side objects to."""
    words = sentence("The member is not known.")
    finding = Finding("test.only", Severity.ERROR, "lines-0-charge", words, words)

    def judged(*, claim, **more):
        return Judged(None, [finding], claim.payer, None, None, None, {}, {})

    monkeypatch.setattr(receiving, "judge_received", judged)
    claim = cast.submit()
    monkeypatch.undo()
    return claim


def test_a_rejected_claim_has_a_number_and_no_clock(cast, rejected):
    with as_biller(cast):
        claim = Claim.objects.get(pk=rejected.pk)
        actions = [event.action for event in events(claim)]
    assert (claim.state, claim.public_status, claim.turn, claim.clock) == (
        "rejected",
        None,
        "provider",
        "stopped",
    )
    assert claim.claim_number
    assert actions == ["claim_submitted", "claim_rejected"]


def test_a_rejected_claim_is_copied_corrected_and_sent_again(cast, rejected):
    with as_biller(cast):
        claim = Claim.objects.get(pk=rejected.pk)
        draft = copy_to_draft(
            claim=claim, content=content_of_claim(claim), form_token=uuid4(), by=cast.biller
        )
        assert phi.value(draft, "content")["last_name"] == "Okafor"
        again = submit(entry=cast.entry(), form_token=draft.form_token, draft=draft, by=cast.biller)
        assert again.prior_claim_id == claim.pk
        assert not ClaimDraft.objects.exists()
        claim.refresh_from_db()
        assert (claim.state, claim.turn) == ("rejected", "none")


def test_a_draft_is_gone_when_it_has_become_a_claim(cast):
    token = uuid4()
    with as_biller(cast):
        draft = save_draft(content={"last_name": "Okafor"}, form_token=token, by=cast.biller)
        submit(entry=cast.entry(), form_token=token, draft=draft, by=cast.biller)
        assert not ClaimDraft.objects.exists()


# --- Cost ---


def test_a_submission_costs_the_same_for_1_and_50_lines(cast):
    cast.submit()
    counts = []
    for lines in (1, 50):
        entry = cast.entry(lines=tuple(cast.line(charge=Decimal(100 + at)) for at in range(lines)))
        with CaptureQueriesContext(connection) as queries:
            cast.submit(entry)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 75, counts


def test_a_stranger_sees_nothing_of_it(cast):
    cast.submit()
    outsider = make_user("provider", "Biller", organization=make_organization("provider"))
    with acting_as("provider", user=outsider, organization=outsider.organization):
        assert not Claim.objects.visible_to(outsider).exists()
        assert not Claim.objects.exists()
