"""Does a decision balance, and are its reason codes legal?

Per line: charge = paid + adjustments (X12 835: SVC02 - CAS = SVC03); allowed = paid + deductible + copay +
coinsurance; group PR is what the patient owes, with PR-1, PR-2 and PR-3 equal to their parts. PostgreSQL
enforces the same sums a second time.
"""

from collections.abc import Iterator
from decimal import Decimal

from claimflow.lib.money import ZERO, dollars, total
from claimflow.lib.sentences import gettext_noop as _
from claims.adjudication.facts import (
    COINSURANCE,
    COPAY,
    DEDUCTIBLE,
    FEE_SCHEDULE,
    Adjustment,
    DecisionFacts,
    LineFacts,
    LineProposal,
    ReasonCodes,
)
from claims.edits.findings import Finding, Hit, Rulebook, hit
from claims.enums import Severity
from codes.enums import GroupCode

BALANCE: Rulebook[DecisionFacts] = Rulebook()
rule = BALANCE.rule

_X12_BALANCE = "X12 835 section 1.10.2.1: SVC02 - CAS = SVC03"
_CORE = "CAQH CORE 360 uniform use of CARCs and RARCs"


def balance_claim(facts: DecisionFacts) -> list[Finding]:
    """Judge a whole decision; an empty list means that it may become final."""
    return BALANCE.run(facts)


def balance_line(line: LineFacts, proposal: LineProposal, codes: ReasonCodes) -> list[Finding]:
    """Judge one line alone, for example while it is being typed. Fields start with "lines-0"."""
    return BALANCE.run(DecisionFacts((line,), (proposal,), codes))


def decided(facts: DecisionFacts) -> Iterator[tuple[str, LineFacts, LineProposal]]:
    """Yield (field prefix, line, its proposal)."""
    proposals = {proposal.number: proposal for proposal in facts.proposals}
    for at, line in enumerate(facts.lines):
        if line.number in proposals:
            yield f"lines-{at}", line, proposals[line.number]


def adjusted(facts: DecisionFacts) -> Iterator[tuple[str, LineFacts, Adjustment]]:
    """Yield (field prefix, line, adjustment)."""
    for at, line, proposal in decided(facts):
        for index, adjustment in enumerate(proposal.adjustments):
            yield f"{at}-adjustments-{index}", line, adjustment


def _sign(line: LineFacts) -> int:
    return -1 if line.charge < ZERO else 1


def _differ(first: Decimal, second: Decimal) -> str:
    return dollars(abs(first - second))


@rule(
    "decision.line_open",
    Severity.ERROR,
    says=_("Line {line} is not decided yet. A decision covers every line."),
    mend=_("Approve or deny line {line}."),
    source="Ruling 26",
)
def line_open(facts: DecisionFacts) -> Iterator[Hit]:
    """Every line is decided."""
    proposed = {proposal.number for proposal in facts.proposals}
    for at, line in enumerate(facts.lines):
        if line.number not in proposed:
            yield hit(f"lines-{at}", line=line.number)


@rule(
    "decision.line_unknown",
    Severity.ERROR,
    says=_("The decision names line {line} more than once, or the claim has no such line."),
    mend=_("Reload the claim and decide each of its lines once."),
    source="Ruling 26",
)
def line_unknown(facts: DecisionFacts) -> Iterator[Hit]:
    """Each proposal belongs to one line of the claim."""
    left = [line.number for line in facts.lines]
    for proposal in facts.proposals:
        if proposal.number in left:
            left.remove(proposal.number)
        else:
            yield hit("", line=proposal.number)


@rule(
    "decision.amount_sign",
    Severity.ERROR,
    says=_("Line {line} has an amount below zero. Only a reversal takes amounts back."),
    mend=_("Enter amounts without a minus sign."),
    source="X12 835: a reversal negates every amount, an original decision none",
)
def amount_sign(facts: DecisionFacts) -> Iterator[Hit]:
    """All amounts of a line have the sign of its charge."""
    for at, line, proposal in decided(facts):
        for field in ("allowed", "deductible", "copay", "coinsurance", "paid"):
            if getattr(proposal, field) * _sign(line) < ZERO:
                yield hit(f"{at}-{field}", line=line.number)


@rule(
    "decision.allowed_above_charge",
    Severity.ERROR,
    says=_("Line {line} allows {allowed}, more than its charge of {charge}. They differ by {difference}."),
    mend=_("Allow at most the charge."),
    source="Ruling 25: the approved amount is at most the billed amount",
)
def allowed_above_charge(facts: DecisionFacts) -> Iterator[Hit]:
    """Allowed is within the charge."""
    for at, line, proposal in decided(facts):
        if abs(proposal.allowed) > abs(line.charge):
            yield hit(
                f"{at}-allowed",
                line=line.number,
                allowed=dollars(proposal.allowed),
                charge=dollars(line.charge),
                difference=_differ(proposal.allowed, line.charge),
            )


@rule(
    "decision.allowed_parts",
    Severity.ERROR,
    says=_(
        "Line {line} allows {allowed}, but paid, deductible, copay and coinsurance make {parts}. "
        "They differ by {difference}."
    ),
    mend=_("Change the allowed amount or one of its parts until they agree."),
    source="Ruling 26: allowed = paid + deductible + copay + coinsurance",
)
def allowed_parts(facts: DecisionFacts) -> Iterator[Hit]:
    """What is allowed is paid by the payer or owed by the patient."""
    for at, line, proposal in decided(facts):
        parts = proposal.paid + proposal.deductible + proposal.copay + proposal.coinsurance
        if parts != proposal.allowed:
            yield hit(
                f"{at}-allowed",
                line=line.number,
                allowed=dollars(proposal.allowed),
                difference=_differ(proposal.allowed, parts),
                parts=dollars(parts),
            )


@rule(
    "decision.charge_balance",
    Severity.ERROR,
    says=_(
        "Line {line} does not balance. Its charge is {charge}, but {paid} paid and {adjusted} of adjustments "
        "make {explained}. They differ by {difference}."
    ),
    mend=_("Change an adjustment or the payment until charge = paid + adjustments."),
    source=_X12_BALANCE,
)
def charge_balance(facts: DecisionFacts) -> Iterator[Hit]:
    """Every dollar of the charge is paid or explained."""
    for at, line, proposal in decided(facts):
        explained = proposal.paid + proposal.adjusted
        if explained != line.charge:
            yield hit(
                f"{at}-adjustments",
                line=line.number,
                charge=dollars(line.charge),
                paid=dollars(proposal.paid),
                adjusted=dollars(proposal.adjusted),
                explained=dollars(explained),
                difference=_differ(line.charge, explained),
            )


@rule(
    "decision.patient_share",
    Severity.ERROR,
    says=_("Line {line}: {code} is {adjusted}, but the patient's part entered for it is {amount}."),
    mend=_("Make both equal. PR-1 is the deductible, PR-2 the coinsurance, PR-3 the copay."),
    source="CARC 1 deductible, 2 coinsurance, 3 copay, group PR; X12 835 CAS",
)
def patient_share(facts: DecisionFacts) -> Iterator[Hit]:
    """PR-1, PR-2 and PR-3 equal their parts."""
    for at, line, proposal in decided(facts):
        for part, reason in (("deductible", DEDUCTIBLE), ("coinsurance", COINSURANCE), ("copay", COPAY)):
            amount = getattr(proposal, part)
            owed = proposal.adjusted_by(GroupCode.PATIENT, reason)
            if amount != owed:
                yield hit(
                    f"{at}-{part}",
                    line=line.number,
                    amount=dollars(amount),
                    code=f"{GroupCode.PATIENT}-{reason}",
                    adjusted=dollars(owed),
                )


@rule(
    "adjustment.zero",
    Severity.ERROR,
    says=_("Line {line}: {code} has no amount. An adjustment explains an amount."),
    mend=_("Enter the amount, or remove {code}."),
    source="X12 835 CAS03",
)
def adjustment_zero(facts: DecisionFacts) -> Iterator[Hit]:
    """An adjustment is not zero."""
    for at, line, adjustment in adjusted(facts):
        if adjustment.amount == ZERO:
            yield hit(f"{at}-amount", line=line.number, code=adjustment.label)


@rule(
    "adjustment.sign",
    Severity.ERROR,
    says=_("Line {line}: {code} is below zero. Only a reversal takes amounts back."),
    mend=_("Enter the amount without a minus sign."),
    source="X12 835: a reversal negates every amount, an original decision none",
)
def adjustment_sign(facts: DecisionFacts) -> Iterator[Hit]:
    """An adjustment has the sign of the charge."""
    for at, line, adjustment in adjusted(facts):
        if adjustment.amount * _sign(line) < ZERO:
            yield hit(f"{at}-amount", line=line.number, code=adjustment.label)


@rule(
    "adjustment.repeated",
    Severity.ERROR,
    says=_("Line {line} names {code} twice."),
    mend=_("Keep one and add the amounts."),
    source="X12 835 CAS: a reason stands once for each group of a line",
)
def adjustment_repeated(facts: DecisionFacts) -> Iterator[Hit]:
    """Each group and reason stands once on a line."""
    seen: set[tuple[int, tuple[str, str]]] = set()
    for at, line, adjustment in adjusted(facts):
        key = (line.number, adjustment.pair)
        if key in seen:
            yield hit(f"{at}-reason", line=line.number, code=adjustment.label)
        seen.add(key)


@rule(
    "adjustment.combination",
    Severity.ERROR,
    says=_("Line {line}: {code} is not a combination that may be used."),
    mend=_("Choose a group and a reason code from the list."),
    source=_CORE,
)
def adjustment_combination(facts: DecisionFacts) -> Iterator[Hit]:
    """Group and CARC form a legal pair."""
    for at, line, adjustment in adjusted(facts):
        if not facts.codes.knows(adjustment):
            yield hit(f"{at}-reason", line=line.number, code=adjustment.label)


@rule(
    "adjustment.remark_needed",
    Severity.ERROR,
    says=_("Line {line}: {code} needs a remark code, because it does not say by itself what is wrong."),
    mend=_("Choose the remark code that tells the provider what is missing or not covered."),
    source="CARC 16, 96, 129, 148 require a RARC; " + _CORE,
)
def adjustment_remark_needed(facts: DecisionFacts) -> Iterator[Hit]:
    """Some CARCs need a RARC that is more than an alert."""
    for at, line, adjustment in adjusted(facts):
        if facts.codes.needs_remark(adjustment) and not facts.codes.explains(adjustment.remarks):
            yield hit(f"{at}-remarks", line=line.number, code=adjustment.label)


@rule(
    "adjustment.remark_unfit",
    Severity.ERROR,
    says=_("Line {line}: remark {remark} does not belong to {code}."),
    mend=_("Choose a remark code from the list of {code}, or another reason code."),
    source=_CORE,
)
def adjustment_remark_unfit(facts: DecisionFacts) -> Iterator[Hit]:
    """A RARC explains its pair, or is an alert."""
    for at, line, adjustment in adjusted(facts):
        fitting = facts.codes.remarks_for(adjustment) | facts.codes.alerts
        for remark in adjustment.remarks:
            if facts.codes.knows(adjustment) and remark not in fitting:
                yield hit(f"{at}-remarks", line=line.number, remark=remark, code=adjustment.label)


@rule(
    "adjustment.whole_charge",
    Severity.ERROR,
    says=_("Line {line}: reason 45 takes the whole charge of {charge}. It only explains a lower price."),
    mend=_("Allow an amount, or deny the line with the reason why nothing is paid."),
    source="CARC 45: may not equal the whole charge",
)
def adjustment_whole_charge(facts: DecisionFacts) -> Iterator[Hit]:
    """A price difference is less than the price."""
    for at, line, proposal in decided(facts):
        reduced = total(each.amount for each in proposal.adjustments if each.reason == FEE_SCHEDULE)
        if reduced != ZERO and reduced == line.charge:
            yield hit(f"{at}-adjustments", line=line.number, charge=dollars(line.charge))
