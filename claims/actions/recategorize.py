"""The rules run again over a payer's waiting claims, many at once.

A person says which claims; the system counts what would change and the person looks at it; then it is started, and
can be taken back. The system works in batches, each its own transaction, and goes on where it stopped. A claim that
somebody took, decided or gave another priority meanwhile is left alone, and so is what a person, a model or the clock
had set before. The time to decide only shortens; undoing puts back the earlier one.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter_ns
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from audit.actions import record, record_many
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib import jobs
from claimflow.lib.pages import Keyset
from claimflow.lib.permissions import Refusal, WrongState
from claims.actions.prioritize import change, hours_of, priority_event
from claims.actions.priority_facts import priority_facts
from claims.actions.pull import QUEUE_ORDER
from claims.actions.receive import PRIORITY
from claims.enums import RunItemState, RunState
from claims.models import Claim, Diagnosis, Recategorization, RecategorizationItem, ServiceLine
from claims.policies import require_recategorize
from codes.formats import bare_icd, tidy_code
from codes.models import Procedure
from intelligence.actions.answering import answering
from intelligence.actions.ledger import About, Said, remember_many, said_of_priority
from intelligence.enums import OverrideReason, Priority, PrioritySource, Verdict
from intelligence.models import LedgerOutcome
from intelligence.priority import PriorityFacts, decide_safely
from intelligence.scorecard import Scorecard

JOB = "recategorize"
BATCH = 500
STUCK = timedelta(minutes=2)
BY_RULES = (PrioritySource.RULES, PrioritySource.FALLBACK)
ORDER = Keyset([(name, "asc") for name in QUEUE_ORDER])
WORKING = (RunState.COUNTING, RunState.RUNNING, RunState.UNDOING)
ONE_OPEN = "claims_recategorization_one_open"
CLAIM_COLUMNS = [*PRIORITY, "due_at", "updated_at"]


# --- What a person does ------------------------------------------------------------------------------------------


def ask_recategorization(
    *,
    payer: Organization,
    priority: Priority | None = None,
    provider: Organization | None = None,
    waited_days: int | None = None,
    code: str = "",
    by: Any,
) -> Recategorization:
    """Have the system count what the rules would change. Raises ``Forbidden``, and ``Refusal`` when another run of
    this payer is not finished."""
    require_recategorize(payer, by)
    run = Recategorization(
        payer=payer,
        priority=priority.value if priority else "",
        provider=provider,
        waited_days=waited_days,
        code=code.strip().upper(),
        asked_by=by,
    )
    with _one_open():
        run.save(force_insert=True)
    jobs.enqueue(JOB, run_id=run.pk)
    _record(Action.RECATEGORIZATION_ASKED, run)
    return run


def start_recategorization(*, run_id: UUID, by: Any) -> Recategorization:
    """Change the claims as counted. Raises ``WrongState`` before the counting is done, or after the start."""
    return _moved(run_id, by, (RunState.READY,), RunState.RUNNING, Action.RECATEGORIZATION_STARTED)


def discard_recategorization(*, run_id: UUID, by: Any) -> Recategorization:
    """Leave every claim as it is."""
    return _moved(
        run_id,
        by,
        (RunState.COUNTING, RunState.READY),
        RunState.DISCARDED,
        Action.RECATEGORIZATION_DISCARDED,
    )


def undo_recategorization(*, run_id: UUID, by: Any) -> Recategorization:
    """Put back the earlier priority of each claim that nobody touched since. Raises ``Refusal`` when another run of
    this payer is not finished."""
    return _moved(run_id, by, (RunState.DONE,), RunState.UNDOING, Action.RECATEGORIZATION_UNDONE)


def _moved(
    run_id: UUID, by: Any, sources: Sequence[RunState], target: RunState, action: Action
) -> Recategorization:
    run: Recategorization = (
        Recategorization.objects.visible_to(by).select_for_update(of=("self",)).get(pk=run_id)
    )
    require_recategorize(run.payer, by)
    if run.state not in sources:
        raise WrongState(
            _("This step was not done, because the run has gone on meanwhile. Look at where it is now."),
            code=f"cannot_{target.value}",
        )
    run.state = target.value
    if target == RunState.UNDOING:
        run.undone_by = by
    with _one_open():
        run.touch("state", "undone_by")
    if target in WORKING:
        jobs.enqueue(JOB, run_id=run.pk)
    _record(action, run)
    return run


@contextmanager
def _one_open() -> Iterator[None]:
    """Turns the index that keeps a payer to one open run into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) != ONE_OPEN:
            raise
        raise Refusal(
            _("Another re-categorization of this payer is not finished. Finish or discard it first."),
            code="run_open",
        ) from error


# --- What the system does ----------------------------------------------------------------------------------------


def work_on(*, run_id: UUID, size: int = BATCH) -> bool:
    """One batch of one run; whether there is more to do. Twice at once is harmless: the second finds it locked."""
    run = (
        Recategorization.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=run_id, state__in=WORKING)
        .first()
    )
    if run is None:
        return False
    step = {RunState.COUNTING: _count, RunState.RUNNING: _apply, RunState.UNDOING: _undo}
    step[RunState(run.state)](run, size)
    run.save(
        update_fields=[
            "state", "cursor", "counted", "proposed", "applied", "skipped", "undone", "kept", "crossing",
            "finished_at", "updated_at",
        ]
    )  # fmt: skip
    return run.state in WORKING


def stuck_runs() -> list[UUID]:
    """Runs that stopped in the middle, because a worker was killed."""
    late = Recategorization.objects.filter(state__in=WORKING, updated_at__lt=timezone.now() - STUCK)
    return list(late.values_list("pk", flat=True))


def claims_of(run: Recategorization) -> QuerySet[Claim]:
    """The claims that a run is about: waiting since before it, judged by the rules alone, and within its filter."""
    claims: QuerySet[Claim] = Claim.objects.waiting().filter(
        payer=run.payer_id, received_at__lte=run.created_at, priority_source__in=BY_RULES
    )
    if run.priority:
        claims = claims.filter(rank=Priority(run.priority).rank)
    if run.provider_id:
        claims = claims.filter(provider=run.provider_id)
    if run.waited_days is not None:
        claims = claims.filter(received_at__lte=run.created_at - timedelta(days=run.waited_days))
    if run.code:
        claims = claims.filter(Q(cpt_code=tidy_code(run.code)) | Q(icd10_code=bare_icd(run.code)))
    return claims


def _count(run: Recategorization, size: int) -> None:
    page = ORDER.page(claims_of(run), run.cursor, size)
    items = []
    for claim, said in _judged(page.rows):
        row = run.crossing.setdefault(claim.priority, {})
        row[said.answer] = row.get(said.answer, 0) + 1
        if said.answer != claim.priority:
            items.append(
                RecategorizationItem(
                    **claim.as_parent(),
                    run=run,
                    earlier_priority=claim.priority,
                    earlier_source=claim.priority_source,
                    earlier_reasons=claim.priority_reasons,
                    earlier_due_at=claim.due_at,
                    priority=said.answer,
                )
            )
    RecategorizationItem.objects.bulk_create(items, ignore_conflicts=True)
    run.counted += len(page.rows)
    run.proposed += len(items)
    run.cursor = page.next_cursor or ""
    if not run.cursor:
        run.state = RunState.READY.value


def _apply(run: Recategorization, size: int) -> None:
    items = _items(run, RunItemState.PROPOSED, size)
    claims = {claim.pk: claim for claim in _still(items)}
    by_claim = {item.claim_id: item for item in items}
    changed: list[tuple[Claim, Said]] = []
    hours = hours_of(claims.values())
    for claim, said in _judged(list(claims.values())):
        item = by_claim[claim.pk]
        now = (claim.priority, claim.priority_source, claim.due_at)
        if now == (item.earlier_priority, item.earlier_source, item.earlier_due_at) and (
            said.answer == item.priority and not said.failure
        ):
            reasons = [code for code, _adds in said.because]
            change(claim, Priority(said.answer), PrioritySource.RULES, reasons, hours)
            changed.append((claim, said))
    entries = remember_many(suggestions=[(said, About.claim(claim)) for claim, said in changed])
    for (claim, _said_of), entry in zip(changed, entries, strict=True):
        by_claim[claim.pk].entry = entry
    _store(
        run,
        items,
        [claim for claim, _said in changed],
        done=RunItemState.APPLIED,
        left=RunItemState.SKIPPED,
    )
    if changed:
        record_many([_suggested(claim, said) for claim, said in changed])
    run.applied += len(changed)
    run.skipped += len(items) - len(changed)
    if len(items) < size:
        _finish(run, RunState.DONE, Action.RECATEGORIZATION_FINISHED)


def _undo(run: Recategorization, size: int) -> None:
    items = _items(run, RunItemState.APPLIED, size)
    by_claim = {item.claim_id: item for item in items}
    restored = []
    again = _changed_again(run, by_claim)
    for claim in _still(items):
        item = by_claim[claim.pk]
        if claim.pk not in again and (claim.priority, claim.priority_source) == (
            item.priority,
            PrioritySource.RULES,
        ):
            claim.set_priority(Priority(item.earlier_priority))
            claim.priority_source, claim.priority_reasons = item.earlier_source, item.earlier_reasons
            claim.due_at = item.earlier_due_at
            restored.append(claim)
    judged = [(claim, by_claim[claim.pk].entry_id) for claim in restored]
    LedgerOutcome.objects.bulk_create(
        LedgerOutcome(
            entry_id=entry,
            organization_id=run.payer_id,
            verdict=Verdict.OVERRODE.value,
            answer=str(claim.priority),
            reason=OverrideReason.RUN_UNDONE.value,
            decided_by=run.undone_by,
            decided_at=timezone.now(),
        )
        for claim, entry in judged
        if entry is not None and run.undone_by is not None
    )
    _store(run, items, restored, done=RunItemState.UNDONE, left=RunItemState.KEPT)
    run.undone += len(restored)
    run.kept += len(items) - len(restored)
    if len(items) < size:
        _finish(run, RunState.UNDONE, Action.RECATEGORIZATION_FINISHED)


def _items(run: Recategorization, state: RunItemState, size: int) -> list[RecategorizationItem]:
    return list(RecategorizationItem.objects.filter(run=run, state=state).order_by("id")[:size])


def _changed_again(run: Recategorization, claims: Iterable[UUID]) -> set[UUID]:
    """Those of these claims that a later run changed, and that its undoing did not give back."""
    later = RecategorizationItem.objects.filter(
        payer=run.payer_id,
        claim__in=list(claims),
        state=RunItemState.APPLIED,
        run__created_at__gt=run.created_at,
    )
    return set(later.values_list("claim_id", flat=True))


def _still(items: Sequence[RecategorizationItem]) -> list[Claim]:
    """Those of these claims that still wait and that nobody is taking right now, locked."""
    claims = Claim.objects.waiting().filter(pk__in=[item.claim_id for item in items])
    return list(claims.order_by("pk").select_for_update(skip_locked=True, of=("self",)))


def _store(
    run: Recategorization,
    items: Sequence[RecategorizationItem],
    changed: Sequence[Claim],
    *,
    done: RunItemState,
    left: RunItemState,
) -> None:
    """Claims, items and events of one batch, set-wise."""
    moment, ids = timezone.now(), {claim.pk for claim in changed}
    for claim in changed:
        claim.updated_at = moment
    for item in items:
        item.state, item.updated_at = (done if item.claim_id in ids else left).value, moment
    Claim.objects.bulk_update(changed, CLAIM_COLUMNS)
    RecategorizationItem.objects.bulk_update(items, ["state", "entry", "updated_at"])
    if changed:
        record_many([priority_event(claim) for claim in changed])


def _judged(claims: Sequence[Claim]) -> Iterable[tuple[Claim, Said]]:
    """What the active rules say of each claim now: a few queries for any number of them."""
    ids = [claim.pk for claim in claims]
    lines: dict[UUID, list[ServiceLine]] = {}
    for line in ServiceLine.objects.filter(claim__in=ids).order_by("claim_id", "line_no"):
        lines.setdefault(line.claim_id, []).append(line)
    codes: dict[UUID, list[str]] = {}
    rows = Diagnosis.objects.filter(claim__in=ids).order_by("claim_id", "letter")
    for claim_id, code in rows.values_list("claim_id", "code"):
        codes.setdefault(claim_id, []).append(code)
    procedures = Procedure.objects.judge_many(line.procedure_code for own in lines.values() for line in own)
    scorecards = {payer: answering(payer).scorecard for payer in {claim.payer_id for claim in claims}}
    for claim in claims:
        facts = priority_facts(
            claim=claim, lines=lines.get(claim.pk, ()), codes=codes.get(claim.pk, ()), procedures=procedures
        )
        yield claim, _said(facts, scorecards[claim.payer_id])


def _said(facts: PriorityFacts, scorecard: Scorecard) -> Said:
    begun = perf_counter_ns()
    suggestion = decide_safely(facts, scorecard)
    return said_of_priority(suggestion, facts=facts, latency=(perf_counter_ns() - begun) // 1000)


def _suggested(claim: Claim, said: Said) -> dict[str, Any]:
    """For the payer alone, with the confidence (ruling 33)."""
    return {
        **priority_event(claim),
        "action": Action.AI_CATEGORIZATION.value,
        "provider_id": None,
        "details": {
            Detail.PRIORITY.value: said.answer,
            Detail.AI_CONFIDENCE.value: said.confidence,
            Detail.AI_REASONING.value: [code for code, _adds in said.because],
        },
    }


def _finish(run: Recategorization, state: RunState, action: Action) -> None:
    run.state, run.finished_at = state.value, timezone.now()
    _record(action, run)


def _record(action: Action, run: Recategorization) -> None:
    record(
        action,
        SubjectKind.RECATEGORIZATION,
        run.pk,
        payer_id=run.payer_id,
        details={
            Detail.ROWS: run.counted,
            Detail.CHANGED: run.undone if run.state == RunState.UNDONE else run.applied,
        },
    )
