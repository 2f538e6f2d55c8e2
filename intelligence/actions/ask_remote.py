"""Ask a remote model about one claim's facts: breaker and budget first, then the call, then what it cost and said.

Nothing here is open while the other machine is waited for: each step is a transaction of its own, and the call stands
between two of them.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from claimflow.lib.db.context import ContextError, acting_as
from intelligence.actions import budget, circuit
from intelligence.actions.budget import Reservation
from intelligence.actions.ledger import Said
from intelligence.enums import RemoteAdapter, RemoteFailure, SuggestionKind, VersionState
from intelligence.models import ModelVersion
from intelligence.priority import PriorityFacts
from intelligence.querysets import NO_ANSWER
from intelligence.remote.answer import Answer
from intelligence.remote.call import ATTEMPTS, Outcome, call
from intelligence.remote.prices import price_table
from intelligence.remote.prompt import PROMPT_VERSION, Prompt, prompt_of
from intelligence.remote.switch import adapter_for

PURPOSE = "ask_model"
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a version said, or why not. ``cost`` in micro-dollars."""

    version: ModelVersion
    facts: PriorityFacts
    prompt: Prompt
    outcome: Outcome
    cost: int = 0

    @property
    def answer(self) -> Answer | None:
        return self.outcome.answer

    def said(self, *, is_used: bool) -> Said:
        """In the ledger's words. Not used is what a shadow says, and what came too late."""
        answer, failure = self.outcome.answer, self.outcome.failure
        return Said(
            kind=SuggestionKind.PRIORITY,
            answer=answer.priority.value if answer else NO_ANSWER,
            facts=self.facts,
            model=self.version.model,
            model_version=self.version.adapter,
            rules_version=PROMPT_VERSION,
            confidence=answer.confidence if answer else None,
            because=tuple((reason.value, 0.0) for reason in answer.reasons) if answer else (),
            latency=int(self.outcome.seconds * MICROSECONDS),
            cost=self.cost,
            failure=failure.value if failure else "",
            is_shadow=not is_used,
            prompt=self.prompt.text,
            reply=self.outcome.text,
        )


def ask_remote(*, version: ModelVersion, facts: PriorityFacts, payer_id: UUID) -> Asked:
    """Ask, within the deadline and the payer's budget. Failures are answers too. Raises ``ContextError`` inside a
    transaction: nobody waits for another machine with one open (ruling 6)."""
    if connection.in_atomic_block:
        raise ContextError("a remote model is asked outside any transaction")
    prompt = prompt_of(facts)
    price = price_table(settings.REMOTE_MODEL_PRICES).of(RemoteAdapter(version.adapter), version.model)
    if version.state == VersionState.RETIRED or version.adapter != settings.REMOTE_MODEL:
        return Asked(version, facts, prompt, Outcome(failure=RemoteFailure.SWITCHED_OFF))
    if price is None:
        return Asked(version, facts, prompt, Outcome(failure=RemoteFailure.NO_PRICE))
    adapter = adapter_for(
        version.adapter,
        address=settings.REMOTE_MODEL_ADDRESS,
        key=settings.REMOTE_MODEL_KEY,
        proxy=settings.REMOTE_MODEL_PROXY,
    )
    held = _hold(version.adapter, payer_id, ATTEMPTS * price.ceiling(prompt))
    if isinstance(held, RemoteFailure):
        return Asked(version, facts, prompt, Outcome(failure=held))
    outcome = call(adapter, prompt, model=version.model, deadline=settings.REMOTE_MODEL_DEADLINE)
    cost = price.cost(*outcome.tokens) + outcome.uncounted * price.ceiling(prompt)
    with acting_as("system", PURPOSE):
        budget.settle(held, cost=cost)
        circuit.report(adapter=version.adapter, reached=outcome.reached)
    return Asked(version, facts, prompt, outcome, cost)


def _hold(adapter: str, payer_id: UUID, amount: int) -> Reservation | RemoteFailure:
    """Money for every attempt, or why the model is not asked."""
    with acting_as("system", PURPOSE):
        held = budget.reserve(organization_id=payer_id, amount=amount)
        if held is None:
            return RemoteFailure.OVER_BUDGET
        if not circuit.may_ask(adapter=adapter):
            budget.release(held)
            return RemoteFailure.CIRCUIT_OPEN
        return held
