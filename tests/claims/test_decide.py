"""The decision, as an adjudicator sends it and as the trail keeps it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from audit.enums import Action
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Refusal, WrongState
from claims.actions.decide import DecisionRefused, decide
from claims.adjudication import Adjustment as Proposed
from claims.adjudication import LineFacts, LineProposal, price_line
from claims.enums import DenialReason
from claims.models import Adjustment, Assignment, Claim, Decision, LineDecision, PayerNote, Proposal
from codes.enums import GroupCode
from tests.claims.desk_cast import WHY, Desk, adjustment, line, make_desk

pytestmark = pytest.mark.usefixtures("real_db")
CHARGE = Decimal("150.00")


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def send(cast: Desk, claim: Claim, press: str = "send", **typed: Any) -> Any:
    data = {"press": press, "version": "0", **typed}
    return cast.client().post(reverse("payer:decide", args=[claim.pk]), data)


def lines_of(claim: Claim) -> list[tuple[str, Decimal, Decimal]]:
    with acting_as("system", "test"):
        rows = LineDecision.objects.filter(claim=claim).order_by("line__line_no")
        return [(row.outcome, row.allowed, row.paid) for row in rows]


def codes_of(claim: Claim) -> list[tuple[str, Decimal]]:
    with acting_as("system", "test"):
        return [
            (str(row), row.amount) for row in Adjustment.objects.filter(claim=claim).order_by("reason_code")
        ]


# --- It works ---------------------------------------------------------------------------------------------------


def test_a_plain_claim_is_approved_with_one_button(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": CHARGE}])
    answer = send(cast, claim)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("payer:queue")
    decided = cast.now(claim)
    assert (decided.state, decided.public_status, decided.turn, decided.clock) == (
        "approved", "approved", "none", "stopped",
    )  # fmt: skip
    assert (decided.approved_amount, decided.paid_amount, decided.patient_responsibility) == (
        CHARGE,
        CHARGE,
        0,
    )
    assert decided.adjudicated_by_id == cast.adjudicator.pk
    with acting_as("system", "test"):
        assert not Assignment.objects.exists()


def test_a_typed_price_is_balanced_by_itself(cast: Desk) -> None:
    coverage = cast.covered(copay=Decimal("20.00"))
    claim = cast.taken(lines=[{"charge": CHARGE}], coverage=coverage)
    assert send(cast, claim, **line(allowed="100,50")).status_code == 302
    assert lines_of(claim) == [("approved", Decimal("100.50"), Decimal("80.50"))]
    assert codes_of(claim) == [("PR-3", Decimal("20.00")), ("CO-45", Decimal("49.50"))]


def test_one_line_is_denied_with_a_shortcut(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": CHARGE}, {"charge": Decimal("50.00")}])
    answer = send(cast, claim, **line(1, verdict="deny", refusal="duplicate"), explanation=WHY)
    assert answer.status_code == 302
    assert cast.now(claim).state == "partially_approved"
    assert lines_of(claim) == [("approved", CHARGE, CHARGE), ("denied", 0, 0)]
    assert codes_of(claim) == [("OA-18", Decimal("50.00"))]


@pytest.mark.parametrize(
    ("reason", "code", "remark"),
    [
        ("invalid_procedure", "CO-16", "M51"),
        ("invalid_diagnosis", "CO-16", "M76"),
        ("not_covered", "PR-96", "N130"),
        ("duplicate", "OA-18", None),
        ("insufficient_documentation", "CO-252", "N706"),
    ],
)
def test_the_claim_is_denied_for_a_public_reason(
    cast: Desk, reason: str, code: str, remark: str | None
) -> None:
    claim = cast.taken(lines=[{"charge": CHARGE}, {"charge": Decimal("50.00")}])
    assert send(cast, claim, "deny", denial_reason=reason, explanation=WHY).status_code == 302
    denied = cast.now(claim)
    assert (denied.state, denied.public_status, denied.paid_amount) == ("denied", "denied", 0)
    assert denied.denial_reason_code == reason
    assert phi.value(denied, "denial_explanation") == WHY
    assert {each for each, _amount in codes_of(claim)} == {code}
    with acting_as("system", "test"):
        remarks = {str(each) for row in Adjustment.objects.filter(claim=claim) for each in row.remarks.all()}
    assert remarks == ({remark} if remark else set())


def test_why_somebody_is_not_eligible_follows_from_the_coverage(cast: Desk) -> None:
    from datetime import date, timedelta

    ended = cast.covered(effective_to=date.today() - timedelta(days=60))
    for coverage, code in ((ended, "PR-27"), (None, "PR-31")):
        claim = cast.taken(coverage=coverage)
        assert send(cast, claim, "deny", denial_reason="not_eligible", explanation=WHY).status_code == 302
        assert {each for each, _amount in codes_of(claim)} == {code}


def test_another_reason_needs_codes_of_its_own(cast: Desk) -> None:
    claim = cast.taken()
    answer = send(cast, claim, "deny", denial_reason="other", explanation=WHY)
    assert "Choose the reason why this line is denied." in answer.content.decode()
    typed = {**line(verdict="deny", refusal="CO-29"), "denial_reason": "other", "explanation": WHY}
    assert send(cast, claim, "deny", **typed).status_code == 302
    assert {each for each, _amount in codes_of(claim)} == {"CO-29"}


def test_amounts_are_entered_one_by_one(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": CHARGE}])
    typed = {
        **line(verdict="custom", allowed="90", deductible="10", copay="5", coinsurance="5", paid="70"),
        **adjustment(0, 0, "CO-45", "30"),
        **adjustment(0, 1, "CO-96", "30.00", "n130"),
        "explanation": WHY,
    }
    answer = send(cast, claim, **typed)
    assert answer.status_code == 302, answer.content.decode()
    assert cast.now(claim).state == "partially_approved"
    assert cast.now(claim).patient_responsibility == Decimal("20.00")
    assert len(codes_of(claim)) == 5


def test_a_medical_necessity_denial_is_the_adjudicators_own(cast: Desk) -> None:
    """CARC 50 by an adjudicator alone is allowed for now. This test changes when the second look comes: then the
    proposal waits for a supervisor and the claim stays in review (ruling 22)."""
    claim = cast.taken()
    typed = {**line(verdict="deny", refusal="CO-50"), "denial_reason": "not_covered", "explanation": WHY}
    assert send(cast, claim, **typed).status_code == 302
    assert cast.now(claim).state == "denied"
    assert codes_of(claim) == [("CO-50", Decimal("125.00"))]


def test_notes_stay_inside_and_unfinished_work_ends(cast: Desk) -> None:
    claim = cast.taken()
    send(cast, claim, "save", notes="Checked the contract.")
    send(cast, claim, "send", version="1", notes="Checked the contract.")
    with acting_as("system", "test"):
        assert [(note.kind, phi.value(note, "body")) for note in PayerNote.objects.all()] == [
            ("decision", "Checked the contract.")
        ]
        assert [proposal.state for proposal in Proposal.objects.all()] == ["decided"]


def test_the_decided_claim_shows_its_decision_to_the_payer(cast: Desk) -> None:
    claim = cast.taken()
    send(cast, claim, "deny", denial_reason="not_covered", explanation=WHY)
    page = cast.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert "PR-96" in page
    assert WHY in page
    assert 'name="lines-0-allowed"' not in page


def test_it_leaves_its_event(cast: Desk) -> None:
    for press, typed, action in (
        ("send", {}, Action.CLAIM_APPROVED),
        ("deny", {"denial_reason": "duplicate", "explanation": WHY}, Action.CLAIM_DENIED),
    ):
        claim = cast.taken()
        send(cast, claim, press, **typed)
        [event] = cast.events(claim, action)
        assert (event.old_status, event.provider_id) == ("in_review", cast.clinic.pk)
        assert WHY not in str(event.details)


# --- It refuses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({**line(allowed="twelve")}, "Line 1: "),
        ({**line(allowed="0")}, "Line 1 allows nothing of $150.00. Deny it with a reason instead."),
        ({**line(verdict="deny")}, "Choose the reason why this line is denied."),
        (
            {
                **line(verdict="deny", refusal="not_covered"),
                "denial_reason": "not_covered",
                "explanation": "short",
            },
            "The explanation has 5 characters. It needs at least 20.",
        ),
        (
            {**line(verdict="deny", refusal="not_covered"), "explanation": WHY},
            "The denial has no reason.",
        ),
        (
            {**line(verdict="deny", refusal="CO-16"), "denial_reason": "other", "explanation": WHY},
            "Line 1: CO-16 needs a remark code",
        ),
        (
            {**line(verdict="deny", refusal="PI-50"), "denial_reason": "other", "explanation": WHY},
            "Line 1: PI-50 is not a combination that may be used.",
        ),
        (
            {**line(verdict="custom", allowed="200", paid="200")},
            "Line 1 allows $200.00, more than its charge of $150.00. They differ by $50.00.",
        ),
        (
            {**line(verdict="custom", allowed="100", paid="100")},
            "Line 1 does not balance. Its charge is $150.00, but $100.00 paid and $0.00 of adjustments make"
            " $100.00. They differ by $50.00.",
        ),
        (
            {**line(verdict="custom", allowed="0", paid="0"), **adjustment(0, 0, "CO-45", "150")},
            "Line 1: reason 45 takes the whole charge of $150.00.",
        ),
    ],
)
def test_what_does_not_hold_is_told_at_its_field_and_nothing_typed_is_lost(
    cast: Desk, typed: dict[str, str], sentence: str
) -> None:
    claim = cast.taken(lines=[{"charge": CHARGE}])
    answer = send(cast, claim, **typed)
    page = answer.content.decode().replace("&#x27;", "'")
    assert answer.status_code == 200
    assert sentence in page
    assert 'class="error-summary"' in page
    for name, text in typed.items():
        if text and name.endswith(("allowed", "paid", "amount", "explanation")):
            assert text in page
    assert cast.now(claim).state == "in_review"


def test_twice_is_harmless(cast: Desk) -> None:
    claim = cast.taken()
    assert send(cast, claim).status_code == 302
    answer = send(cast, claim)
    assert answer["Location"].startswith(reverse("payer:desk", args=[claim.pk]))
    with acting_as("system", "test"):
        assert Decision.objects.filter(claim=claim).count() == 1
    assert len(cast.events(claim, Action.CLAIM_APPROVED)) == 1


def test_a_claim_on_nobodys_desk_is_not_decided(cast: Desk) -> None:
    claim = cast.claim()
    answer = cast.client().post(
        reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"}, follow=True
    )
    assert "not on your desk" in answer.content.decode()
    assert cast.now(claim).state == "received"


def test_somebody_elses_claim_is_not_decided(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    answer = cast.client().post(
        reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"}, follow=True
    )
    assert "Somebody else works on this claim now." in answer.content.decode()
    assert cast.now(claim).state == "in_review"


def test_a_denied_line_beside_one_without_charge_is_a_denial(cast: Desk) -> None:
    """Nothing is allowed and something refused: the whole claim is denied, so it needs a reason."""
    claim = cast.taken(lines=[{"charge": CHARGE}, {"charge": Decimal("0.00")}])
    typed = {**line(0, verdict="deny", refusal="CO-29"), "explanation": WHY}
    assert "The denial has no reason." in send(cast, claim, **typed).content.decode()
    assert send(cast, claim, **typed, denial_reason="other").status_code == 302
    assert cast.now(claim).state == "denied"


def test_the_action_alone_refuses_what_does_not_balance(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": CHARGE}])
    with (
        acting_as("payer", user=cast.adjudicator, organization=cast.payer),
        pytest.raises(DecisionRefused) as refused,
    ):
        decide(claim_id=claim.pk, proposals=[LineProposal(1, paid=Decimal("1.00"))], by=cast.adjudicator)
    assert {finding.code for finding in refused.value.findings} >= {"decision.charge_balance"}


# --- Under pressure ---------------------------------------------------------------------------------------------


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Run each step in a thread of its own; a refusal is its result."""

    def run(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_two_at_once_make_one_decision(cast: Desk) -> None:
    """The holder in one window approves, in the other denies: one wins, the other gets a sentence."""
    approval = price_line(LineFacts(1, CHARGE), allowed=CHARGE)
    refusal = LineProposal(1, adjustments=(Proposed(GroupCode.CONTRACTUAL, "29", CHARGE),))

    def deciding(claim: Claim, proposal: LineProposal, **more: Any) -> Any:
        with acting_as("payer", user=cast.adjudicator, organization=cast.payer):
            return decide(claim_id=claim.pk, proposals=[proposal], by=cast.adjudicator, **more)

    for _turn in range(3):
        claim = cast.taken(lines=[{"charge": CHARGE}])
        results = at_once(
            lambda claim=claim: deciding(claim, approval),
            lambda claim=claim: deciding(claim, refusal, reason=DenialReason.OTHER, explanation=WHY),
        )
        lost = [result for result in results if isinstance(result, WrongState)]
        assert len(lost) == 1
        assert "not on your desk any more" in lost[0].sentence
        with acting_as("system", "test"):
            assert Decision.objects.filter(claim=claim).count() == 1
        events = cast.events(claim, Action.CLAIM_APPROVED, Action.CLAIM_DENIED)
        assert len(events) == 1


def test_two_people_at_once_make_one_decision(cast: Desk) -> None:
    """A supervisor takes the claim over while its holder decides: whoever comes second gets a sentence."""
    from claims.actions.pull import pick

    claim = cast.taken(lines=[{"charge": CHARGE}])
    proposal = price_line(LineFacts(1, CHARGE), allowed=CHARGE)

    def holder() -> Any:
        with acting_as("payer", user=cast.adjudicator, organization=cast.payer):
            return decide(claim_id=claim.pk, proposals=[proposal], by=cast.adjudicator)

    def supervisor() -> Any:
        with acting_as("payer", user=cast.supervisor, organization=cast.payer):
            pick(claim_id=claim.pk, by=cast.supervisor)
        with acting_as("payer", user=cast.supervisor, organization=cast.payer):
            return decide(claim_id=claim.pk, proposals=[proposal], by=cast.supervisor)

    results = at_once(holder, supervisor)
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert sum(isinstance(result, WrongState) for result in results) == 1
