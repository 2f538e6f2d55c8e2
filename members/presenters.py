"""People, coverages and plans as pages show them: labels, short names, standings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimflow.lib import phi
from codes.npi import NpiFault
from members.eligibility import Span, standing
from members.enums import Funding, InForce, LineOfBusiness, Relationship, Sex, Standing, Verification
from members.models import Coverage, Member, Patient, PatientCoverage

SEX = {
    Sex.FEMALE: gettext_lazy("Female"),
    Sex.MALE: gettext_lazy("Male"),
    Sex.UNKNOWN: gettext_lazy("Unknown"),
}
RELATIONSHIP = {
    Relationship.SELF: gettext_lazy("Self"),
    Relationship.SPOUSE: gettext_lazy("Spouse"),
    Relationship.CHILD: gettext_lazy("Child"),
    Relationship.OTHER: gettext_lazy("Other"),
}
LINE_OF_BUSINESS = {
    LineOfBusiness.COMMERCIAL: gettext_lazy("Commercial"),
    LineOfBusiness.EXCHANGE: gettext_lazy("Exchange"),
    LineOfBusiness.EMPLOYER: gettext_lazy("Employer"),
    LineOfBusiness.MEDICARE_ADVANTAGE: gettext_lazy("Medicare Advantage"),
    LineOfBusiness.MEDICARE: gettext_lazy("Medicare"),
    LineOfBusiness.MEDICAID: gettext_lazy("Medicaid"),
    LineOfBusiness.MILITARY: gettext_lazy("Military"),
    LineOfBusiness.WORKERS_COMPENSATION: gettext_lazy("Workers' compensation"),
    LineOfBusiness.OTHER: gettext_lazy("Other"),
}
FUNDING = {
    Funding.INSURED: gettext_lazy("Insured"),
    Funding.SELF_FUNDED: gettext_lazy("Self-funded"),
    Funding.GOVERNMENT: gettext_lazy("Government"),
}
VERIFICATION = {
    Verification.UNVERIFIED: (gettext_lazy("Not verified"), "neutral"),
    Verification.VERIFIED: (gettext_lazy("Verified"), "good"),
    Verification.NOT_FOUND: (gettext_lazy("Not found"), "urgent"),
    Verification.ENDED: (gettext_lazy("Ended"), "warning"),
}
STANDING = {
    Standing.IN_FORCE: (gettext_lazy("In force"), "good"),
    Standing.NOT_STARTED: (gettext_lazy("Not started"), "warning"),
    Standing.ENDED: (gettext_lazy("Ended"), "neutral"),
    Standing.NOT_IN_FORCE: (gettext_lazy("Not in force"), "warning"),
    Standing.UNKNOWN: (gettext_lazy("No coverage"), "warning"),
}
NPI_FAULTS = {
    NpiFault.CHARACTERS: gettext_lazy("An NPI has digits only, without spaces or letters."),
    NpiFault.LENGTH: gettext_lazy("An NPI has 10 digits. Count them again."),
    NpiFault.FIRST_DIGIT: gettext_lazy("An NPI starts with 1 or 2. Check the first digit."),
    NpiFault.CHECK_DIGIT: gettext_lazy(
        "The last digit does not fit the other nine, so a digit is wrong or two are swapped. Compare it with the card."
    ),
}


@dataclass(frozen=True)
class Pill:
    """Word and tone of parts/_pill.html."""

    label: Any
    tone: str


def short_name(person: Patient | Member) -> str:
    """Last name and first initial: what lists show of a person, and no more."""
    last, first = phi.value(person, "last_name"), phi.value(person, "first_name")
    return f"{last}, {first[:1].upper()}" if first else str(last)


def full_name(person: Patient | Member) -> str:
    return ", ".join(filter(None, (phi.value(person, "last_name"), phi.value(person, "first_name"))))


def masked(coverage: Coverage | PatientCoverage) -> str:
    """The last four of a member id behind dots; dots alone when it is that short."""
    return f"···{phi.last4(phi.value(coverage, 'member_id'))}"


def address_lines(person: Patient | Member) -> str:
    """The address in one line, empty when there is none."""
    address = phi.value(person, "address") or {}
    place = " ".join(filter(None, (address.get("state"), address.get("postal_code"))))
    return ", ".join(filter(None, (address.get("line1"), address.get("line2"), address.get("city"), place)))


def standing_of(coverages: list[Coverage], today: date) -> Pill:
    """Where a member's coverages stand today; one that was not found counts for nothing."""
    spans = [
        Span(row.effective_from, row.effective_to)
        for row in coverages
        if row.verification != Verification.NOT_FOUND
    ]
    return Pill(*STANDING[standing(spans, today)])


def verification_of(coverage: Coverage) -> Pill:
    return Pill(*VERIFICATION[Verification(coverage.verification)])


def answer_sentence(answer: InForce, payer: str) -> str:
    """The payer's one word as a sentence that names no person."""
    if answer == InForce.YES:
        return _("%(payer)s says yes: this member ID is covered today.") % {"payer": payer}
    if answer == InForce.NO:
        return _(
            "%(payer)s says no: it knows this member ID, but covers it on no plan today. "
            "Ask the patient for a newer card."
        ) % {"payer": payer}
    return _("%(payer)s does not know this member ID. Compare it with the card, letter by letter.") % {
        "payer": payer
    }


def day(value: date | None) -> str:
    """``Nov 21, 2026``; empty for None."""
    return format_date(value, "M j, Y") if value else ""
