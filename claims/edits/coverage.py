"""Edits of payer, member id and coverage."""

from collections.abc import Iterator

from claimflow.lib.sentences import gettext_noop as _
from claims.edits.facts import ClaimFacts
from claims.edits.findings import Hit, edit, hit
from claims.enums import Severity
from codes.formats import is_member_id
from members.enums import Standing


@edit(
    "payer.missing",
    Severity.ERROR,
    says=_("No payer is chosen. A claim goes to exactly one payer."),
    mend=_("Choose the payer that should decide this claim."),
    source="Ruling 23; X12 837P loop 2010BB",
)
def payer_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """A claim has one payer."""
    if not facts.has_payer:
        yield hit("payer")


@edit(
    "plan.missing",
    Severity.ERROR,
    says=_("No plan of this payer is chosen. The plan decides which rules and which law apply."),
    mend=_("Choose the plan that stands on the insurance card."),
    source="Ruling 20; CMS-1500 boxes 1 and 11c; X12 837P 2000B SBR09",
)
def plan_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """A claim freezes its plan, line of business and jurisdiction."""
    if facts.has_payer and not facts.has_plan:
        yield hit("plan")


@edit(
    "member_id.missing",
    Severity.ERROR,
    says=_("The member ID is missing. The payer finds the coverage by it."),
    mend=_("Copy it from the insurance card."),
    source="X12 837P 2010BA NM109; CMS-1500 box 1a",
)
def member_id_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Every claim names its member."""
    if not facts.patient.member_id:
        yield hit("member_id")


@edit(
    "member_id.characters",
    Severity.ERROR,
    says=_("The member ID cannot be used as entered. It may have 1 to 50 letters, digits and hyphens."),
    mend=_("Take out spaces and other marks, and compare it with the insurance card."),
    source="Ruling 41; X12 837P 2010BA NM109",
)
def member_id_characters(facts: ClaimFacts) -> Iterator[Hit]:
    """1 to 50 letters, digits, hyphens."""
    if facts.patient.member_id and not is_member_id(facts.patient.member_id):
        yield hit("member_id")


@edit(
    "member_id.payer_length",
    Severity.ERROR,
    says=_("{payer} uses member IDs of {shortest} to {longest} characters. This one has {length}."),
    mend=_("Compare it with the insurance card. Leading zeros and suffixes belong to it."),
    source="Ruling 41; the payer's rule set",
    adjustable=True,
)
def member_id_payer_length(facts: ClaimFacts) -> Iterator[Hit]:
    """A payer may narrow the length."""
    shape, length = facts.payer.member_id, len(facts.patient.member_id)
    if is_member_id(facts.patient.member_id) and not shape.shortest <= length <= shape.longest:
        yield hit(
            "member_id",
            payer=facts.payer.name,
            shortest=shape.shortest,
            longest=shape.longest,
            length=length,
        )


@edit(
    "member_id.payer_hyphen",
    Severity.ERROR,
    says=_("{payer} uses member IDs of letters and digits only. This one has a hyphen."),
    mend=_("Enter the member ID without hyphens."),
    source="Ruling 41; the payer's rule set",
    adjustable=True,
)
def member_id_payer_hyphen(facts: ClaimFacts) -> Iterator[Hit]:
    """A payer may refuse hyphens."""
    member_id = facts.patient.member_id
    if is_member_id(member_id) and "-" in member_id and not facts.payer.member_id.hyphens:
        yield hit("member_id", payer=facts.payer.name)


@edit(
    "coverage.not_known",
    Severity.WARNING,
    says=_("{payer} has no member with this ID. A claim for an unknown member is usually denied."),
    mend=_("Compare member ID, name and birth date with the insurance card."),
    source="CARC 31; ruling 19",
)
def coverage_not_known(facts: ClaimFacts) -> Iterator[Hit]:
    """The payer was asked and does not know the member."""
    if facts.patient.standing == Standing.UNKNOWN:
        yield hit("member_id", payer=facts.payer.name)


@edit(
    "coverage.ended",
    Severity.WARNING,
    says=_("The coverage at {payer} ended before the first service. The payer usually denies such a claim."),
    mend=_("Check the service dates, or ask the patient for the newer coverage."),
    source="CARC 27; ruling 19",
)
def coverage_ended(facts: ClaimFacts) -> Iterator[Hit]:
    """In force on the first service date?"""
    if facts.patient.standing == Standing.ENDED:
        yield hit("member_id", payer=facts.payer.name)


@edit(
    "coverage.not_started",
    Severity.WARNING,
    says=_("The coverage at {payer} started after the first service. The payer usually denies such a claim."),
    mend=_("Check the service dates, or ask the patient for the earlier coverage."),
    source="CARC 26; ruling 19",
)
def coverage_not_started(facts: ClaimFacts) -> Iterator[Hit]:
    """In force on the first service date?"""
    if facts.patient.standing == Standing.NOT_STARTED:
        yield hit("member_id", payer=facts.payer.name)


@edit(
    "coverage.not_in_force",
    Severity.WARNING,
    says=_("{payer} knows this member, but had no coverage in force on the first date of service."),
    mend=_("Check the service dates, or ask the patient for the coverage of that day."),
    source="CARC 26, 27; ruling 19",
)
def coverage_not_in_force(facts: ClaimFacts) -> Iterator[Hit]:
    """In force on the first service date?"""
    if facts.patient.standing == Standing.NOT_IN_FORCE:
        yield hit("member_id", payer=facts.payer.name)
