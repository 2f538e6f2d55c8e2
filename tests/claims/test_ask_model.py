"""A received claim and a remote model: what it may change, what it may not, and what leaves the house."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django import app as queue

from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import ContextError, acting_as
from claims.actions.ask_model import ask_model
from claims.actions.priority_facts import stored_facts
from claims.actions.pull import pull
from claims.models import Claim
from intelligence.actions import versions
from intelligence.actions.ask_remote import ask_remote
from intelligence.actions.circuit import FAILURES
from intelligence.actions.ledger import ANSWER, PROMPT
from intelligence.models import LedgerEntry, ModelVersion
from intelligence.remote.prices import LONGEST_ANSWER, price_table
from intelligence.remote.prompt import prompt_of
from members.enums import Sex
from tests.claims.cast import Cast, make_cast
from tests.harness import admin_connection
from tests.intelligence.remote.arrangement import (
    MODELS,
    administrators,
    give_budget,
    in_force,
    spendings,
    switch_on,
)
from tests.intelligence.remote.server import (
    GOOD,
    KEY,
    Behaviour,
    Conversation,
    ModelServer,
    answering,
    error,
    hanging_up,
    serving,
    silent,
)
from tests.signed_in import make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
COST = 400 * 0.15 + 40 * 0.6
"""Micro-dollars of the server's 400 and 40 tokens at the price of gpt-4o-mini."""
STANDARD = {**GOOD, "priority": "standard", "reasons": ["therapy"]}


@dataclass
class World:
    """A cast whose payer has a budget, a version in force, and the server it asks."""

    cast: Cast
    server: ModelServer
    version: ModelVersion

    def submit(self, **line: Any) -> Claim:
        """Routine by the rules, unless the line says otherwise."""
        return self.cast.submit(self.cast.entry(lines=(self.cast.line(**line),)))

    def ask(self, claim: Claim) -> Claim:
        """As the worker does; returns the claim as it is then."""
        queue.tasks["ask_model"].func(claim_id=str(claim.pk), version_id=str(self.version.pk))
        return stored(claim)


def stored(claim: Claim) -> Claim:
    with acting_as("system", "test"):
        return Claim.objects.get(pk=claim.pk)


def entries(claim: Claim) -> list[LedgerEntry]:
    """What the ledger has of models."""
    with acting_as("system", "test"):
        suggested = LedgerEntry.objects.filter(claim_id=claim.pk, kind="priority")
        return list(suggested.exclude(model="rules").order_by("made_at"))


def events(world: World, claim: Claim, side: str) -> list[Event]:
    """What came after the submission, as one side reads it."""
    organization = world.cast.insurer if side == "payer" else world.cast.clinic
    with acting_as(side, user=make_user(side, organization=organization), organization=organization):
        return list(Event.objects.filter(subject_id=claim.pk, purpose="ask_model").order_by("pk"))


def queued() -> list[dict[str, str]]:
    with admin_connection() as admin:
        rows = admin.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'ask_model' ORDER BY id")
        return [args for (args,) in rows.fetchall()]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as made:
        yield made


@pytest.fixture
def world(real_db: None, server: ModelServer, settings: Any) -> World:
    switch_on(settings, server.address)
    cast = make_cast()
    give_budget(cast.insurer)
    return World(cast, server, in_force())


# --- When it is asked ---


def test_the_job_waits_for_the_submission_with_ids_only(world: World) -> None:
    claim = world.submit()
    assert queued() == [{"claim_id": str(claim.pk), "version_id": str(world.version.pk)}]
    assert world.server.requests == []


@pytest.mark.parametrize("missing", ["switch", "budget", "version"])
def test_nothing_is_asked_without_all_three(world: World, settings: Any, missing: str) -> None:
    cast = world.cast
    if missing == "switch":
        settings.REMOTE_MODEL = ""
    elif missing == "budget":
        cast = make_cast(clinic="Other Clinic", insurer="Other Health")
    else:
        by = administrators()[0]
        with acting_as("admin", user=by):
            versions.retire(version_id=world.version.pk, by=by)
    cast.submit()
    assert queued() == []


def test_nobody_asks_with_a_transaction_open(world: World) -> None:
    with acting_as("system", "test"), pytest.raises(ContextError):
        ask_remote(version=world.version, facts=None, payer_id=world.cast.insurer.pk)  # type: ignore[arg-type]


# --- What it changes ---


def test_it_may_put_a_waiting_claim_first(world: World) -> None:
    before = world.submit()
    assert (before.priority, before.priority_source) == ("routine", "rules")
    claim = world.ask(before)
    assert (claim.priority, claim.rank, claim.priority_source) == ("urgent", 1, "model")
    assert claim.priority_reasons == GOOD["reasons"]
    assert claim.due_at - claim.received_at == timedelta(hours=24)
    (entry,) = entries(claim)
    assert (entry.answer, entry.confidence, entry.reasons) == ("urgent", Decimal("0.9100"), GOOD["reasons"])
    assert (entry.model, entry.model_version, entry.rules_version) == ("gpt-4o-mini", "openai", "prompt-1")
    assert (entry.cost, entry.failure, entry.is_shadow) == (COST, "", False)
    assert entry.latency > 0
    assert spendings() == {"day": (0, COST, 1), "month": (0, COST, 1)}


def test_prompt_and_answer_are_kept_as_keyed_hashes(world: World) -> None:
    claim = world.ask(world.submit())
    (entry,) = entries(claim)
    body = world.server.requests[0][2]
    sent = "\n\n".join(each["content"] for each in body["messages"])
    assert phi.is_keyed(PROMPT, entry.pk, sent, entry.prompt_mac, entry.mac_key_id)
    assert phi.is_keyed(ANSWER, entry.pk, json.dumps(GOOD), entry.answer_mac, entry.mac_key_id)


def test_both_sides_are_told_and_the_provider_without_confidence(world: World) -> None:
    claim = world.ask(world.submit())
    theirs, own = events(world, claim, "payer"), events(world, claim, "provider")
    assert [event.action for event in theirs] == ["ai_categorization", "priority_set"]
    assert theirs[0].details["aiConfidence"] == 0.91
    assert [event.action for event in own] == ["priority_set"]
    assert own[0].details["source"] == "model"
    assert "aiConfidence" not in own[0].details


def test_twice_is_harmless(world: World) -> None:
    claim = world.ask(world.submit())
    world.server.will(answering(STANDARD))
    assert world.ask(claim).priority == "urgent"
    assert len(entries(claim)) == 1


def test_the_same_answer_changes_nothing_and_is_kept(world: World) -> None:
    world.server.will(answering({**GOOD, "priority": "routine"}))
    claim = world.ask(world.submit())
    assert (claim.priority, claim.priority_source) == ("routine", "rules")
    assert [event.action for event in events(world, claim, "payer")] == ["ai_categorization"]
    assert entries(claim)[0].is_shadow is False


def test_what_the_rules_call_urgent_stays_urgent(world: World) -> None:
    world.server.will(answering(STANDARD))
    claim = world.ask(world.submit(charge=Decimal("5000.01")))
    assert (claim.priority, claim.priority_source) == ("urgent", "rules")
    assert entries(claim)[0].answer == "standard"


def test_somebody_took_it_before(world: World) -> None:
    claim = world.submit()
    take(world)
    assert world.ask(claim).priority == "routine"
    assert world.server.requests == []
    assert entries(claim) == []


def take(world: World) -> None:
    adjudicator = make_user("payer", "Adjudicator", organization=world.cast.insurer)
    with acting_as("payer", user=adjudicator, organization=world.cast.insurer):
        assert pull(by=adjudicator) is not None


def meanwhile(step: Callable[[], None]) -> Behaviour:
    """The step happens while the model thinks."""

    def behave(talk: Conversation) -> None:
        try:
            step()
        finally:
            connection.close()
        answering()(talk)

    return behave


def test_somebody_takes_it_meanwhile(world: World) -> None:
    world.server.will(meanwhile(lambda: take(world)))
    claim = world.ask(world.submit())
    assert (claim.state, claim.priority, claim.priority_source) == ("in_review", "routine", "rules")
    assert entries(claim)[0].is_shadow is True
    assert events(world, claim, "payer") == []


def test_the_payer_chooses_meanwhile(world: World) -> None:

    def choose() -> None:
        with acting_as("system", "test"):
            Claim.objects.update(priority_source="payer")

    world.server.will(meanwhile(choose))
    claim = world.ask(world.submit())
    assert (claim.priority, claim.priority_source) == ("routine", "payer")


def test_a_shadow_changes_nothing(world: World) -> None:
    by = administrators()[0]
    with acting_as("admin", user=by):
        versions.retire(version_id=world.version.pk, by=by)
        versions.shadow(version_id=world.version.pk, by=by)
    claim = world.ask(world.submit())
    assert claim.priority == "routine"
    assert (entries(claim)[0].answer, entries(claim)[0].is_shadow) == ("urgent", True)
    assert events(world, claim, "payer") == []


# --- Failures ---


def ceiling(claim: Claim) -> int:
    with acting_as("system", "test"):
        facts = stored_facts(claim)
    price = price_table().of("openai", MODELS["openai"])
    assert price is not None
    return price.ceiling(prompt_of(facts))


@pytest.mark.parametrize(
    ("behaviour", "failure", "billed"),
    [
        (silent, "deadline", 1),
        (error(429, "retry-after: 60"), "over_quota", 0),
        (error(500), "server_error", 0),
        (hanging_up, "hung_up", 2),
        (answering("no"), "wrong_answer", None),
    ],
)
def test_a_failure_is_recorded_and_the_priority_stays(
    world: World, settings: Any, behaviour: Behaviour, failure: str, billed: int | None
) -> None:
    """An attempt that may have been charged for counts with the most it can cost."""
    if behaviour is silent:
        settings.REMOTE_MODEL_DEADLINE = 0.3
    world.server.will(behaviour)
    claim = world.ask(world.submit())
    assert (claim.priority, claim.priority_source) == ("routine", "rules")
    (entry,) = entries(claim)
    assert (entry.answer, entry.failure, entry.confidence) == ("none", failure, None)
    cost = COST if billed is None else billed * ceiling(claim)
    assert entry.cost == cost
    assert spendings()["day"] == (0, cost, 1)
    (event,) = events(world, claim, "payer")
    assert (event.action, event.outcome, event.details["reason_code"]) == (
        "ai_categorization",
        "failure",
        failure,
    )


def test_no_money_no_question(world: World) -> None:
    claim = world.submit()
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE intelligence_remotebudget SET daily = 0")
    claim = world.ask(claim)
    assert world.server.requests == []
    assert (entries(claim)[0].failure, entries(claim)[0].cost) == ("over_budget", 0)


def test_a_broken_service_is_left_alone(world: World) -> None:
    world.server.will(error(401))
    claims = [world.submit() for _ in range(FAILURES + 1)]
    for claim in claims:
        world.ask(claim)
    assert len(world.server.requests) == FAILURES
    assert entries(claim)[0].failure == "circuit_open"
    assert spendings()["day"] == (0, 0, FAILURES)
    waiting = len(queued())
    world.submit()
    assert len(queued()) == waiting


# --- What leaves the house ---

MARKS = {
    "first name": "Zebulonia",
    "last name": "Quuxworth",
    "member id": "MARK77421009",
    "account": "ACCT-MARK-5531",
    "note": "NOTEMARK",
    "clinic": "Markfield Clinic of Albany",
    "insurer": "Markstone Mutual",
}


@pytest.mark.parametrize("adapter", ["anthropic", "openai"])
def test_no_byte_that_it_received_names_anybody(
    real_db: None, server: ModelServer, settings: Any, adapter: str
) -> None:
    """Submission, question, second attempt: every byte, headers included."""
    switch_on(settings, server.address, adapter=adapter)
    server.will(error(503), answering())
    cast = make_cast(clinic=MARKS["clinic"], insurer=MARKS["insurer"])
    give_budget(cast.insurer)
    version = in_force(adapter)
    entry = cast.entry()
    claim = cast.submit(
        replace(
            entry,
            patient=replace(
                entry.patient,
                last_name=MARKS["last name"],
                first_name=MARKS["first name"],
                birth_date=date(1931, 7, 9),
                sex=Sex.FEMALE,
                account_number=MARKS["account"],
            ),
            coverage=replace(entry.coverage, member_id=MARKS["member id"]),
            note=MARKS["note"],
        )
    )
    assert ask_model(claim_id=claim.pk, version_id=version.pk) is not None
    assert stored(claim).priority == "urgent"
    received = server.received.decode()
    assert len(server.requests) == 2
    assert MODELS[adapter] in received
    assert KEY in received
    assert '"90 or older"' in received or '\\"90 or older\\"' in received
    told = [*MARKS.values(), *stored_marks(claim, cast)]
    assert len(told) > 25
    assert [mark for mark in told if mark.lower() in received.lower()] == []


def stored_marks(claim: Claim, cast: Cast) -> list[str]:
    """Everything that points to somebody or to this claim, as it may be spelled."""
    claim = stored(claim)
    people = (cast.biller, cast.clinic, cast.insurer)
    ids = [claim.pk, claim.form_token, claim.patient_id, claim.plan_id, *(each.pk for each in people)]
    days = [date(1931, 7, 9), claim.service_date, claim.received_at.date(), claim.submitted_at.date()]
    spellings = [
        spelling
        for day in days
        for spelling in (
            day.isoformat(),
            f"{day:%m/%d/%Y}",
            f"{day:%Y%m%d}",
            f"{day:%B} {day.day}, {day.year}",
        )
    ]
    return [
        *(str(each) for each in ids if isinstance(each, UUID)),
        *(each.hex for each in ids if isinstance(each, UUID)),
        *spellings,
        "1931",
        str(claim.claim_number),
        claim.billing_npi,
        claim.billing_name,
        claim.rendering_npi,
        cast.biller.email,
        cast.biller.last_name,
        cast.plan.name,
        str(phi.blind_index("member_id", claim.payer_id, MARKS["member id"]).value),
    ]


def test_an_answer_is_short(world: World) -> None:
    world.ask(world.submit())
    assert world.server.requests[0][2]["max_tokens"] == LONGEST_ANSWER
