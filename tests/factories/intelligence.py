"""Rows of the ledger. Use in a system context."""

from decimal import Decimal
from typing import Any

from intelligence.actions.ledger import About, record_outcome, remember, said_of_priority
from intelligence.enums import OverrideReason, Verdict
from intelligence.models import LedgerEntry, LedgerOutcome
from intelligence.priority import PriorityFacts, ProcedureFacts, decide_safely

FACTS = PriorityFacts((ProcedureFacts("99285"),), ("I219",), Decimal("8500.00"), age=58)


def LedgerEntryFactory(*, claim: Any, facts: PriorityFacts = FACTS) -> LedgerEntry:
    """What the rules would say of ``facts``, about this claim."""
    said = said_of_priority(decide_safely(facts), facts=facts, latency=7)
    return remember(suggestion=said, about=About.claim(claim))


def LedgerOutcomeFactory(*, entry: LedgerEntry, decided_by: Any, answer: str = "routine") -> LedgerOutcome:
    """An override with words."""
    return record_outcome(
        entry=entry,
        verdict=Verdict.OVERRODE,
        answer=answer,
        reason=OverrideReason.OTHER,
        note="The patient's physician called",
        by=decided_by,
    )
