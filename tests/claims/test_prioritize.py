"""The priority after receipt: overridden by a person with a reason, agreed with by deciding, moved up by the clock."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.enums import Action
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claims.actions.prioritize import STEP, escalate_waiting
from claims.models import Claim, PayerNote
from intelligence.actions.ledger import About, remember, said_of_priority
from intelligence.enums import Priority
from intelligence.models import LedgerOutcome
from intelligence.priority import decide
from tests.claims.desk_cast import WHY, Desk, make_desk
from tests.claims.test_pull import holder
from tests.factories.intelligence import FACTS, LedgerEntryFactory
from tests.harness import admin_connection

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def suggested(cast: Desk, claim: Claim) -> Claim:
    """The rules say urgent of it."""
    with acting_as("system", "test"):
        LedgerEntryFactory(claim=claim)
    return claim


def change(cast: Desk, claim: Claim, by: Any = None, **typed: str) -> Any:
    told = {"priority": "routine", "instead_of": str(claim.priority), "reason": "less_urgent", "note": ""}
    url = reverse("payer:priority", args=[claim.pk])
    return cast.client(by).post(url, {**told, **typed}, follow=True)


def outcomes() -> list[LedgerOutcome]:
    with acting_as("system", "test"):
        return list(LedgerOutcome.objects.order_by("decided_at"))


# --- A person overrides ------------------------------------------------------------------------------------------


def test_a_person_changes_it_with_a_reason(cast: Desk) -> None:
    claim = suggested(cast, cast.claim(priority="urgent"))
    answer = change(cast, claim, note="Called the clinic.").content.decode()
    assert f"The priority of claim {claim.claim_number} is now routine." in answer
    assert "Called the clinic." in answer
    now = cast.now(claim)
    assert (now.priority, now.rank, now.rank_desc, now.priority_source, now.priority_reasons) == (
        "routine", 3, -3, "payer", ["less_urgent"],
    )  # fmt: skip
    [outcome] = outcomes()
    assert (outcome.verdict, outcome.answer, outcome.reason) == ("overrode", "routine", "less_urgent")
    assert phi.value(outcome, "note") == "Called the clinic."
    assert outcome.decided_by_id == cast.adjudicator.pk
    [event] = cast.events(claim, Action.PRIORITY_SET)
    assert event.details == {"priority": "routine", "source": "payer", "reason_codes": ["less_urgent"]}
    assert (event.provider_id, event.actor_id) == (cast.clinic.pk, cast.adjudicator.pk)


def test_the_judged_suggestion_stays_on_the_desk(cast: Desk) -> None:
    """Also where another one has the answer that the person chose."""
    claim = suggested(cast, cast.claim(priority="urgent"))
    with acting_as("system", "test"):
        said = said_of_priority(replace(decide(FACTS), priority=Priority.ROUTINE), facts=FACTS, latency=1)
        remember(suggestion=said, about=About.claim(claim), at=timezone.now() - timedelta(days=1))
    change(cast, claim, note="Called the clinic.")
    desk = cast.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert "Called the clinic." in desk
    assert "Suggested Urgent with" in desk


def test_the_time_to_decide_only_shortens(cast: Desk) -> None:
    claim = cast.claim(priority="routine")
    promised = claim.due_at
    change(cast, claim, priority="urgent", reason="physician_says_urgent")
    urgent = cast.now(claim)
    assert urgent.due_at == claim.received_at + timedelta(hours=24) < promised
    change(cast, urgent, priority="standard")
    assert cast.now(claim).due_at == urgent.due_at


def test_the_provider_reads_the_reason_and_neither_confidence_nor_words(cast: Desk) -> None:
    claim = suggested(cast, cast.claim(priority="urgent"))
    change(cast, claim, reason="other", note="Between us.")
    page = cast.client(cast.biller).get(reverse("claims:detail", args=[claim.pk])).content.decode()
    assert "Priority set to Routine (Another reason)." in page
    assert "Between us." not in page
    assert "onfidence" not in page
    desk = cast.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert "Suggested Urgent with 99.8 % confidence" in desk
    assert "Emergency visit, high severity" in desk


def test_the_queue_says_why_and_how_sure(cast: Desk) -> None:
    claim = suggested(
        cast, cast.claim(priority="urgent", priority_source="rules", priority_reasons=["high_charge"])
    )
    page = cast.client().get(reverse("payer:queue")).content.decode()
    assert claim.claim_number in page
    assert 'title="Charge above $5,000.00. Confidence 99.8 %"' in page


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"priority": ""}, "Choose the new priority."),
    ({"reason": ""}, "Choose why the priority changes."),
    ({"reason": "run_undone"}, "error-summary"),
    ({"reason": "other", "note": " "}, "Say in a few words why."),
    ({"instead_of": "routine", "priority": "standard"}, "Somebody changed the priority"),
    ({"priority": "urgent"}, "The claim has this priority already."),
]


def test_it_is_refused_with_a_sentence(cast: Desk) -> None:
    claim = suggested(cast, cast.claim(priority="urgent"))
    for typed, told in REFUSED:
        assert told in change(cast, claim, **typed).content.decode(), typed
    assert (cast.now(claim).priority, outcomes()) == ("urgent", [])


def test_a_decided_claim_keeps_its_priority(cast: Desk) -> None:
    claim = cast.taken(priority="urgent")
    cast.client().post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    assert "because the claim is now approved" in change(cast, claim).content.decode()
    url = reverse("payer:priority", args=[claim.pk])
    assert "until a claim is decided" in cast.client().get(url, follow=True).content.decode()
    assert cast.now(claim).priority == "urgent"


def test_a_colleague_s_claim_is_a_supervisor_s_to_change(cast: Desk) -> None:
    claim = cast.taken(cast.other, priority="urgent")
    assert "Somebody else works on this claim now." in change(cast, claim).content.decode()
    assert cast.now(claim).priority == "urgent"
    change(cast, claim, by=cast.supervisor)
    assert cast.now(claim).priority == "routine"
    assert holder(claim) == cast.other.pk


def test_others_may_not(cast: Desk) -> None:
    claim = cast.claim(priority="urgent")
    for who, status in (("outsider", 404), ("colleague", 403), ("biller", 403)):
        assert change(cast, claim, by=getattr(cast, who)).status_code == status
    assert cast.now(claim).priority == "urgent"


def test_a_claim_older_than_the_ledger_keeps_the_words_as_a_note(cast: Desk) -> None:
    claim = cast.claim(priority="urgent")
    change(cast, claim, reason="other", note="The clinic called.")
    with acting_as("system", "test"):
        assert phi.value(PayerNote.objects.get(), "body") == "The clinic called."
    assert outcomes() == []


# --- Deciding agrees -------------------------------------------------------------------------------------------


def test_a_decision_without_a_change_agrees_once(cast: Desk) -> None:
    claim = suggested(cast, cast.taken(priority="urgent", priority_source="rules"))
    cast.client().post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    [outcome] = outcomes()
    assert (outcome.verdict, outcome.decided_by_id) == ("agreed", cast.adjudicator.pk)


def test_a_decision_after_an_override_does_not_agree(cast: Desk) -> None:
    claim = suggested(cast, cast.taken(priority="urgent", priority_source="rules"))
    change(cast, claim)
    cast.client().post(
        reverse("payer:decide", args=[claim.pk]),
        {"press": "deny", "version": "0", "denial_reason": "not_covered", "explanation": WHY},
    )
    assert cast.now(claim).state == "denied"
    assert [outcome.verdict for outcome in outcomes()] == ["overrode"]


def test_a_decision_after_the_clock_moved_it_up_does_not_agree(cast: Desk) -> None:
    claim = suggested(cast, cast.taken(priority="urgent", priority_source="escalation"))
    cast.client().post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    assert cast.now(claim).state == "approved"
    assert outcomes() == []


# --- The clock ---------------------------------------------------------------------------------------------------


def waited(cast: Desk, days: float, priority: str, **values: Any) -> Claim:
    at = timezone.now() - timedelta(days=days)
    told = {"submitted_at": at, "priority_source": "rules", "priority_reasons": ["therapy"], **values}
    return cast.claim(priority=priority, **told)


WAITED: list[tuple[float, str, dict[str, Any], str]] = [
    (6.99, "routine", {}, "routine"),
    (7.01, "routine", {}, "standard"),
    (7.01, "standard", {}, "urgent"),
    (7.01, "standard", {"priority_source": "fallback"}, "urgent"),
    (7.01, "standard", {"priority_source": "model"}, "urgent"),
    (30, "urgent", {}, "urgent"),
    (13.99, "standard", {"priority_source": "escalation"}, "standard"),
    (14.01, "standard", {"priority_source": "escalation"}, "urgent"),
    (30, "routine", {"priority_source": "payer"}, "routine"),
    (30, "routine", {"state": "in_review"}, "routine"),
    (30, "routine", {"state": "pended"}, "routine"),
]


def test_what_waits_moves_up_once(cast: Desk) -> None:
    claims = [waited(cast, days, priority, **values) for days, priority, values, _then in WAITED]
    for _twice in range(2):
        with acting_as("system", "escalate_waiting"):
            escalate_waiting()
    for claim, case in zip(claims, WAITED, strict=True):
        _days, priority, _values, then = case
        now, events = cast.now(claim), cast.events(claim, Action.PRIORITY_SET)
        assert now.priority == then, case
        assert len(events) == (then != priority), case
        if events:
            assert now.priority_source == "escalation"
            assert now.due_at <= claim.due_at
            assert (events[0].kind, events[0].details["source"]) == ("system", "escalation")


def test_it_takes_so_many_at_a_time_the_longest_first(cast: Desk) -> None:
    late, later = waited(cast, 8, "routine"), waited(cast, 9, "routine")
    with acting_as("system", "escalate_waiting"):
        assert escalate_waiting(limit=1) == 1
    assert (cast.now(late).priority, cast.now(later).priority) == ("routine", "standard")


def test_it_reads_an_index(cast: Desk) -> None:
    from tests.claims.test_plans import OVERRIDES, columns, nodes

    claim = waited(cast, 1, "routine")
    names = columns(Claim)
    keep = {"id", "form_token", "number_day", "number_n", "claim_number", "state", "public_status", "turn", "clock",
            "priority", "rank", "rank_desc", "submitted_at", "received_at", "created_at", "due_at",
            "adjudicated_by_id", "adjudicated_at", "approved_amount", "paid_amount", "patient_responsibility",
            "current_decision_id"}  # fmt: skip
    chosen = ", ".join(OVERRIDES[name] if name in keep else f't."{name}"' for name in names)
    with admin_connection(autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            f"INSERT INTO claims_claim ({', '.join(names)}) SELECT {chosen} FROM claims_claim t,"
            " generate_series(1, 5000) AS i WHERE t.id = %(claim)s",
            {"claim": claim.pk, "adjudicator": cast.adjudicator.pk},
        )
        admin.execute("ANALYZE claims_claim")
    from django.test.utils import CaptureQueriesContext

    with acting_as("system", "escalate_waiting"), CaptureQueriesContext(connection) as captured:
        escalate_waiting(now=timezone.now() - STEP * 3)
        sql = next(each["sql"] for each in captured if "FOR UPDATE" in each["sql"])
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql.replace('%', '%%')}", [])
            answer = cursor.fetchone()[0]
    plan = (answer if isinstance(answer, list) else json.loads(answer))[0]["Plan"]
    assert {node.get("Index Name") for node in nodes(plan)} >= {"claims_waiting_below_urgent"}, plan
