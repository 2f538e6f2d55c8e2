"""Edits of the patient's name, birth date, sex and relationship. Sentences never repeat what was typed."""

from collections.abc import Iterator
from datetime import date

from claimflow.lib.sentences import gettext_noop as _
from claims.edits.facts import ClaimFacts
from claims.edits.findings import Hit, edit, hit
from claims.enums import Severity
from members.enums import Relationship, Sex

LONGEST_NAME = 100
OLDEST_AGE = 120


def age_on(birth_date: date, day: date) -> int:
    """Return whole years; negative before birth."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


@edit(
    "last_name.missing",
    Severity.ERROR,
    says=_("The patient's last name is missing."),
    mend=_("Enter it as it stands on the insurance card."),
    source="X12 837P 2010CA NM103; CMS-1500 box 2",
)
def last_name_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Names are required."""
    if not facts.patient.last_name.strip():
        yield hit("last_name")


@edit(
    "first_name.missing",
    Severity.ERROR,
    says=_("The patient's first name is missing."),
    mend=_("Enter it as it stands on the insurance card."),
    source="X12 837P 2010CA NM104; CMS-1500 box 2",
)
def first_name_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Names are required."""
    if not facts.patient.first_name.strip():
        yield hit("first_name")


@edit(
    "name.too_long",
    Severity.ERROR,
    says=_("A name has {length} characters. At most {longest} fit."),
    mend=_("Shorten the name, keeping what stands on the insurance card."),
    source="45 CFR 162.923(b); ruling 49",
)
def name_too_long(facts: ClaimFacts) -> Iterator[Hit]:
    """Names have at most 100 characters."""
    patient = facts.patient
    for field in ("last_name", "first_name", "insured_last_name", "insured_first_name"):
        length = len(getattr(patient, field))
        if length > LONGEST_NAME:
            yield hit(field, length=length, longest=LONGEST_NAME)


@edit(
    "birth_date.missing",
    Severity.ERROR,
    says=_("The birth date is missing or is not a real day."),
    mend=_("Enter month, day and a four-digit year, for example 03 15 1961."),
    source="X12 837P 2010CA DMG02; CMS-1500 box 3",
)
def birth_date_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """A birth date is required."""
    if facts.patient.birth_date is None:
        yield hit("birth_date")


@edit(
    "birth_date.future",
    Severity.ERROR,
    says=_("The birth date lies in the future."),
    mend=_("Check the year."),
    source="X12 837P 2010CA DMG02",
)
def birth_date_future(facts: ClaimFacts) -> Iterator[Hit]:
    """Nobody is born tomorrow."""
    if facts.patient.birth_date and facts.patient.birth_date > facts.today:
        yield hit("birth_date")


@edit(
    "birth_date.too_old",
    Severity.ERROR,
    says=_("By this birth date the patient would be {oldest} years old or older."),
    mend=_("Check the year."),
    source="Ruling 49",
)
def birth_date_too_old(facts: ClaimFacts) -> Iterator[Hit]:
    """A patient is under 120 years old."""
    born = facts.patient.birth_date
    if born and age_on(born, facts.today) >= OLDEST_AGE:
        yield hit("birth_date", oldest=OLDEST_AGE)


@edit(
    "sex.missing",
    Severity.ERROR,
    says=_("The patient's sex is missing. Payers match the patient by it."),
    mend=_("Choose female, male or unknown, as the payer has it on file."),
    source="X12 837P 2010CA DMG03; CMS-1500 box 3",
)
def sex_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """F, M or U."""
    if facts.patient.sex not in list(Sex):
        yield hit("sex")


@edit(
    "relationship.missing",
    Severity.ERROR,
    says=_("The patient's relationship to the insured person is missing."),
    mend=_("Choose self if the patient is the insured person."),
    source="X12 837P 2000B SBR02, 2000C PAT01; CMS-1500 box 6",
)
def relationship_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Self, spouse, child or other."""
    if facts.patient.relationship is None:
        yield hit("relationship")


@edit(
    "insured_name.missing",
    Severity.ERROR,
    says=_(
        "The name of the insured person is incomplete. It is needed because the patient is not the insured."
    ),
    mend=_("Enter last and first name from the insurance card, or choose self as the relationship."),
    source="X12 837P 2010BA NM103, NM104; CMS-1500 box 4",
)
def insured_name_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """A dependent's claim names the insured."""
    patient = facts.patient
    if patient.relationship in (None, Relationship.SELF):
        return
    for field in ("insured_last_name", "insured_first_name"):
        if not getattr(patient, field).strip():
            yield hit(field)
