import pytest

from claimflow.lib.permissions import Refusal
from claims import workflow
from claims.enums import ClaimState as S
from claims.enums import Clock, LineOutcome, PublicStatus, Side, Turn

TABLE = {
    "submitted": {"received": "system", "rejected": "system", "voided": "provider"},
    "received": {"in_review": "payer", "pended": "system", "approved": "system", "voided": "provider"},
    "in_review": {
        "in_review": "payer",
        "received": "payer system",
        "pended": "payer",
        "approved": "payer",
        "partially_approved": "payer",
        "denied": "payer",
        "voided": "payer",
    },
    "pended": {
        "in_review": "payer system",
        "approved": "payer",
        "partially_approved": "payer",
        "denied": "payer",
        "voided": "payer provider",
    },
    **{
        decided: {
            "approved": "payer",
            "partially_approved": "payer",
            "denied": "payer",
            "remitted": "payer",
            "under_appeal": "provider",
            "replaced": "payer system",
            "voided": "payer system",
        }
        for decided in ("approved", "partially_approved", "denied")
    },
    "remitted": {"under_appeal": "provider", "replaced": "payer system", "voided": "payer system"},
    "under_appeal": {"approved": "payer", "partially_approved": "payer", "denied": "payer"},
    "rejected": {},
    "voided": {},
    "replaced": {},
}


def test_the_triples_are_exactly_the_table():
    expected = {
        (source, target, side)
        for source, targets in TABLE.items()
        for target, sides in targets.items()
        for side in sides.split()
    }
    assert workflow.allowed_triples() == expected
    assert set(TABLE) == set(S)


def test_software_alone_never_denies():
    """California SB 1120 and Medicare Advantage: a human decides anything adverse."""
    adverse = {S.DENIED, S.PARTIALLY_APPROVED}
    assert not [t for t in workflow.allowed_triples() if t[1] in adverse and t[2] == Side.SYSTEM]


def test_only_the_payer_decides():
    decided = [t for t in workflow.allowed_triples() if t[1] in workflow.DECIDED]
    assert {t[2] for t in decided if t[0] != S.RECEIVED} == {Side.PAYER}


def test_names_are_unique():
    assert len(workflow.BY_NAME) == len(workflow.WORKFLOW)


@pytest.mark.parametrize("row", workflow.WORKFLOW, ids=lambda row: row.name)
@pytest.mark.parametrize("state", S)
def test_ask_answers_or_refuses_with_a_sentence(row, state):
    assert workflow.allows(row.name, state) == (state in row.sources)
    if state in row.sources:
        assert workflow.ask(row.name, state) == row.target
    else:
        with pytest.raises(workflow.WrongState) as refusal:
            workflow.ask(row.name, state)
        said = refusal.value.sentence
        assert f"the claim is now {workflow.STATE_WORDS[state]}." in said
        assert "Reload the page" in said


def test_the_sentence_names_both_states():
    with pytest.raises(workflow.WrongState) as refusal:
        workflow.ask("approve", S.DENIED)
    assert refusal.value.sentence == (
        "This step was not done, because the claim is now denied. It is possible only while a claim is "
        "in review or pended. Reload the page to see what comes next."
    )
    assert refusal.value.code == "cannot_approve"
    assert refusal.value.words.through(str) == refusal.value.sentence


def test_the_refusal_is_one_of_the_house():
    assert issubclass(workflow.WrongState, Refusal)


def test_an_unknown_transition_is_a_programming_error():
    with pytest.raises(KeyError):
        workflow.ask("approved", S.IN_REVIEW)


@pytest.mark.parametrize("outcome", LineOutcome)
def test_an_outcome_has_its_transitions(outcome):
    target = workflow.STATE_OF_OUTCOME[outcome]
    assert workflow.ask(workflow.deciding(outcome), S.IN_REVIEW) == target
    assert workflow.ask(workflow.correcting(outcome), S.DENIED) == target


PUBLIC = {
    S.SUBMITTED: PublicStatus.SUBMITTED,
    S.RECEIVED: PublicStatus.SUBMITTED,
    S.IN_REVIEW: PublicStatus.SUBMITTED,
    S.PENDED: PublicStatus.SUBMITTED,
    S.APPROVED: PublicStatus.APPROVED,
    S.PARTIALLY_APPROVED: PublicStatus.APPROVED,
    S.DENIED: PublicStatus.DENIED,
    S.REJECTED: None,
    S.VOIDED: None,
    S.REPLACED: None,
}


@pytest.mark.parametrize(("state", "status"), PUBLIC.items())
def test_public_status(state, status):
    assert workflow.public_status_of(state) == status


@pytest.mark.parametrize("state", [S.REMITTED, S.UNDER_APPEAL])
def test_public_status_of_the_last_decision_stays(state):
    assert workflow.public_status_of(state, S.PARTIALLY_APPROVED) == PublicStatus.APPROVED
    assert workflow.public_status_of(state, S.DENIED) == PublicStatus.DENIED
    for nothing in (None, S.PENDED):
        with pytest.raises(ValueError, match="keeps the status"):
            workflow.public_status_of(state, nothing)


@pytest.mark.parametrize(
    ("state", "turn", "clock"),
    [
        (S.SUBMITTED, Turn.PAYER, Clock.STOPPED),
        (S.REJECTED, Turn.PROVIDER, Clock.STOPPED),
        (S.RECEIVED, Turn.PAYER, Clock.RUNNING),
        (S.IN_REVIEW, Turn.PAYER, Clock.RUNNING),
        (S.PENDED, Turn.PAYER, Clock.RUNNING),
        (S.APPROVED, Turn.NONE, Clock.STOPPED),
        (S.PARTIALLY_APPROVED, Turn.NONE, Clock.STOPPED),
        (S.DENIED, Turn.NONE, Clock.STOPPED),
        (S.REMITTED, Turn.NONE, Clock.STOPPED),
        (S.UNDER_APPEAL, Turn.PAYER, Clock.RUNNING),
        (S.VOIDED, Turn.NONE, Clock.STOPPED),
        (S.REPLACED, Turn.NONE, Clock.STOPPED),
    ],
)
def test_turn_and_clock(state, turn, clock):
    assert workflow.turn_of(state) == turn
    assert workflow.clock_of(state) == clock


def test_a_question_to_the_provider_turns_the_turn_and_pauses_the_clock():
    assert workflow.turn_of(S.PENDED, waits_for_provider=True) == Turn.PROVIDER
    assert workflow.clock_of(S.PENDED, waits_for_provider=True) == Clock.PAUSED
    assert workflow.turn_of(S.IN_REVIEW, waits_for_provider=True) == Turn.PAYER
