"""A remote model is asked about a received claim, after the submission and away from it, and may change its priority.

Only while nobody has taken the claim and nobody but the rules has set its priority. What ruling 44 calls urgent stays
urgent: a model may put a claim before others, and behind others only among those that are not. The time to decide
follows and only shortens, as with every change after the receipt. Twice is harmless.
"""

from typing import Any
from uuid import UUID

from audit.actions import record_many
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.db.context import acting_as
from claims.actions.prioritize import change, hours_of, priority_event
from claims.actions.priority_facts import stored_facts
from claims.actions.receive import PRIORITY
from claims.models import Claim
from intelligence.actions.ask_remote import PURPOSE, Asked, ask_remote
from intelligence.actions.ledger import About, remember
from intelligence.enums import Priority, PrioritySource, VersionState
from intelligence.models import ModelVersion
from intelligence.priority import PriorityFacts
from intelligence.remote.answer import Answer

BY_RULES = (PrioritySource.RULES.value, PrioritySource.FALLBACK.value)


def ask_model(*, claim_id: UUID, version_id: UUID) -> Asked | None:
    """Ask one version about one claim and do what follows. None if there was nothing to ask. Opens its own
    transactions, none while it waits."""
    question = _question(claim_id, version_id)
    if question is None:
        return None
    claim, version, facts = question
    asked = ask_remote(version=version, facts=facts, payer_id=claim.payer_id)
    with acting_as("system", PURPOSE):
        _conclude(claim_id, asked)
    return asked


def _question(claim_id: UUID, version_id: UUID) -> tuple[Claim, ModelVersion, PriorityFacts] | None:
    with acting_as("system", PURPOSE):
        claim = _open_to_models(claim_id)
        version = ModelVersion.objects.in_use().filter(pk=version_id).first()
        if claim is None or version is None:
            return None
        return claim, version, stored_facts(claim)


def _conclude(claim_id: UUID, asked: Asked) -> None:
    """Write down what was said, and change the priority if it still may be changed."""
    claim = _open_to_models(claim_id, locked=True)
    # The version as it is now: whoever retired it meanwhile wants no change by it.
    is_active = ModelVersion.objects.filter(pk=asked.version.pk, state=VersionState.ACTIVE.value).exists()
    is_used = is_active and claim is not None
    about = claim or Claim.objects.get(pk=claim_id)
    remember(suggestion=asked.said(is_used=is_used), about=About.claim(about))
    if not is_used or claim is None:
        return
    events = [_suggested(claim, asked)]
    if asked.answer is not None and _changes(claim, asked.answer):
        reasons = [reason.value for reason in asked.answer.reasons]
        change(claim, asked.answer.priority, PrioritySource.MODEL, reasons, hours_of([claim]))
        claim.touch(*PRIORITY, "due_at")
        events.append(priority_event(claim))
    record_many(events)


def _open_to_models(claim_id: UUID, *, locked: bool = False) -> Claim | None:
    """The claim if it waits, and its priority is still the rules'. None once somebody took it or chose otherwise."""
    waiting = Claim.objects.waiting().filter(pk=claim_id, priority_source__in=BY_RULES)
    claim: Claim | None = (waiting.select_for_update(of=("self",)) if locked else waiting).first()
    return claim


def _changes(claim: Claim, answer: Answer) -> bool:
    """Whether the answer is another one, and no step down from urgent (ruling 44)."""
    return claim.priority not in (answer.priority.value, Priority.URGENT.value)


def _suggested(claim: Claim, asked: Asked) -> dict[str, Any]:
    """The payer's alone (ruling 33)."""
    answer = asked.answer
    told: dict[str, Any] = {Detail.SOURCE: PrioritySource.MODEL.value}
    if answer is not None:
        told |= {
            Detail.PRIORITY: answer.priority.value,
            Detail.AI_CONFIDENCE: answer.confidence,
            Detail.AI_REASONING: [reason.value for reason in answer.reasons],
        }
    elif asked.outcome.failure is not None:
        told |= {Detail.REASON_CODE: asked.outcome.failure.value}
    return {
        "action": Action.AI_CATEGORIZATION.value,
        "subject_kind": SubjectKind.CLAIM.value,
        "subject_id": claim.pk,
        "payer_id": claim.payer_id,
        "details": {str(key): value for key, value in told.items()},
        "outcome": "success" if answer is not None else "failure",
    }
