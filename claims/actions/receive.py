"""The payer's front door: the steps of the system in the same request as the submission (rulings 6, 9, 33,
44).

Call it in the system's context. The number comes last: it seals the claim and locks the day's counter.
"""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from time import perf_counter_ns
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import OrganizationProfile
from audit.actions import record_many
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib import jobs, phi
from claimflow.lib.db.context import check_deferred
from claims.actions.assign_number import assign_number, platform_day
from claims.actions.judge import Judged, judge_received
from claims.actions.keep_findings import keep_findings
from claims.actions.priority_facts import priority_facts
from claims.actions.standing import STANDING, move, record_move
from claims.enums import Stage
from claims.models import Claim, RuleSetInternal, ServiceLine
from intelligence.actions.answering import Answering, answering
from intelligence.actions.ledger import About, remember, said_of_priority, said_of_score
from intelligence.enums import Priority
from intelligence.priority import PriorityFacts, Suggestion, decide_safely, fallback
from intelligence.score import Found, ScoreFacts, score
from members.enums import InForce, Verification
from members.models import Coverage

log = logging.getLogger(__name__)
HOURS = {Priority.URGENT: 24, Priority.STANDARD: 72, Priority.ROUTINE: 168}
"""Hours to decide, unless the payer's rule set says otherwise (ruling 49)."""
PRIORITY = ("priority", "rank", "rank_desc", "priority_source", "priority_reasons")


def receive(*, claim: Claim, at: datetime | None = None) -> None:
    """Judge the claim again on the payer's side, set priority and due time, and number it; reject it if an
    edit blocks. ``claim`` is changed in place and stored."""
    moment = at or timezone.now()
    lines = list(claim.lines.all())
    codes = list(claim.diagnoses.values_list("code", flat=True))
    judged = judge_received(claim=claim, lines=lines, codes=codes, today=_day(claim, moment))
    keep_findings(claim=claim, findings=judged.findings, stage=Stage.RECEIPT)
    claim.received_at = claim.due_at = moment
    if judged.blocks:
        reject(claim=claim, judged=judged)
        saving: tuple[str, ...] = ("received_at", "due_at")
    else:
        accept(claim=claim, lines=lines, codes=codes, judged=judged)
        saving = (*PRIORITY, "coverage", "received_at", "clean_at", "due_at")
    # What waits for the end of the transaction is checked before the counter is locked.
    check_deferred()
    assign_number(claim=claim, day=platform_day(moment), saving=(*STANDING, *saving))


def accept(*, claim: Claim, lines: list[ServiceLine], codes: list[str], judged: Judged) -> None:
    """Received: coverage matched, priority set, the clock runs. Events name the claim by its id."""
    answer = match_coverage(claim=claim)
    suggestion = set_priority(claim=claim, lines=lines, codes=codes, judged=judged, at=claim.received_at)
    keep_score(claim=claim, at=claim.received_at)
    claim.clean_at = claim.received_at
    claim.due_at = claim.received_at + timedelta(hours=hours_to_decide(claim))
    old = move(claim, "receive")
    both = {"provider_id": claim.provider_id, "payer_id": claim.payer_id}
    payer = {"payer_id": claim.payer_id}
    reasons = [reason.value for reason in suggestion.reasons]
    record_many(
        [
            _event(
                claim,
                Action.CLAIM_RECEIVED,
                {Detail.DUE_AT: claim.due_at.isoformat(), Detail.RULE_SET: claim.rule_set_id},
                **both,
                old_status=old,
                new_status=claim.state,
            ),
            _event(claim, Action.COVERAGE_MATCHED, {Detail.ANSWER: answer.value}, **payer),
            _event(
                claim,
                Action.AI_CATEGORIZATION,
                {
                    Detail.PRIORITY: suggestion.priority.value,
                    Detail.AI_CONFIDENCE: suggestion.confidence,
                    Detail.AI_REASONING: reasons,
                },
                **payer,
                outcome="failure" if suggestion.failure else "success",
            ),
            _event(
                claim,
                Action.PRIORITY_SET,
                {
                    Detail.PRIORITY: suggestion.priority.value,
                    Detail.SOURCE: suggestion.source.value,
                    Detail.REASON_CODES: reasons,
                },
                **both,
            ),
        ]
    )


def reject(*, claim: Claim, judged: Judged) -> None:
    """Front-door failure: never adjudicated, no appeal; the filing clock keeps running (regulations.md)."""
    old = move(claim, "reject")
    record_move(
        Action.CLAIM_REJECTED,
        claim,
        old,
        {
            Detail.REASON_CODES: [finding.code for finding in judged.findings if finding.blocks][:20],
        },
    )


def match_coverage(*, claim: Claim) -> InForce:
    """Point the claim to the payer's own coverage of this member: the one in force on the first day of
    service, else the newest. The adjudicator sees it; nothing is decided by it."""
    indexes = phi.blind_indexes("member_id", claim.payer_id, phi.value(claim, "member_id"))
    rows = list(
        Coverage.objects.filter(
            organization_id=claim.payer_id, member_bidx__in=[index.value for index in indexes]
        )
        .exclude(verification=Verification.NOT_FOUND)
        .order_by("-effective_from", "-id")
    )
    day = claim.service_date
    in_force = [
        row for row in rows if row.effective_from <= day and (not row.effective_to or day <= row.effective_to)
    ]
    best = sorted(in_force, key=lambda row: row.plan_id != claim.plan_id) or rows
    claim.coverage = best[0] if best else None
    if not rows:
        return InForce.UNKNOWN
    return InForce.YES if in_force else InForce.NO


def set_priority(
    *, claim: Claim, lines: list[ServiceLine], codes: list[str], judged: Judged, at: datetime
) -> Suggestion:
    """Put the claim's place in the queue onto it, and what the rules said into the ledger. The rules never
    stand in the way: they answer ``standard`` when they fail."""
    who = answering(claim.payer_id)
    facts = nothing = PriorityFacts((), (), claim.billed_amount)
    begun = perf_counter_ns()
    try:
        facts = priority_facts(claim=claim, lines=lines, codes=codes, procedures=judged.procedures)
        suggestion = decide_safely(facts, who.scorecard)
    except DatabaseError:  # the transaction is over: nothing could be stored any more
        raise
    except Exception as failure:
        suggestion = fallback(type(failure).__name__)
    latency = (perf_counter_ns() - begun) // 1000
    claim.set_priority(suggestion.priority)
    claim.priority_source = suggestion.source.value
    claim.priority_reasons = [reason.value for reason in suggestion.reasons]
    remember(
        suggestion=said_of_priority(suggestion, facts=facts, latency=latency),
        about=About.claim(claim),
        at=at,
    )
    if facts is not nothing:
        ask_the_others(claim=claim, facts=facts, who=who, at=at)
    return suggestion


def keep_score(*, claim: Claim, at: datetime) -> None:
    """Put the validation score into the ledger as the biller last saw it: by the findings of the submission."""
    rows = claim.findings.filter(stage=Stage.SUBMISSION).order_by("id")
    facts = ScoreFacts(tuple(Found(*row) for row in rows.values_list("code", "severity", "field")))
    remember(suggestion=said_of_score(score(facts), facts=facts), about=About.claim(claim), at=at)


def ask_the_others(*, claim: Claim, facts: PriorityFacts, who: Answering, at: datetime) -> None:
    """Shadows are heard for the ledger alone. Remote models are asked by jobs, once the claim is there; a queue that
    takes none does not hinder the submission."""
    for scorecard in who.shadows:
        said = said_of_priority(decide_safely(facts, scorecard), facts=facts, latency=0)
        remember(suggestion=replace(said, is_shadow=True), about=About.claim(claim), at=at)
    for version_id in who.models:
        try:
            with transaction.atomic():
                jobs.enqueue("ask_model", claim_id=claim.pk, version_id=version_id)
        except DatabaseError as failure:
            log.warning("No model is asked about claim %s: %s.", claim.pk, type(failure).__name__)


def hours_to_decide(claim: Claim) -> int:
    """By priority; the payer's rule set may say otherwise in ``RuleSetInternal.priority["hours"]``."""
    priority = Priority(claim.priority)
    own = (
        RuleSetInternal.objects.filter(rule_set_id=claim.rule_set_id)
        .values_list("priority", flat=True)
        .first()
        if claim.rule_set_id
        else None
    ) or {}
    return int(own.get("hours", {}).get(priority.value, HOURS[priority]))


def _day(claim: Claim, moment: datetime) -> date:
    """The day at the payer's; but a service given today is not in the future because the payer lives
    further west."""
    zones = OrganizationProfile.objects.filter(pk__in=[claim.payer_id, claim.provider_id])
    return max(
        timezone.localdate(moment, timezone=ZoneInfo(zone))
        for zone in zones.values_list("time_zone", flat=True)
    )


def _event(claim: Claim, action: Action, details: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "action": action.value,
        "subject_kind": SubjectKind.CLAIM.value,
        "subject_id": claim.pk,
        "details": {str(key): value for key, value in details.items() if value is not None},
        **more,
    }
