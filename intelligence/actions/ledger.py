"""The ledger remembers what was suggested, and what a person made of it. Nothing here changes a claim.

Suggestions are written in the system's context; an outcome in that of the person who judged, or by the system for
a person whose run it carries out.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from claimflow.lib import phi
from claimflow.lib.ids import uuid7
from claimflow.lib.permissions import Refusal
from intelligence.enums import OverrideReason, PrioritySource, SuggestionKind, Verdict
from intelligence.models import LedgerEntry, LedgerOutcome
from intelligence.priority import PriorityFacts, Suggestion
from intelligence.score import Score, ScoreFacts

FACTS, PROMPT, ANSWER = "ledger.facts", "ledger.prompt", "ledger.answer"
RULES = "rules"
AT_ONCE = 500
MOST_ENTRIES = 20
TWO, FOUR = Decimal("0.01"), Decimal("0.0001")

AGREE = """
INSERT INTO intelligence_ledgeroutcome
    (id, entry_id, organization_id, verdict, answer, reason, decided_by_id, decided_at)
SELECT %(id)s, entry.id, entry.organization_id, 'agreed', '', '', %(by)s, now()
FROM intelligence_ledgerentry AS entry
WHERE entry.organization_id = %(payer)s AND entry.claim_id = %(claim)s AND entry.kind = 'priority'
    AND NOT entry.is_shadow AND entry.failure = ''
    AND NOT EXISTS (SELECT FROM intelligence_ledgeroutcome AS judged WHERE judged.entry_id = entry.id)
ORDER BY entry.answer = %(priority)s DESC, entry.made_at DESC, entry.id DESC
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class About:
    """What a suggestion is about: a claim with both of its sides, or a provider's draft."""

    provider_id: UUID
    payer_id: UUID | None = None
    claim_id: UUID | None = None
    draft_id: UUID | None = None
    rule_set_id: UUID | None = None

    @classmethod
    def claim(cls, claim: Any) -> "About":
        """From anything with a claim's keys."""
        return cls(claim.provider_id, claim.payer_id, claim.pk, rule_set_id=claim.rule_set_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One suggestion in the ledger's words.

    ``because`` pairs codes with what each added, 0 where a reason has no weight. ``facts`` is the dataclass that was
    judged, ``prompt`` and ``reply`` what was sent to a model and what it answered: of these three only keyed hashes
    are kept. ``latency`` in microseconds, ``cost`` in millionths of a dollar.
    """

    kind: SuggestionKind
    answer: str
    facts: Any
    model: str
    model_version: str
    rules_version: str
    confidence: float | None = None
    because: tuple[tuple[str, float], ...] = ()
    latency: int = 0
    cost: int = 0
    failure: str = ""
    is_shadow: bool = False
    prompt: str = field(default="", repr=False)
    reply: str = field(default="", repr=False)


def said_of_priority(suggestion: Suggestion, *, facts: PriorityFacts, latency: int) -> Said:
    """What the rules said of a claim's priority."""
    added = dict(suggestion.contributions)
    return Said(
        kind=SuggestionKind.PRIORITY,
        answer=suggestion.priority.value,
        facts=facts,
        model=RULES,
        model_version=suggestion.scorecard,
        rules_version=suggestion.version,
        confidence=suggestion.confidence,
        because=tuple((reason.value, added.get(reason, 0.0)) for reason in suggestion.reasons),
        latency=latency,
        failure=suggestion.failure,
    )


def said_of_score(score: Score, *, facts: ScoreFacts) -> Said:
    """What the findings left of 100; each reason's contribution is what it took, so below zero."""
    return Said(
        kind=SuggestionKind.VALIDATION_SCORE,
        answer=str(score.value),
        facts=facts,
        model=RULES,
        model_version=score.version,
        rules_version=score.version,
        because=tuple((each.code, -each.points) for each in score.reasons),
    )


def remember(*, suggestion: Said, about: About, at: datetime | None = None) -> LedgerEntry:
    """Write one suggestion down: one INSERT. Call it in the system's context."""
    entry = _entry(suggestion, about, at or timezone.now())
    entry.save(force_insert=True)
    return entry


def remember_many(
    *, suggestions: Iterable[tuple[Said, About]], at: datetime | None = None
) -> list[LedgerEntry]:
    """Write many down, 500 an INSERT."""
    moment = at or timezone.now()
    entries = [_entry(suggestion, about, moment) for suggestion, about in suggestions]
    return LedgerEntry.objects.bulk_create(entries, batch_size=AT_ONCE)


def record_outcome(
    *,
    entry: LedgerEntry,
    verdict: Verdict,
    answer: str = "",
    reason: OverrideReason | None = None,
    note: str = "",
    by: Any,
) -> LedgerOutcome:
    """Write down what a person did with a suggestion: agreed, or overrode it with another answer for a reason.

    Raises ``Refusal`` when an override lacks its answer or reason, or another reason its words. Whose suggestion it
    is, and that the person is one, the database holds.
    """
    if verdict == Verdict.OVERRODE and (not answer or reason is None):
        raise Refusal(_("An override says what was chosen instead, and why."), code="override_why")
    note = note.strip()
    if reason == OverrideReason.OTHER and not note:
        raise Refusal(_("Say in a few words why."), code="override_words")
    outcome = LedgerOutcome(
        entry=entry,
        organization_id=entry.organization_id,
        verdict=verdict.value,
        answer=answer if verdict == Verdict.OVERRODE else "",
        reason=reason.value if reason and verdict == Verdict.OVERRODE else "",
        note=note or None,
        decided_by=by,
        decided_at=timezone.now(),
    )
    outcome.save(force_insert=True)
    return outcome


def suggestion_behind(claim: Any) -> LedgerEntry | None:
    """The suggestion that a claim's priority follows, or that it followed before somebody changed it: where a person
    chose, the one they judged last; else the newest with this answer, else the newest. None for a claim older than
    the ledger."""
    entries = list(LedgerEntry.objects.about_claim(claim, SuggestionKind.PRIORITY)[:MOST_ENTRIES])
    if claim.priority_source == PrioritySource.PAYER:
        judged = LedgerOutcome.objects.filter(entry__in=entries).order_by("-decided_at", "-id")
        last = judged.values_list("entry", flat=True).first()
        entries.sort(key=lambda entry: entry.pk != last)
        return entries[0] if entries else None
    return next(
        (entry for entry in entries if entry.answer == claim.priority), entries[0] if entries else None
    )


def agree(*, claim: Any, by: Any) -> bool:
    """Whoever decides a claim and left its priority as it was suggested, agreed with it: one statement. Nothing when
    the rules had failed, when somebody judged the suggestion before, or when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            AGREE,
            {
                "id": uuid7(),
                "by": by.pk,
                "payer": claim.payer_id,
                "claim": claim.pk,
                "priority": claim.priority,
            },
        )
        return bool(cursor.rowcount)


def is_about_these_facts(entry: LedgerEntry, facts: Any) -> bool | None:
    """Whether a suggestion was made from exactly these facts; None when the key of its seal left the ring."""
    return phi.is_keyed(FACTS, _subject(entry), canonical(facts), entry.facts_mac, entry.mac_key_id)


def canonical(facts: Any) -> str:
    """A dataclass of facts as JSON that is always spelled the same."""
    return json.dumps(asdict(facts), sort_keys=True, separators=(",", ":"), default=_plain)


def _entry(said: Said, about: About, moment: datetime) -> LedgerEntry:
    entry = LedgerEntry(
        provider_id=about.provider_id,
        payer_id=about.payer_id if about.claim_id else None,
        organization_id=(about.claim_id and about.payer_id) or about.provider_id,
        claim_id=about.claim_id,
        draft_id=about.draft_id,
        rule_set_id=about.rule_set_id if about.claim_id else None,
        kind=said.kind.value,
        answer=said.answer,
        confidence=None if said.confidence is None else Decimal(str(said.confidence)).quantize(FOUR),
        reasons=[code for code, _adds in said.because],
        contributions=[Decimal(str(adds)).quantize(TWO) for _code, adds in said.because],
        model=said.model,
        model_version=said.model_version,
        rules_version=said.rules_version,
        latency=said.latency,
        cost=said.cost,
        failure=said.failure,
        is_shadow=said.is_shadow,
        made_at=moment,
    )
    entry.facts_mac, entry.mac_key_id = phi.keyed(FACTS, _subject(entry), canonical(said.facts))
    if said.prompt:
        entry.prompt_mac = phi.keyed(PROMPT, entry.pk, said.prompt)[0]
    if said.reply:
        entry.answer_mac = phi.keyed(ANSWER, entry.pk, said.reply)[0]
    return entry


def _subject(entry: LedgerEntry) -> UUID | None:
    return entry.claim_id or entry.draft_id


def _plain(value: Any) -> Any:
    """What JSON does not know: sets in order, amounts and dates as text."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
