"""Many claims at once: counted, looked at, changed in batches, taken back; and what is left alone."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.enums import Action
from audit.models import Event
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden, Refusal, WrongState
from claims.actions.pull import pick
from claims.actions.recategorize import (
    ask_recategorization,
    discard_recategorization,
    start_recategorization,
    stuck_runs,
    undo_recategorization,
    work_on,
)
from claims.models import Claim, Recategorization, RecategorizationItem
from intelligence.enums import Priority
from intelligence.models import LedgerEntry, LedgerOutcome
from tests.claims.desk_cast import Desk, make_desk
from tests.harness import admin_connection
from tests.signed_in import make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def waiting(cast: Desk, code: str, priority: str = "standard", **values: Any) -> Claim:
    """The rules of today say urgent of 99285 and routine of 99391."""
    told = {"priority_source": "rules", "priority_reasons": ["therapy"], **values}
    lines = [{"procedure_code": code, "procedure_system": "cpt"}]
    return cast.claim(priority=priority, lines=lines, diagnoses=["Z0000"], **told)


def as_supervisor(cast: Desk) -> Any:
    return acting_as("payer", user=cast.supervisor, organization=cast.payer)


def ask(cast: Desk, **values: Any) -> Recategorization:
    with as_supervisor(cast):
        return ask_recategorization(payer=cast.payer, by=cast.supervisor, **values)


def work(run: Recategorization, size: int = 2) -> int:
    """What the worker does: one transaction a batch, until nothing is left. Returns the number of batches."""
    for turn in range(1, 20):
        with acting_as("system", "recategorize"):
            if not work_on(run_id=run.pk, size=size):
                return turn
    raise AssertionError("it does not end")


def step(cast: Desk, run: Recategorization, act: Any) -> None:
    with as_supervisor(cast):
        act(run_id=run.pk, by=cast.supervisor)


def now(run: Recategorization) -> Recategorization:
    with acting_as("system", "test"):
        return Recategorization.objects.get(pk=run.pk)


def rows(model: Any, **facts: Any) -> list[Any]:
    with acting_as("system", "test"):
        return list(model.objects.filter(**facts).order_by("id"))


def events(cast: Desk, subject: Any) -> list[str]:
    with acting_as("auditor", user=cast.supervisor, organization=cast.payer):
        return [event.action for event in Event.objects.filter(subject_id=subject.pk).order_by("id")]


def test_it_counts_first_then_changes_then_takes_back(cast: Desk) -> None:
    urgent = [waiting(cast, "99285") for _n in range(3)]
    routine = waiting(cast, "99391", "urgent")
    same = waiting(cast, "99285", "urgent")
    before = {claim.pk: (claim.priority, claim.due_at) for claim in [*urgent, routine, same]}

    run = ask(cast)
    work(run)
    counted = now(run)
    assert (counted.state, counted.counted, counted.proposed) == ("ready", 5, 4)
    assert counted.crossing == {"standard": {"urgent": 3}, "urgent": {"routine": 1, "urgent": 1}}
    assert cast.now(urgent[0]).priority == "standard"

    step(cast, run, start_recategorization)
    assert work(run) == 3
    done = now(run)
    assert (done.state, done.applied, done.skipped) == ("done", 4, 0)
    changed = cast.now(urgent[0])
    assert (changed.priority, changed.rank_desc, changed.priority_source) == ("urgent", -1, "rules")
    assert changed.priority_reasons == ["emergency_high_severity"]
    assert changed.due_at < before[changed.pk][1]
    assert cast.now(routine).due_at <= before[routine.pk][1]
    assert [entry.answer for entry in rows(LedgerEntry, claim_id=routine.pk)] == ["routine"]
    assert rows(LedgerEntry, claim_id=same.pk) == []
    assert events(cast, urgent[0]) == ["priority_set", "ai_categorization"]
    assert "onfidence" not in str([event.details for event in cast.events(urgent[0], Action.PRIORITY_SET)])

    step(cast, run, undo_recategorization)
    work(run)
    assert (now(run).state, now(run).undone) == ("undone", 4)
    for claim in [*urgent, routine]:
        restored = cast.now(claim)
        assert (restored.priority, restored.due_at) == before[claim.pk]
        assert restored.priority_reasons == ["therapy"]
    assert {outcome.reason for outcome in rows(LedgerOutcome)} == {"run_undone"}
    assert {outcome.decided_by_id for outcome in rows(LedgerOutcome)} == {cast.supervisor.pk}
    assert events(cast, run) == [
        "recategorization_asked", "recategorization_started", "recategorization_finished",
        "recategorization_undone", "recategorization_finished",
    ]  # fmt: skip


def test_what_somebody_took_or_changed_meanwhile_is_left_alone(cast: Desk) -> None:
    taken, changed, free = (waiting(cast, "99285") for _n in range(3))
    run = ask(cast)
    work(run)
    cast.client().post(reverse("payer:take", args=[taken.pk]))
    cast.client().post(
        reverse("payer:priority", args=[changed.pk]),
        {"priority": "routine", "instead_of": "standard", "reason": "less_urgent", "note": ""},
    )
    step(cast, run, start_recategorization)
    work(run)
    assert (now(run).applied, now(run).skipped) == (1, 2)
    assert [cast.now(claim).priority for claim in (taken, changed, free)] == ["standard", "routine", "urgent"]


def test_undoing_leaves_what_somebody_touched_since(cast: Desk) -> None:
    taken, changed, free = (waiting(cast, "99285") for _n in range(3))
    run = ask(cast)
    work(run)
    step(cast, run, start_recategorization)
    work(run)
    cast.client().post(reverse("payer:take", args=[taken.pk]))
    cast.client().post(
        reverse("payer:priority", args=[changed.pk]),
        {"priority": "routine", "instead_of": "urgent", "reason": "less_urgent", "note": ""},
    )
    step(cast, run, undo_recategorization)
    work(run)
    assert (now(run).undone, now(run).kept) == (1, 2)
    assert [cast.now(claim).priority for claim in (taken, changed, free)] == ["urgent", "routine", "standard"]


def test_a_claim_that_is_being_taken_at_this_moment_is_skipped(cast: Desk) -> None:
    claim = waiting(cast, "99285")
    run = ask(cast)
    work(run)
    step(cast, run, start_recategorization)
    from tests.claims.test_decide import at_once

    def taking() -> Any:
        with acting_as("payer", user=cast.adjudicator, organization=cast.payer):
            return pick(claim_id=claim.pk, by=cast.adjudicator)

    at_once(taking, lambda: work(run))
    state, item = cast.now(claim), rows(RecategorizationItem)[0]
    assert state.state == "in_review"
    assert (state.priority, item.state) in {("standard", "skipped"), ("urgent", "applied")}


def test_a_killed_worker_loses_one_batch_and_the_run_goes_on(cast: Desk, monkeypatch: Any) -> None:
    for _n in range(4):
        waiting(cast, "99285")
    run = ask(cast)
    work(run)
    step(cast, run, start_recategorization)
    with acting_as("system", "recategorize"):
        assert work_on(run_id=run.pk, size=2)
    monkeypatch.setattr("claims.actions.recategorize.remember_many", lambda **_more: 1 / 0)
    with pytest.raises(ZeroDivisionError), acting_as("system", "recategorize"):
        work_on(run_id=run.pk, size=2)
    monkeypatch.undo()
    assert (now(run).state, now(run).applied) == ("running", 2)
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE claims_recategorization SET updated_at = now() - interval '3 minutes'")
    with acting_as("system", "recategorize_again"):
        assert stuck_runs() == [run.pk]
    work(run)
    assert (now(run).state, now(run).applied) == ("done", 4)
    with acting_as("system", "recategorize_again"):
        assert stuck_runs() == []


def test_the_filter(cast: Desk) -> None:
    waiting(cast, "99285")
    waiting(cast, "99285", "urgent")
    waiting(cast, "99391")
    for values in ({"priority_source": source} for source in ("payer", "model", "escalation")):
        waiting(cast, "99285", **values)
    for state in ("in_review", "pended"):
        waiting(cast, "99285", state=state)
    filters: list[tuple[dict[str, Any], int]] = [
        ({}, 3),
        ({"priority": Priority.URGENT}, 1),
        ({"code": " 99391 "}, 1),
        ({"code": "z00.00"}, 3),
        ({"waited_days": 1}, 0),
        ({"provider": cast.clinic}, 3),
        ({"provider": cast.outsider.organization}, 0),
    ]
    for values, counted in filters:
        run = ask(cast, **values)
        work(run)
        assert now(run).counted == counted, values
        assert (now(run).crossing == {}) is (counted == 0)
        step(cast, run, discard_recategorization)


def test_one_is_open_at_a_time_and_steps_have_their_order(cast: Desk) -> None:
    run = ask(cast)
    with pytest.raises(Refusal, match="not finished"):
        ask(cast)
    for act in (start_recategorization, undo_recategorization):
        with pytest.raises(WrongState):
            step(cast, run, act)
    step(cast, run, discard_recategorization)
    assert now(run).state == "discarded"
    with acting_as("system", "recategorize"):
        assert not work_on(run_id=run.pk)
    assert ask(cast).state == "counting"


def test_undoing_waits_for_another_run_to_be_finished(cast: Desk) -> None:
    waiting(cast, "99285")
    first = ask(cast)
    work(first)
    step(cast, first, start_recategorization)
    work(first)
    second = ask(cast)
    work(second)
    with pytest.raises(Refusal, match="not finished"):
        step(cast, first, undo_recategorization)
    assert (now(first).state, now(second).state) == ("done", "ready")


def test_undoing_leaves_what_a_later_run_changed(cast: Desk) -> None:
    claim = waiting(cast, "99285")
    runs = []
    for _turn in range(2):
        runs.append(ask(cast))
        work(runs[-1])
        step(cast, runs[-1], start_recategorization)
        work(runs[-1])
        if len(runs) == 1:  # meanwhile the rules found it standard, by whatever way
            with admin_connection(autocommit=True) as admin:
                admin.execute("UPDATE claims_claim SET priority = 'standard', rank = 2, rank_desc = -2")
    step(cast, runs[0], undo_recategorization)
    work(runs[0])
    assert (now(runs[0]).kept, cast.now(claim).priority) == (1, "urgent")
    step(cast, runs[1], undo_recategorization)
    work(runs[1])
    assert (now(runs[1]).undone, cast.now(claim).priority) == (1, "standard")


def test_only_supervisors_and_administrators_and_a_payer_s_own(cast: Desk) -> None:
    for who in (cast.adjudicator, cast.colleague):
        with pytest.raises(Forbidden), acting_as("payer", user=who, organization=cast.payer):
            ask_recategorization(payer=cast.payer, by=who)
    with pytest.raises(Forbidden), as_supervisor(cast):
        ask_recategorization(payer=cast.outsider.organization, by=cast.supervisor)
    admin = make_user("admin", "Platform administrator")
    waiting(cast, "99285")
    with acting_as("admin", user=admin):
        run = ask_recategorization(payer=cast.payer, by=admin)
    work(run)
    with acting_as("admin", user=admin):
        start_recategorization(run_id=run.pk, by=admin)
    work(run)
    assert (now(run).applied, now(run).asked_by_id) == (1, admin.pk)


def test_a_batch_costs_the_same_for_one_claim_and_for_ten(cast: Desk) -> None:
    costs = []
    for claims in (1, 10):
        for _n in range(claims):
            waiting(cast, "99285")
        run = ask(cast)
        work(run, size=100)
        step(cast, run, start_recategorization)
        with CaptureQueriesContext(connection) as captured:
            work(run, size=100)
        costs.append(len(captured))
    assert costs[0] == costs[1]
