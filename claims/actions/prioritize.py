"""A claim's place in the queue after its receipt: a person overrides it, or the clock moves it up.

The time to decide follows, and only shortens: what a provider was told stays. Events tell both sides what and why,
never how sure a suggestion was.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record_many
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.permissions import Refusal, WrongState
from claims.actions.leases import lease_of
from claims.actions.receive import HOURS, PRIORITY
from claims.actions.standing import locked
from claims.enums import NoteKind
from claims.models import Claim, PayerNote, RuleSetInternal
from claims.policies import require_prioritize
from intelligence.actions.ledger import agree, record_outcome, suggestion_behind
from intelligence.enums import OverrideReason, Priority, PrioritySource, Verdict, WaitReason

STEP = timedelta(days=7)
AT_ONCE = 500
UP = {Priority.ROUTINE: Priority.STANDARD, Priority.STANDARD: Priority.URGENT}
AS_SUGGESTED = (PrioritySource.RULES, PrioritySource.MODEL)
JUDGED_BY_NOBODY = (PrioritySource.RULES, PrioritySource.FALLBACK, PrioritySource.MODEL)


def override_priority(
    *,
    claim_id: UUID,
    priority: Priority,
    instead_of: Priority,
    reason: OverrideReason,
    note: str = "",
    by: Any,
) -> Claim:
    """Give a claim another priority, for a reason. ``instead_of`` is the one the person saw.

    Raises ``Forbidden``, ``NotYours`` (a colleague works on it), ``WrongState`` (decided or withdrawn, or changed
    meanwhile) and ``Refusal`` (the same priority, or no words for another reason).
    """
    claim = locked(claim_id, by)
    require_prioritize(claim, lease_of(claim, by), by)
    if claim.priority != instead_of:
        raise WrongState(
            _(
                "Somebody changed the priority of this claim after you opened it. "
                "Nothing was changed; look at it again."
            ),
            code="priority_changed",
        )
    if claim.priority == priority:
        raise Refusal(_("The claim has this priority already. Choose another one."), code="same_priority")
    entry = suggestion_behind(claim)
    change(claim, priority, PrioritySource.PAYER, [reason.value], hours_of([claim]))
    claim.touch(*PRIORITY, "due_at")
    if entry is not None:
        record_outcome(
            entry=entry, verdict=Verdict.OVERRODE, answer=priority.value, reason=reason, note=note, by=by
        )
    elif note.strip():  # older than the ledger
        PayerNote(**claim.as_parent(), author=by, kind=NoteKind.GENERAL, body=note.strip()).save(
            force_insert=True
        )
    record_many([priority_event(claim)])
    return claim


def agree_with_priority(claim: Claim, by: Any) -> None:
    """A decision on a claim whose priority nobody changed agrees with it. Where the clock moved it up, it is no longer
    what was suggested."""
    if claim.priority_source in AS_SUGGESTED:
        agree(claim=claim, by=by)


def escalate_waiting(*, now: datetime | None = None, limit: int = AT_ONCE) -> int:
    """Move claims up that wait in the queue and that no person has looked at: one class after 7 days, the next after
    14, so that none stays below urgent for longer. Run by the system; returns how many. What a person chose stays.
    """
    moment = now or timezone.now()
    waiting = list(
        Claim.objects.waiting()
        .filter(rank__gt=Priority.URGENT.rank)
        .filter(
            Q(received_at__lte=moment - STEP, priority_source__in=JUDGED_BY_NOBODY)
            | Q(received_at__lte=moment - 2 * STEP, priority_source=PrioritySource.ESCALATION)
        )
        .filter(received_at__lte=moment - STEP)
        .order_by("received_at")
        .select_for_update(skip_locked=True, of=("self",))[:limit]
    )
    hours = hours_of(waiting)
    for claim in waiting:
        again = claim.priority_source == PrioritySource.ESCALATION
        reason = WaitReason.WAITED_14_DAYS if again else WaitReason.WAITED_7_DAYS
        change(claim, UP[Priority(claim.priority)], PrioritySource.ESCALATION, [reason.value], hours)
        claim.touch(*PRIORITY, "due_at")
    if waiting:
        record_many([priority_event(claim) for claim in waiting])
    return len(waiting)


# --- What every change shares --------------------------------------------------------------------------------------

Hours = dict[UUID | None, dict[str, int]]


def hours_of(claims: Iterable[Claim]) -> Hours:
    """Hours to decide by priority, for each rule set of these claims that says its own."""
    ids = {claim.rule_set_id for claim in claims if claim.rule_set_id}
    rows = RuleSetInternal.objects.filter(rule_set__in=ids).values_list("rule_set_id", "priority")
    return {rule_set: (own or {}).get("hours", {}) for rule_set, own in rows}


def change(
    claim: Claim, priority: Priority, source: PrioritySource, reasons: Sequence[str], hours: Hours
) -> None:
    """Put another priority onto a claim; the caller stores ``PRIORITY`` and ``due_at``. The time to decide may
    only shorten."""
    claim.set_priority(priority)
    claim.priority_source, claim.priority_reasons = source.value, list(reasons)
    own = hours.get(claim.rule_set_id, {}).get(priority.value, HOURS[priority])
    claim.due_at = min(claim.due_at, claim.received_at + timedelta(hours=int(own)))


def priority_event(claim: Claim) -> dict[str, Any]:
    """What both sides read of a priority: what, from whom, and why."""
    return {
        "action": Action.PRIORITY_SET.value,
        "subject_kind": SubjectKind.CLAIM.value,
        "subject_id": claim.pk,
        "provider_id": claim.provider_id,
        "payer_id": claim.payer_id,
        "details": {
            Detail.PRIORITY.value: str(claim.priority),
            Detail.SOURCE.value: str(claim.priority_source),
            Detail.REASON_CODES.value: list(claim.priority_reasons),
        },
    }
