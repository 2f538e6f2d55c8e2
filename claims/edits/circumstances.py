"""Edits of accident, onset, hospital stay and reference numbers (CMS-1500 boxes 10, 14, 16, 18, 23, 26)."""

import re
from collections.abc import Iterator

from claimflow.lib.sentences import gettext_noop as _
from claims.edits.facts import ClaimFacts
from claims.edits.findings import Hit, edit, hit
from claims.edits.lines import numbered
from claims.enums import AccidentType, Severity

INPATIENT_HOSPITAL = "21"
LONGEST_ACCOUNT_NUMBER = 38
LONGEST_AUTHORIZATION = 50
STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC "
    "ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI"
)
_KNOWN_STATES = frozenset(re.findall("[A-Z]{2}", STATES))


@edit(
    "accident_date.missing",
    Severity.ERROR,
    says=_("The date of the accident is missing."),
    mend=_("Enter the day of the accident, or choose that there was none."),
    source="X12 837P 2300 DTP*439; CMS-1500 boxes 10 and 14",
)
def accident_date_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """An accident has a date."""
    if facts.circumstances.accident and facts.circumstances.accident_date is None:
        yield hit("accident_date")


@edit(
    "accident_state.missing",
    Severity.ERROR,
    says=_("The state of the auto accident is missing. It decides whose insurance pays first."),
    mend=_("Enter the two letters of the state, for example OH."),
    source="X12 837P 2300 CLM11-4; CMS-1500 box 10b",
)
def accident_state_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """An auto accident has a state."""
    if facts.circumstances.accident == AccidentType.AUTO and not facts.circumstances.accident_state:
        yield hit("accident_state")


@edit(
    "accident_state.unknown",
    Severity.ERROR,
    says=_("The state of the accident is not a US state or territory."),
    mend=_("Enter its two letters, for example OH."),
    source="X12 837P 2300 CLM11-4; USPS state codes",
)
def accident_state_unknown(facts: ClaimFacts) -> Iterator[Hit]:
    """Two letters of the postal service."""
    state = facts.circumstances.accident_state
    if facts.circumstances.accident and state and state.upper() not in _KNOWN_STATES:
        yield hit("accident_state")


@edit(
    "circumstance.future",
    Severity.ERROR,
    says=_("This date lies in the future, but it tells what has happened."),
    mend=_("Check the year."),
    source="X12 837P 2300 DTP*439, DTP*431, DTP*435",
)
def circumstance_future(facts: ClaimFacts) -> Iterator[Hit]:
    """What happened before the service is past."""
    told = facts.circumstances
    for field in ("accident_date", "onset_date", "admitted_on"):
        day = getattr(told, field)
        if day and day > facts.today:
            yield hit(field)


@edit(
    "circumstance.after_service",
    Severity.WARNING,
    says=_("This date lies after the first date of service."),
    mend=_("Check both dates. Accident and first symptoms usually come before the care."),
    source="CMS-1500 boxes 10 and 14",
)
def circumstance_after_service(facts: ClaimFacts) -> Iterator[Hit]:
    """Cause comes before care."""
    first = facts.first_service
    for field in ("accident_date", "onset_date"):
        day = getattr(facts.circumstances, field)
        if first and day and first < day <= facts.today:
            yield hit(field)


@edit(
    "unable_to_work.order",
    Severity.ERROR,
    says=_("The patient's time off work ends before it starts."),
    mend=_("Swap the two dates, or leave the second one empty."),
    source="X12 837P 2300 DTP*314; CMS-1500 box 16",
)
def unable_to_work_order(facts: ClaimFacts) -> Iterator[Hit]:
    """From is not after to."""
    told = facts.circumstances
    if (
        told.unable_to_work_from
        and told.unable_to_work_to
        and told.unable_to_work_to < told.unable_to_work_from
    ):
        yield hit("unable_to_work_to")


@edit(
    "hospital_stay.order",
    Severity.ERROR,
    says=_("The patient was discharged before being admitted."),
    mend=_("Swap the two dates, or leave the discharge empty while the patient is in the hospital."),
    source="X12 837P 2300 DTP*435, DTP*096; CMS-1500 box 18",
)
def hospital_stay_order(facts: ClaimFacts) -> Iterator[Hit]:
    """Admission is not after discharge."""
    told = facts.circumstances
    if told.admitted_on and told.discharged_on and told.discharged_on < told.admitted_on:
        yield hit("discharged_on")


@edit(
    "admission.missing",
    Severity.WARNING,
    says=_("Line {line} was done in a hospital, place 21, but the claim has no admission date."),
    mend=_("Enter when the patient was admitted."),
    source="X12 837P 2300 DTP*435; CMS-1500 box 18",
)
def admission_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Inpatient care has an admission."""
    if facts.circumstances.admitted_on:
        return
    inside = (number for _at, number, line in numbered(facts) if line.place_of_service == INPATIENT_HOSPITAL)
    for number in list(inside)[:1]:
        yield hit("admitted_on", line=number)


@edit(
    "reference.too_long",
    Severity.ERROR,
    says=_("This number has {length} characters. At most {longest} fit."),
    mend=_("Check the number, and leave out words around it."),
    source="X12 837P 2300 CLM01 (38), REF*G1 (50); 45 CFR 162.923(b)",
)
def reference_too_long(facts: ClaimFacts) -> Iterator[Hit]:
    """The payer must be able to send it back unchanged."""
    for field, longest in (
        ("account_number", LONGEST_ACCOUNT_NUMBER),
        ("authorization_number", LONGEST_AUTHORIZATION),
    ):
        length = len(getattr(facts, field))
        if length > longest:
            yield hit(field, length=length, longest=longest)
