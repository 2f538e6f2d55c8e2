"""Edits of charges. Dollars with two places; the form has already refused what is not money."""

from collections.abc import Iterator

from claimflow.lib.money import MAX_AMOUNT, ZERO, dollars
from claimflow.lib.sentences import gettext_noop as _
from claims.edits.facts import ClaimFacts
from claims.edits.findings import Hit, edit, hit
from claims.edits.lines import numbered
from claims.enums import Severity


@edit(
    "charge.missing",
    Severity.ERROR,
    says=_("Line {line} has no charge, or one that could not be read as money."),
    mend=_("Enter the charge, for example 1,234.50. A line without charge is 0.00."),
    source="X12 837P 2400 SV102; CMS-1500 box 24F",
)
def charge_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Every line has a charge."""
    for at, number, line in numbered(facts):
        if line.charge is None:
            yield hit(f"{at}-charge", line=number)


@edit(
    "charge.negative",
    Severity.ERROR,
    says=_("The charge of line {line} is below zero."),
    mend=_("Enter the full charge. To take back a paid claim, void or replace it."),
    source="Ruling 25; X12 837P 2400 SV102",
)
def charge_negative(facts: ClaimFacts) -> Iterator[Hit]:
    """A line is at least zero."""
    for at, number, line in numbered(facts):
        if line.charge is not None and line.charge < ZERO:
            yield hit(f"{at}-charge", line=number)


@edit(
    "charge.too_large",
    Severity.ERROR,
    says=_("The charge of line {line} is above {most}, the most a claim can hold."),
    mend=_("Check the decimal point."),
    source="Ruling 49; X12 837P 2400 SV102",
)
def charge_too_large(facts: ClaimFacts) -> Iterator[Hit]:
    """At most $99,999,999.99."""
    for at, number, line in numbered(facts):
        if line.charge is not None and line.charge > MAX_AMOUNT:
            yield hit(f"{at}-charge", line=number, most=dollars(MAX_AMOUNT))


@edit(
    "total.zero",
    Severity.ERROR,
    says=_("The charges add up to $0.00. A claim must charge something."),
    mend=_("Enter the charge of at least one line."),
    source="Ruling 25; X12 837P 2300 CLM02",
)
def total_zero(facts: ClaimFacts) -> Iterator[Hit]:
    """The claim's total is above zero; a line below zero is named by its own edit."""
    if facts.lines and all(line.charge == ZERO for line in facts.lines):
        yield hit("lines-0-charge")


@edit(
    "total.too_large",
    Severity.ERROR,
    says=_("The charges add up to {total}. The most a claim can hold is {most}."),
    mend=_("Check the decimal points, or move some lines to a second claim."),
    source="Ruling 49; X12 837P 2300 CLM02",
)
def total_too_large(facts: ClaimFacts) -> Iterator[Hit]:
    """At most $99,999,999.99; a line above it is named by its own edit."""
    charges = [line.charge for line in facts.lines if line.charge is not None]
    if max(charges, default=ZERO) <= MAX_AMOUNT < facts.charge:
        yield hit("lines", total=dollars(facts.charge), most=dollars(MAX_AMOUNT))
