"""The seven public reasons for a denial, and the reason codes that they stand for (rulings 39, 49).

A denial starts from the four questions of CAQH CORE 360: is documentation missing, is data missing or wrong,
is the service not covered, or not separately payable?
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claimflow.lib.money import ZERO
from claimflow.lib.sentences import gettext_noop as _
from claims.adjudication.facts import Adjustment, LineFacts, LineProposal
from claims.edits.findings import Finding, Hit, Rulebook, hit
from claims.enums import DenialReason, Severity
from codes.enums import GroupCode, Scenario
from members.enums import Standing

SHORTEST_EXPLANATION = 20
LONGEST_EXPLANATION = 4000


@dataclass(frozen=True, slots=True)
class DenialCoding:
    """Group, CARC and RARCs of a refusal, and the CORE 360 question it answers."""

    scenario: Scenario
    group: GroupCode
    reason: str
    remarks: tuple[str, ...] = ()


CO, PR, OA = GroupCode.CONTRACTUAL, GroupCode.PATIENT, GroupCode.OTHER
NOT_ELIGIBLE = {
    Standing.ENDED: DenialCoding(Scenario.NOT_COVERED, PR, "27"),
    Standing.NOT_STARTED: DenialCoding(Scenario.NOT_COVERED, PR, "26"),
    Standing.UNKNOWN: DenialCoding(Scenario.DATA, PR, "31"),
}
"""Why a patient is not eligible: coverage ended, not begun, member unknown."""

CODINGS: dict[DenialReason, tuple[DenialCoding, ...]] = {
    DenialReason.INVALID_PROCEDURE: (
        DenialCoding(Scenario.DATA, CO, "16", ("M51",)),
        DenialCoding(Scenario.DATA, CO, "181"),
    ),
    DenialReason.INVALID_DIAGNOSIS: (
        DenialCoding(Scenario.DATA, CO, "16", ("M76",)),
        DenialCoding(Scenario.DATA, CO, "146"),
    ),
    DenialReason.NOT_COVERED: (
        DenialCoding(Scenario.NOT_COVERED, PR, "96", ("N130",)),
        DenialCoding(Scenario.NOT_COVERED, CO, "96", ("N130",)),
    ),
    DenialReason.NOT_ELIGIBLE: tuple(NOT_ELIGIBLE.values()),
    DenialReason.DUPLICATE: (DenialCoding(Scenario.DATA, OA, "18"),),
    DenialReason.INSUFFICIENT_DOCUMENTATION: (
        DenialCoding(Scenario.DOCUMENTATION, CO, "252", ("N706",)),
        DenialCoding(Scenario.DOCUMENTATION, CO, "163"),
    ),
    DenialReason.OTHER: (),
}
"""First the usual coding, then the others that fit. OTHER has none: the adjudicator chooses the codes."""


def usual_coding(reason: DenialReason) -> DenialCoding | None:
    """Return the codes that the shortcut fills in; None for OTHER."""
    return next(iter(CODINGS[reason]), None)


def deny_line(line: LineFacts, coding: DenialCoding) -> LineProposal:
    """Return a proposal that refuses the whole charge. A line without charge has nothing to refuse."""
    refusal = Adjustment(coding.group, coding.reason, line.charge, coding.remarks)
    return LineProposal(line.number, adjustments=(refusal,) if line.charge != ZERO else ())


def deny_claim(lines: Sequence[LineFacts], coding: DenialCoding) -> tuple[LineProposal, ...]:
    """Refuse every line for the same reason."""
    return tuple(deny_line(line, coding) for line in lines)


@dataclass(frozen=True, slots=True)
class DenialFacts:
    """What accompanies a denial. `explanation` as typed."""

    reason: DenialReason | None
    explanation: str


DENIAL: Rulebook[DenialFacts] = Rulebook()
rule = DENIAL.rule


def judge_denial(reason: DenialReason | None, explanation: str) -> list[Finding]:
    """Judge reason and explanation; an empty list means that the denial may be sent."""
    return DENIAL.run(DenialFacts(reason, explanation))


def _length(explanation: str) -> int:
    """Count characters, runs of white space as one."""
    return len(" ".join(explanation.split()))


@rule(
    "denial.reason_missing",
    Severity.ERROR,
    says=_("The denial has no reason."),
    mend=_("Choose the reason that the provider and the patient will read."),
    source="29 CFR 2560.503-1(g)(1)(i): the specific reason; ruling 25",
)
def reason_missing(facts: DenialFacts) -> Iterator[Hit]:
    """A denial gives its specific reason."""
    if facts.reason is None:
        yield hit("denial_reason")


@rule(
    "denial.explanation_short",
    Severity.ERROR,
    says=_("The explanation has {length} characters. It needs at least {shortest}."),
    mend=_("Say what was missing or not covered, and what the provider can do now."),
    source="Ruling 49; 29 CFR 2560.503-1(g)(1)",
)
def explanation_short(facts: DenialFacts) -> Iterator[Hit]:
    """An explanation has at least 20 characters."""
    length = _length(facts.explanation)
    if length < SHORTEST_EXPLANATION:
        yield hit("explanation", length=length, shortest=SHORTEST_EXPLANATION)


@rule(
    "denial.explanation_long",
    Severity.ERROR,
    says=_("The explanation has {length} characters. At most {longest} fit."),
    mend=_("Keep what the provider needs to know."),
    source="45 CFR 162.923(b)",
)
def explanation_long(facts: DenialFacts) -> Iterator[Hit]:
    """An explanation fits its field."""
    if len(facts.explanation) > LONGEST_EXPLANATION:
        yield hit("explanation", length=len(facts.explanation), longest=LONGEST_EXPLANATION)
