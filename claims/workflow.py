"""Which state may follow which, and who may move it there (rulings 9, 10, 27, 28, 35).

The database holds the same (from, to, side) triples in a table, checked by a trigger; a test keeps both
equal. Making a claim (`submit`) moves nothing: the INSERT policy pins its first state.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from claimflow.lib import permissions
from claimflow.lib.sentences import Sentence, gettext_noop, sentence
from claims.enums import ClaimState, Clock, LineOutcome, PublicStatus, Side, Turn

S = ClaimState
PROVIDER, PAYER, SYSTEM = Side.PROVIDER, Side.PAYER, Side.SYSTEM

OPEN = frozenset({S.SUBMITTED, S.RECEIVED, S.IN_REVIEW, S.PENDED})
DECIDED = frozenset({S.APPROVED, S.PARTIALLY_APPROVED, S.DENIED})
FINALIZED = DECIDED | {S.REMITTED}
ENDED = frozenset({S.REJECTED, S.VOIDED, S.REPLACED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: any of `sources` may become `target` when one of `sides` does `name`."""

    name: str
    sources: frozenset[ClaimState]
    target: ClaimState
    sides: frozenset[Side]


def _row(name: str, sources: Iterable[ClaimState], target: ClaimState, *sides: Side) -> Transition:
    return Transition(name, frozenset(sources), target, frozenset(sides))


WORKFLOW = (
    _row("submit", [], S.SUBMITTED, PROVIDER),
    _row("receive", [S.SUBMITTED], S.RECEIVED, SYSTEM),
    _row("reject", [S.SUBMITTED], S.REJECTED, SYSTEM),
    _row("withdraw", [S.SUBMITTED, S.RECEIVED, S.PENDED], S.VOIDED, PROVIDER),
    _row("auto_pend", [S.RECEIVED], S.PENDED, SYSTEM),
    _row("auto_approve", [S.RECEIVED], S.APPROVED, SYSTEM),
    _row("pull", [S.RECEIVED], S.IN_REVIEW, PAYER),
    _row("pick", [S.RECEIVED], S.IN_REVIEW, PAYER),
    _row("assign", [S.RECEIVED], S.IN_REVIEW, PAYER),
    _row("take_over", [S.IN_REVIEW], S.IN_REVIEW, PAYER),
    _row("release", [S.IN_REVIEW], S.RECEIVED, PAYER),
    _row("expire_lease", [S.IN_REVIEW], S.RECEIVED, SYSTEM),
    _row("grant_withdrawal", [S.IN_REVIEW], S.VOIDED, PAYER),
    _row("pend", [S.IN_REVIEW], S.PENDED, PAYER),
    _row("resume", [S.PENDED], S.IN_REVIEW, PAYER, SYSTEM),
    _row("close_unanswered", [S.PENDED], S.VOIDED, PAYER),
    _row("approve", [S.IN_REVIEW, S.PENDED], S.APPROVED, PAYER),
    _row("partially_approve", [S.IN_REVIEW, S.PENDED], S.PARTIALLY_APPROVED, PAYER),
    _row("deny", [S.IN_REVIEW, S.PENDED], S.DENIED, PAYER),
    _row("correct_to_approved", DECIDED, S.APPROVED, PAYER),
    _row("correct_to_partially_approved", DECIDED, S.PARTIALLY_APPROVED, PAYER),
    _row("correct_to_denied", DECIDED, S.DENIED, PAYER),
    _row("remit", DECIDED, S.REMITTED, PAYER),
    _row("appeal", FINALIZED, S.UNDER_APPEAL, PROVIDER),
    _row("approve_appeal", [S.UNDER_APPEAL], S.APPROVED, PAYER),
    _row("partially_approve_appeal", [S.UNDER_APPEAL], S.PARTIALLY_APPROVED, PAYER),
    _row("deny_appeal", [S.UNDER_APPEAL], S.DENIED, PAYER),
    _row("replace", FINALIZED, S.REPLACED, PAYER, SYSTEM),
    _row("void", FINALIZED, S.VOIDED, PAYER, SYSTEM),
)
BY_NAME = {row.name: row for row in WORKFLOW}

STATE_OF_OUTCOME = {
    LineOutcome.APPROVED: S.APPROVED,
    LineOutcome.PARTIALLY_APPROVED: S.PARTIALLY_APPROVED,
    LineOutcome.DENIED: S.DENIED,
}

STATE_WORDS = {
    S.SUBMITTED: gettext_noop("submitted"),
    S.REJECTED: gettext_noop("rejected"),
    S.RECEIVED: gettext_noop("waiting in the queue"),
    S.IN_REVIEW: gettext_noop("in review"),
    S.PENDED: gettext_noop("pended"),
    S.APPROVED: gettext_noop("approved"),
    S.PARTIALLY_APPROVED: gettext_noop("partially approved"),
    S.DENIED: gettext_noop("denied"),
    S.REMITTED: gettext_noop("remitted"),
    S.UNDER_APPEAL: gettext_noop("under appeal"),
    S.VOIDED: gettext_noop("voided"),
    S.REPLACED: gettext_noop("replaced"),
}


class WrongState(permissions.WrongState):
    """The claim's state does not allow this step. `words` is the sentence before translation."""

    def __init__(self, transition: Transition, state: ClaimState) -> None:
        self.transition = transition
        self.state = state
        self.words: Sentence = sentence(
            gettext_noop(
                "This step was not done, because the claim is now {state}. "
                "It is possible only while a claim is {sources}. Reload the page to see what comes next."
            ),
            {"state": STATE_WORDS[state], "sources": _either(transition.sources)},
        )
        super().__init__(str(self.words), code=f"cannot_{transition.name}")


def ask(transition: str, state: ClaimState) -> ClaimState:
    """Return the state that follows, or raise WrongState. KeyError for a name that is not in the table."""
    row = BY_NAME[transition]
    if state not in row.sources:
        raise WrongState(row, state)
    return row.target


def allows(transition: str, state: ClaimState) -> bool:
    """Say whether `ask` would answer; for hiding buttons."""
    return state in BY_NAME[transition].sources


def allowed_triples() -> frozenset[tuple[str, str, str]]:
    """Return every (from, to, side) that the database's trigger must allow, and no other (ruling 9)."""
    return frozenset(
        (source.value, row.target.value, side.value)
        for row in WORKFLOW
        for source in row.sources
        for side in row.sides
    )


def deciding(outcome: LineOutcome) -> str:
    """Return the transition that gives a claim in review this outcome."""
    return {
        LineOutcome.APPROVED: "approve",
        LineOutcome.PARTIALLY_APPROVED: "partially_approve",
        LineOutcome.DENIED: "deny",
    }[outcome]


def correcting(outcome: LineOutcome) -> str:
    """Return the transition by which a correction gives a decided claim this outcome."""
    return f"correct_to_{outcome}"


def public_status_of(state: ClaimState, last_decision: ClaimState | None = None) -> PublicStatus | None:
    """Return the documents' status (ruling 28).

    `last_decision` is the state the current decision gave; needed only for remitted and under_appeal, which
    keep its status (ValueError without it). None for rejected, voided and replaced.
    """
    if state in (S.REMITTED, S.UNDER_APPEAL):
        if last_decision not in DECIDED:
            raise ValueError(f"{state} keeps the status of a decision, and there is none.")
        state = last_decision
    return _PUBLIC[state]


_PUBLIC: dict[ClaimState, PublicStatus | None] = {
    **dict.fromkeys(OPEN, PublicStatus.SUBMITTED),
    **dict.fromkeys(ENDED),
    S.APPROVED: PublicStatus.APPROVED,
    S.PARTIALLY_APPROVED: PublicStatus.APPROVED,
    S.DENIED: PublicStatus.DENIED,
}


def turn_of(state: ClaimState, *, waits_for_provider: bool = False) -> Turn:
    """Return whose move it is. `waits_for_provider`: the claim is pended for an answer of the provider."""
    if state == S.REJECTED or (state == S.PENDED and waits_for_provider):
        return Turn.PROVIDER
    return Turn.PAYER if state in OPEN or state == S.UNDER_APPEAL else Turn.NONE


def clock_of(state: ClaimState, *, waits_for_provider: bool = False) -> Clock:
    """Return the payer's clock: it starts at receipt and pauses while the provider owes an answer.

    Source: 45 days to answer do not count against the plan, 29 CFR 2560.503-1(f)(4); a rejected claim has no
    clock because it was never adjudicated.
    """
    if state == S.PENDED and waits_for_provider:
        return Clock.PAUSED
    running = state in (S.RECEIVED, S.IN_REVIEW, S.PENDED, S.UNDER_APPEAL)
    return Clock.RUNNING if running else Clock.STOPPED


def _either(states: Iterable[ClaimState]) -> str:
    wanted = frozenset(states)
    *others, last = [STATE_WORDS[state] for state in S if state in wanted] or [gettext_noop("a draft")]
    return f"{', '.join(others)} or {last}" if others else last
