"""Edits of a service line: procedure, modifiers, pointers, place, units (CMS-1500 box 24)."""

from collections.abc import Iterator
from decimal import Decimal
from string import ascii_uppercase as LETTERS

from claimflow.lib.sentences import gettext_noop as _
from claimflow.lib.sentences import us_date
from claims.edits.facts import ClaimFacts, ServiceLineFacts
from claims.edits.findings import Hit, edit, hit
from claims.enums import Severity, UnitBasis
from codes.formats import is_modifier, is_place_of_service, procedure_system

MOST_UNITS = Decimal("999999.999")
UNIT_STEP = Decimal("0.001")


def numbered(facts: ClaimFacts) -> Iterator[tuple[str, int, ServiceLineFacts]]:
    """Yield (field prefix, line number as printed, line)."""
    return ((f"lines-{at}", at + 1, line) for at, line in enumerate(facts.lines))


@edit(
    "line.missing",
    Severity.ERROR,
    says=_("The claim has no service line."),
    mend=_("Enter at least one line with procedure, date, place and charge."),
    source="X12 837P loop 2400; CMS-1500 box 24",
)
def line_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """1 to 50 lines."""
    if not facts.lines:
        yield hit("lines")


@edit(
    "line.too_many",
    Severity.ERROR,
    says=_("The claim has {count} lines. At most {most} fit on one claim."),
    mend=_("Move the rest to a second claim."),
    source="X12 837P loop 2400 (50 repeats); ruling 24",
)
def line_too_many(facts: ClaimFacts) -> Iterator[Hit]:
    """At most 50 lines on a professional claim."""
    if len(facts.lines) > facts.limits.lines:
        yield hit("lines", count=len(facts.lines), most=facts.limits.lines)


@edit(
    "procedure.missing",
    Severity.ERROR,
    says=_("Line {line} has no procedure code."),
    mend=_("Enter the code of the service."),
    source="X12 837P 2400 SV101-2; CMS-1500 box 24D",
)
def procedure_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Every line names its procedure."""
    for at, number, line in numbered(facts):
        if not line.procedure:
            yield hit(f"{at}-procedure", line=number)


@edit(
    "procedure.format",
    Severity.ERROR,
    says=_("The procedure code of line {line} has neither the form of CPT (99213) nor of HCPCS (J1100)."),
    mend=_("Enter five characters: five digits, four digits and a letter, or a letter and four digits."),
    source="45 CFR 162.1002(c); ruling 39",
)
def procedure_format(facts: ClaimFacts) -> Iterator[Hit]:
    """Judged by shape where no list is loaded."""
    for at, number, line in numbered(facts):
        if line.procedure and procedure_system(line.procedure) is None:
            yield hit(f"{at}-procedure", line=number)


@edit(
    "procedure.unknown",
    Severity.ERROR,
    says=_("Line {line}: {code} is not in the loaded list of procedures."),
    mend=_("Check the characters, or search for the service in words."),
    source="45 CFR 162.1000; ruling 39",
)
def procedure_unknown(facts: ClaimFacts) -> Iterator[Hit]:
    """Where a list is loaded, it decides."""
    for at, number, line in numbered(facts):
        if line.answer and not line.answer.known and procedure_system(line.procedure):
            yield hit(f"{at}-procedure", line=number, code=line.procedure)


@edit(
    "procedure.not_yet_in_force",
    Severity.ERROR,
    says=_("Line {line}: {code} is valid from {day}, after the date of service."),
    mend=_("Choose the code that was valid on the date of service, or check the date."),
    source="45 CFR 162.1000: codes valid when the care is given",
)
def procedure_not_yet_in_force(facts: ClaimFacts) -> Iterator[Hit]:
    """In force on the date of service."""
    for at, number, line in numbered(facts):
        starts = line.answer.in_force_from if line.answer and line.answer.known else None
        if starts and line.service_from and line.service_from < starts:
            yield hit(f"{at}-procedure", line=number, code=line.procedure, day=us_date(starts))


@edit(
    "procedure.no_longer_in_force",
    Severity.ERROR,
    says=_("Line {line}: {code} was valid until {day}, before the date of service."),
    mend=_("Choose the code that replaced it, or check the date."),
    source="45 CFR 162.1000: codes valid when the care is given",
)
def procedure_no_longer_in_force(facts: ClaimFacts) -> Iterator[Hit]:
    """In force on the date of service."""
    for at, number, line in numbered(facts):
        ends = line.answer.in_force_to if line.answer and line.answer.known else None
        if ends and line.service_from and line.service_from > ends:
            yield hit(f"{at}-procedure", line=number, code=line.procedure, day=us_date(ends))


@edit(
    "modifier.too_many",
    Severity.ERROR,
    says=_("Line {line} has {count} modifiers. At most {most} fit."),
    mend=_("Keep the modifiers that change the payment, in front."),
    source="X12 837P 2400 SV101-3 to SV101-6; CMS-1500 box 24D",
)
def modifier_too_many(facts: ClaimFacts) -> Iterator[Hit]:
    """At most four ordered modifiers."""
    for at, number, line in numbered(facts):
        if len(line.modifiers) > facts.limits.modifiers:
            yield hit(f"{at}-modifiers", line=number, count=len(line.modifiers), most=facts.limits.modifiers)


@edit(
    "modifier.format",
    Severity.ERROR,
    says=_("Line {line} has a modifier that is not two letters or digits."),
    mend=_("Enter modifiers like 25, TC or XE."),
    source="X12 837P 2400 SV101-3",
)
def modifier_format(facts: ClaimFacts) -> Iterator[Hit]:
    """Two characters."""
    for at, number, line in numbered(facts):
        if not all(map(is_modifier, line.modifiers)):
            yield hit(f"{at}-modifiers", line=number)


@edit(
    "modifier.unknown",
    Severity.WARNING,
    says=_("Line {line}: {modifier} is not in the loaded list of modifiers."),
    mend=_("Check it. You may submit it if the payer uses it."),
    source="45 CFR 162.1002(c)",
)
def modifier_unknown(facts: ClaimFacts) -> Iterator[Hit]:
    """The loaded list may be incomplete, so this only warns."""
    known = facts.codes.modifiers
    for at, number, line in numbered(facts):
        for modifier in line.modifiers:
            if known and is_modifier(modifier) and modifier not in known:
                yield hit(f"{at}-modifiers", line=number, modifier=modifier)


@edit(
    "modifier.repeated",
    Severity.ERROR,
    says=_("Line {line} has the same modifier twice."),
    mend=_("Remove one of the two."),
    source="X12 837P 2400 SV101-3 to SV101-6",
)
def modifier_repeated(facts: ClaimFacts) -> Iterator[Hit]:
    """A modifier says its thing once."""
    for at, number, line in numbered(facts):
        if len(set(line.modifiers)) < len(line.modifiers):
            yield hit(f"{at}-modifiers", line=number)


@edit(
    "pointer.missing",
    Severity.ERROR,
    says=_("Line {line} points to no diagnosis, so the payer cannot see what it was for."),
    mend=_("Enter the letter of the diagnosis that explains this line, the main one first."),
    source="X12 837P 2400 SV107-1; CMS-1500 box 24E",
)
def pointer_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """The first pointer is required."""
    for at, number, line in numbered(facts):
        if not line.pointers:
            yield hit(f"{at}-pointers", line=number)


@edit(
    "pointer.too_many",
    Severity.ERROR,
    says=_("Line {line} points to {count} diagnoses. At most {most} fit."),
    mend=_("Keep the diagnoses that explain this line best."),
    source="X12 837P 2400 SV107; CMS-1500 box 24E",
)
def pointer_too_many(facts: ClaimFacts) -> Iterator[Hit]:
    """At most four pointers."""
    for at, number, line in numbered(facts):
        if len(line.pointers) > facts.limits.pointers:
            yield hit(f"{at}-pointers", line=number, count=len(line.pointers), most=facts.limits.pointers)


@edit(
    "pointer.beyond",
    Severity.ERROR,
    says=_("Line {line} points to a diagnosis that the claim does not have. Its diagnoses are {letters}."),
    mend=_("Correct the pointer, or add the diagnosis."),
    source="X12 837P 2400 SV107 points into the HI list",
)
def pointer_beyond(facts: ClaimFacts) -> Iterator[Hit]:
    """A pointer names a diagnosis of this claim."""
    have = [LETTERS[at] for at, dx in enumerate(facts.diagnoses[: len(LETTERS)]) if dx.code]
    for at, number, line in numbered(facts):
        if have and not set(line.pointers) <= set(have):
            yield hit(f"{at}-pointers", line=number, letters=", ".join(have))


@edit(
    "pointer.repeated",
    Severity.ERROR,
    says=_("Line {line} points to the same diagnosis twice."),
    mend=_("Remove one of the two pointers."),
    source="X12 837P 2400 SV107",
)
def pointer_repeated(facts: ClaimFacts) -> Iterator[Hit]:
    """Each pointer is another diagnosis."""
    for at, number, line in numbered(facts):
        if len(set(line.pointers)) < len(line.pointers):
            yield hit(f"{at}-pointers", line=number)


@edit(
    "place.missing",
    Severity.ERROR,
    says=_("Line {line} has no place of service."),
    mend=_("Enter the two digits, for example 11 for an office."),
    source="X12 837P 2300 CLM05-1, 2400 SV105; CMS-1500 box 24B",
)
def place_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Every line was done somewhere."""
    for at, number, line in numbered(facts):
        if not line.place_of_service:
            yield hit(f"{at}-place_of_service", line=number)


@edit(
    "place.unknown",
    Severity.ERROR,
    says=_("The place of service of line {line} is not in the CMS list."),
    mend=_(
        "Enter the two digits with their leading zero, for example 11 for an office or 02 for telehealth."
    ),
    source="CMS place of service code set",
)
def place_unknown(facts: ClaimFacts) -> Iterator[Hit]:
    """Two digits of the loaded list."""
    known = facts.codes.places
    for at, number, line in numbered(facts):
        place = line.place_of_service
        if place and (not is_place_of_service(place) or (known and place not in known)):
            yield hit(f"{at}-place_of_service", line=number)


@edit(
    "units.missing",
    Severity.ERROR,
    says=_("Line {line} has no units."),
    mend=_("Enter how often the service was given. It is usually 1."),
    source="X12 837P 2400 SV104; CMS-1500 box 24G",
)
def units_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Every line has units."""
    for at, number, line in numbered(facts):
        if line.units is None:
            yield hit(f"{at}-units", line=number)


@edit(
    "units.range",
    Severity.ERROR,
    says=_("The units of line {line} are outside what a line can hold: above 0 and at most 999,999.999."),
    mend=_("Enter how often the service was given, with at most three decimals."),
    source="X12 837P 2400 SV104; ruling 24",
)
def units_range(facts: ClaimFacts) -> Iterator[Hit]:
    """numeric(9,3), above zero."""
    for at, number, line in numbered(facts):
        units = line.units
        if units is not None and not (0 < units <= MOST_UNITS and units % UNIT_STEP == 0):
            yield hit(f"{at}-units", line=number)


@edit(
    "units.minutes",
    Severity.ERROR,
    says=_("Line {line} counts minutes, but its units are not a whole number."),
    mend=_("Enter the anesthesia time in whole minutes."),
    source="X12 837P 2400 SV103 MJ; 42 CFR 414.46",
)
def units_minutes(facts: ClaimFacts) -> Iterator[Hit]:
    """Anesthesia time is reported in minutes."""
    for at, number, line in numbered(facts):
        units = line.units
        if line.unit_basis == UnitBasis.MINUTES and units is not None and units.is_finite() and units % 1:
            yield hit(f"{at}-units", line=number)


@edit(
    "line.repeated",
    Severity.WARNING,
    says=_("Line {line} repeats line {first}. The payer may deny it as a duplicate."),
    mend=_("If the service was given more than once, raise the units or add the modifier that says so."),
    source="CARC 18",
)
def line_repeated(facts: ClaimFacts) -> Iterator[Hit]:
    """Same procedure, modifiers, dates and place."""
    seen: dict[tuple[object, ...], int] = {}
    for at, number, line in numbered(facts):
        same = (line.procedure, line.modifiers, line.service_from, line.service_to, line.place_of_service)
        first = seen.setdefault(same, number)
        if line.procedure and first != number:
            yield hit(f"{at}-procedure", line=number, first=first)
