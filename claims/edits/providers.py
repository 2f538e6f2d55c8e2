"""Edits of National Provider Identifiers (45 CFR 162.406; check digit: codes.npi)."""

from collections.abc import Iterator

from claimflow.lib.sentences import gettext_noop as _
from claims.edits.facts import ClaimFacts
from claims.edits.findings import Hit, edit, hit
from claims.enums import Severity
from codes.npi import NpiFault, is_npi, npi_fault

_SOURCE = "45 CFR 162.406; CMS NPI check-digit requirement"


def npis(facts: ClaimFacts) -> Iterator[tuple[str, str]]:
    """Yield (field, number) of every NPI that was entered."""
    named = (
        ("billing_npi", facts.billing_npi),
        ("rendering_npi", facts.rendering_npi),
        ("referring_npi", facts.referring_npi),
        ("facility_npi", facts.facility_npi),
        *((f"lines-{at}-rendering_npi", line.rendering_npi) for at, line in enumerate(facts.lines)),
    )
    return ((field, npi) for field, npi in named if npi)


def _with_fault(facts: ClaimFacts, *faults: NpiFault) -> Iterator[Hit]:
    return (hit(field, length=len(npi)) for field, npi in npis(facts) if npi_fault(npi) in faults)


@edit(
    "billing_npi.missing",
    Severity.ERROR,
    says=_("The billing provider's NPI is missing. The payer pays by it."),
    mend=_("Choose the billing provider."),
    source="X12 837P 2010AA NM109; CMS-1500 box 33a",
)
def billing_npi_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Every claim names its billing provider."""
    if not facts.billing_npi:
        yield hit("billing_npi")


@edit(
    "billing_npi.not_listed",
    Severity.ERROR,
    says=_("This NPI is not one of your organization's billing providers."),
    mend=_("Choose one from the list, or have it added to your billing providers first."),
    source="Ruling 21; CMS-1500 boxes 25 and 33",
)
def billing_npi_not_listed(facts: ClaimFacts) -> Iterator[Hit]:
    """A claim is billed in the name of one of the organization's own billing providers."""
    if is_npi(facts.billing_npi) and not facts.billing_listed:
        yield hit("billing_npi")


@edit(
    "npi.characters",
    Severity.ERROR,
    says=_("This NPI holds something other than the digits 0 to 9."),
    mend=_("Enter the 10 digits without spaces, hyphens or letters."),
    source=_SOURCE,
)
def npi_characters(facts: ClaimFacts) -> Iterator[Hit]:
    """An NPI is made of ASCII digits."""
    return _with_fault(facts, NpiFault.CHARACTERS)


@edit(
    "npi.length",
    Severity.ERROR,
    says=_("This NPI has {length} digits. An NPI has 10."),
    mend=_("Compare it with the provider's record."),
    source=_SOURCE,
)
def npi_length(facts: ClaimFacts) -> Iterator[Hit]:
    """An NPI has ten digits."""
    return _with_fault(facts, NpiFault.LENGTH)


@edit(
    "npi.first_digit",
    Severity.ERROR,
    says=_("This NPI does not start with 1 or 2, as every NPI does."),
    mend=_("Check that it is an NPI and not a license, tax or payer number."),
    source=_SOURCE,
)
def npi_first_digit(facts: ClaimFacts) -> Iterator[Hit]:
    """An NPI starts with 1 (or 2)."""
    return _with_fault(facts, NpiFault.FIRST_DIGIT)


@edit(
    "npi.check_digit",
    Severity.ERROR,
    says=_("This NPI fails its check digit. A digit is wrong, or two are swapped."),
    mend=_("Compare all 10 digits with the provider's record."),
    source=_SOURCE,
    adjustable=True,
)
def npi_check_digit(facts: ClaimFacts) -> Iterator[Hit]:
    """Luhn over 80840 and the NPI."""
    return _with_fault(facts, NpiFault.CHECK_DIGIT)
