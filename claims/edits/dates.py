"""Edits of service dates. Days are days of the provider's time zone (ruling 17)."""

from collections.abc import Iterator

from claimflow.lib.sentences import gettext_noop as _
from claimflow.lib.sentences import us_date
from claims.edits.facts import ClaimFacts
from claims.edits.findings import Hit, edit, hit
from claims.edits.lines import numbered
from claims.enums import FrequencyCode, Severity


@edit(
    "service_from.missing",
    Severity.ERROR,
    says=_("The date of service of line {line} is missing or is not a real day."),
    mend=_("Enter the first day of the service."),
    source="X12 837P 2400 DTP*472; CMS-1500 box 24A",
)
def service_from_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Every line has a date."""
    for at, number, line in numbered(facts):
        if line.service_from is None:
            yield hit(f"{at}-service_from", line=number)


@edit(
    "service_to.before_from",
    Severity.ERROR,
    says=_("Line {line} ends on {last}, before it starts on {first}."),
    mend=_("Swap the two dates, or leave the second one empty for a single day."),
    source="X12 837P 2400 DTP*472 RD8",
)
def service_to_before_from(facts: ClaimFacts) -> Iterator[Hit]:
    """From is not after to."""
    for at, number, line in numbered(facts):
        if line.service_from and line.service_to and line.service_to < line.service_from:
            first, last = us_date(line.service_from), us_date(line.service_to)
            yield hit(f"{at}-service_to", line=number, first=first, last=last)


@edit(
    "service.future",
    Severity.ERROR,
    says=_("Line {line} has a date of service in the future, {day}."),
    mend=_("Check the date. A service can be claimed once it has been given."),
    source="45 CFR 162.1101; ruling 49",
)
def service_future(facts: ClaimFacts) -> Iterator[Hit]:
    """A claim is for care that was given."""
    for at, number, line in numbered(facts):
        for field, day in (("service_from", line.service_from), ("service_to", line.service_to)):
            if day and day > facts.today:
                yield hit(f"{at}-{field}", line=number, day=us_date(day))


@edit(
    "service.before_birth",
    Severity.ERROR,
    says=_("The date of service of line {line} lies before the patient's birth date."),
    mend=_("Check both dates."),
    source="X12 837P 2010CA DMG02, 2400 DTP*472",
)
def service_before_birth(facts: ClaimFacts) -> Iterator[Hit]:
    """Care starts with birth."""
    born = facts.patient.birth_date
    for at, number, line in numbered(facts):
        if born and line.service_from and line.service_from < born:
            yield hit(f"{at}-service_from", line=number)


@edit(
    "service.late",
    Severity.ERROR,
    says=_(
        "Line {line} is too late for {payer}, which takes claims within {days} days of the service. "
        "For {day} the last day was {last_day}."
    ),
    mend=_("Check the date. If it is right, ask the payer for an exception before you submit."),
    source="The payer's rule set; CARC 29; 42 CFR 424.44 for Medicare's calendar year",
    adjustable=True,
)
def service_late(facts: ClaimFacts) -> Iterator[Hit]:
    """The filing limit counts from the first day of a line; voiding a paid claim is never late."""
    if facts.resubmission.frequency == FrequencyCode.VOID:
        return
    limit = facts.payer.filing_limit_days
    for at, number, line in numbered(facts):
        if line.service_from and (facts.today - line.service_from).days > limit:
            yield hit(
                f"{at}-service_from",
                line=number,
                payer=facts.payer.name,
                days=limit,
                day=us_date(line.service_from),
                last_day=us_date(facts.payer.last_filing_day(line.service_from)),
            )
