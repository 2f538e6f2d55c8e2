"""The ledger: one row a suggestion, one row a judgment, and what neither may be."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError

from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.ids import uuid7
from claimflow.lib.permissions import Refusal
from claimflow.lib.system_user import SYSTEM_USER_ID
from intelligence.actions.ledger import (
    About,
    canonical,
    is_about_these_facts,
    record_outcome,
    remember,
    remember_many,
    said_of_priority,
)
from intelligence.enums import OverrideReason, SuggestionKind, Verdict
from intelligence.models import LedgerEntry, LedgerOutcome
from intelligence.priority import PriorityFacts, ProcedureFacts, decide_safely
from tests.checks import Row, checks_of, judge
from tests.claims.cast import make_cast
from tests.signed_in import make_organization, make_user

FACTS = PriorityFacts(
    (ProcedureFacts("99285"),), ("I219",), Decimal("8500.00"), age=58, places=frozenset({"23", "11"})
)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE, OTHER = "01a1fe8a-5c01-7279-b7f7-2822b94458c1", "01a1fe8a-5c01-7279-b7f7-2822b94458c2"
HASH = "0a" * 32
ABOUT_CLAIM: Row = {
    "claim_id": ONE, "draft_id": None, "payer_id": ONE, "provider_id": OTHER, "organization_id": ONE,
}  # fmt: skip
ABOUT_DRAFT: Row = {
    "claim_id": None, "draft_id": ONE, "payer_id": None, "provider_id": OTHER, "organization_id": OTHER,
}  # fmt: skip
OVERRODE: Row = {"verdict": "overrode", "answer": "routine", "reason": "other"}


# --- Constraints, from both sides ---

CASES: dict[str, list[tuple[Row, bool]]] = {
    "intelligence_entry_kind": [
        *(({"kind": kind.value}, True) for kind in SuggestionKind),
        ({"kind": "?"}, False),
    ],
    "intelligence_entry_whose": [
        (ABOUT_CLAIM, True),
        (ABOUT_DRAFT, True),
        ({**ABOUT_CLAIM, "organization_id": OTHER}, False),
        ({**ABOUT_CLAIM, "payer_id": None}, False),
        ({**ABOUT_CLAIM, "draft_id": ONE}, False),
        ({**ABOUT_DRAFT, "payer_id": ONE}, False),
        ({**ABOUT_DRAFT, "organization_id": ONE}, False),
        ({**ABOUT_DRAFT, "draft_id": None}, False),
    ],
    "intelligence_entry_confidence": [
        ({"confidence": None}, True),
        ({"confidence": 0}, True),
        ({"confidence": 1}, True),
        ({"confidence": "1.0001"}, False),
        ({"confidence": "-0.0001"}, False),
    ],
    "intelligence_entry_reasons": [
        ({"reasons": [], "contributions": []}, True),
        ({"reasons": ["therapy"], "contributions": [Decimal("2.10")]}, True),
        ({"reasons": ["therapy"], "contributions": []}, False),
    ],
    "intelligence_entry_macs": [
        ({"facts_mac": HASH, "prompt_mac": "", "answer_mac": ""}, True),
        ({"facts_mac": HASH, "prompt_mac": HASH, "answer_mac": HASH}, True),
        ({"facts_mac": "", "prompt_mac": "", "answer_mac": ""}, False),
        ({"facts_mac": HASH, "prompt_mac": "a name", "answer_mac": ""}, False),
    ],
    "intelligence_entry_codes": [
        ({"failure": "", "answer": "urgent"}, True),
        ({"failure": "TimeoutError", "answer": "E11.9"}, True),
        ({"failure": "", "answer": ""}, False),
        ({"failure": "it broke", "answer": "87"}, False),
        ({"failure": "", "answer": "see Ms. Okafor"}, False),
    ],
    "intelligence_outcome_verdict": [
        ({"verdict": "agreed"}, True),
        ({"verdict": "overrode"}, True),
        ({"verdict": "?"}, False),
    ],
    "intelligence_outcome_says_why": [
        ({"verdict": "agreed", "answer": "", "reason": ""}, True),
        ({"verdict": "agreed", "answer": "urgent", "reason": ""}, False),
        *(({**OVERRODE, "reason": reason.value}, True) for reason in OverrideReason),
        ({**OVERRODE, "reason": ""}, False),
        ({**OVERRODE, "reason": "felt like it"}, False),
        ({**OVERRODE, "answer": ""}, False),
    ],
    "intelligence_outcome_other_in_words": [
        ({"reason": "other", "note": b"x"}, True),
        ({"reason": "other", "note": None}, False),
        ({"reason": "more_urgent", "note": None}, True),
    ],
    "intelligence_outcome_by_a_person": [
        ({"decided_by_id": ONE}, True),
        ({"decided_by_id": SYSTEM_USER_ID}, False),
    ],
}  # fmt: skip


@pytest.mark.usefixtures("django_db_setup")
def test_every_check_has_its_cases() -> None:
    assert set(checks_of(("intelligence_ledger",))) == set(CASES)


@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("name", CASES)
def test_a_check_accepts_and_refuses(name: str) -> None:
    table, definition = checks_of(("intelligence_ledger",))[name]
    for row, accepted in CASES[name]:
        assert judge(table, definition, row) is accepted, row


# --- Facts and reasons ---


def test_facts_are_always_spelled_the_same() -> None:
    assert canonical(FACTS) == (
        '{"age":58,"diagnoses":["I219"],"places":["11","23"],"procedures":[{"category":null,"code":"99285",'
        '"emergency":false,"preventive":false}],"total":"8500.00"}'
    )


def test_what_the_rules_said_has_its_exact_contributions() -> None:
    said = said_of_priority(decide_safely(FACTS), facts=FACTS, latency=7)
    assert (said.answer, said.model, said.model_version, said.rules_version) == (
        "urgent", "rules", "scorecard-1", "rules-3",
    )  # fmt: skip
    assert said.because == (
        ("emergency_high_severity", 2.5),
        ("critical_diagnosis", 2.1),
        ("high_charge", 1.76),
    )
    failed = said_of_priority(decide_safely(None), facts=FACTS, latency=1)  # type: ignore[arg-type]
    assert (failed.failure, failed.because) == ("AttributeError", (("rules_failed", 0.0),))


# --- Rows ---


@pytest.fixture
def cast(real_db):
    return make_cast()


@pytest.fixture
def adjudicator(cast):
    return make_user("payer", "Adjudicator", organization=cast.insurer)


def as_payer(cast, adjudicator):
    return acting_as("payer", user=adjudicator, organization=cast.insurer)


def test_a_submission_leaves_one_entry_that_the_payer_alone_reads(cast, adjudicator):
    claim = cast.submit()
    with as_payer(cast, adjudicator):
        entry = LedgerEntry.objects.visible_to(adjudicator).get(kind="priority")
    assert (entry.claim_id, entry.kind, entry.answer, entry.failure) == (
        claim.pk, "priority", claim.priority, "",
    )  # fmt: skip
    assert (entry.payer_id, entry.provider_id, entry.rule_set_id) == (
        claim.payer_id, claim.provider_id, claim.rule_set_id,
    )  # fmt: skip
    assert entry.reasons == claim.priority_reasons
    assert entry.made_at == claim.received_at
    assert 0 < entry.confidence < 1
    with acting_as("provider", user=cast.biller, organization=cast.clinic):
        assert not LedgerEntry.objects.exists()
    stranger = make_user("payer", "Supervisor", organization=make_organization("payer"))
    with acting_as("payer", user=stranger, organization=stranger.organization):
        assert not LedgerEntry.objects.exists()


def test_the_seal_knows_the_facts(cast, adjudicator):
    claim = cast.submit()
    with acting_as("system", "test"):
        said = said_of_priority(decide_safely(FACTS), facts=FACTS, latency=7)
        entry, again = remember_many(suggestions=[(said, About.claim(claim))] * 2)
    assert is_about_these_facts(entry, FACTS) is True
    assert is_about_these_facts(entry, replace(FACTS, total=Decimal("8500.01"))) is False
    assert entry.facts_mac == again.facts_mac
    entry.mac_key_id = 99
    assert is_about_these_facts(entry, FACTS) is None


def test_a_draft_s_suggestion_is_its_provider_s_alone(cast, adjudicator):
    with acting_as("system", "test"):
        said = replace(
            said_of_priority(decide_safely(FACTS), facts=FACTS, latency=7),
            kind=SuggestionKind.CODE_SUGGESTION,
            answer="E11.9",
        )
        remember(suggestion=said, about=About(cast.clinic.pk, cast.insurer.pk, draft_id=uuid7()))
    with as_payer(cast, adjudicator):
        assert not LedgerEntry.objects.exists()
    with acting_as("provider", user=cast.biller, organization=cast.clinic):
        entry = LedgerEntry.objects.visible_to(cast.biller).get()
        record_outcome(entry=entry, verdict=Verdict.AGREED, by=cast.biller)


def test_an_entry_needs_its_claim(cast):
    said = said_of_priority(decide_safely(FACTS), facts=FACTS, latency=7)
    with pytest.raises(IntegrityError, match="claims_ledgerentry_claim"), acting_as("system", "test"):
        remember(suggestion=said, about=About(cast.clinic.pk, cast.insurer.pk, uuid7()))


def test_a_person_overrides_with_a_reason(cast, adjudicator):
    cast.submit()
    with as_payer(cast, adjudicator):
        entry = LedgerEntry.objects.get(kind="priority")
        with pytest.raises(Refusal, match="why"):
            record_outcome(entry=entry, verdict=Verdict.OVERRODE, answer="urgent", by=adjudicator)
        with pytest.raises(Refusal, match="few words"):
            record_outcome(
                entry=entry,
                verdict=Verdict.OVERRODE,
                answer="urgent",
                reason=OverrideReason.OTHER,
                note=" ",
                by=adjudicator,
            )
        record_outcome(
            entry=entry,
            verdict=Verdict.OVERRODE,
            answer="urgent",
            reason=OverrideReason.OTHER,
            note=" The patient's physician called. ",
            by=adjudicator,
        )
        outcome = LedgerOutcome.objects.get()
    assert phi.value(outcome, "note") == "The patient's physician called."
    assert (outcome.answer, outcome.reason, outcome.decided_by_id) == ("urgent", "other", adjudicator.pk)


def test_one_agrees_once(cast, adjudicator):
    cast.submit()

    def agree():
        with as_payer(cast, adjudicator):
            record_outcome(entry=LedgerEntry.objects.get(kind="priority"), verdict=Verdict.AGREED, by=adjudicator)

    agree()
    with pytest.raises(IntegrityError, match="agreed_once"):
        agree()


def test_nobody_judges_in_another_s_name_and_the_system_not_at_all(cast, adjudicator):
    cast.submit()
    colleague = make_user("payer", "Adjudicator", organization=cast.insurer)
    with pytest.raises(ProgrammingError, match="row-level security"), as_payer(cast, adjudicator):
        record_outcome(entry=LedgerEntry.objects.get(kind="priority"), verdict=Verdict.AGREED, by=colleague)
    robot = type(adjudicator)(pk=SYSTEM_USER_ID)
    with pytest.raises(IntegrityError, match="by_a_person"), acting_as("system", "test"):
        record_outcome(entry=LedgerEntry.objects.get(kind="priority"), verdict=Verdict.AGREED, by=robot)


@pytest.mark.parametrize("kind", ["payer", "system"])
def test_nothing_is_ever_changed(cast, adjudicator, kind):
    cast.submit()
    who = {"user": adjudicator, "organization": cast.insurer} if kind == "payer" else {}
    for work in (
        lambda: LedgerEntry.objects.update(answer="urgent"),
        lambda: LedgerEntry.objects.all().delete(),
        lambda: LedgerOutcome.objects.update(verdict="agreed"),
        lambda: LedgerOutcome.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(kind, "test", **who):
            work()
