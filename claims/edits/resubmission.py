"""Edits of replacements, voids and repeated claims (CMS-1500 box 22, X12 837P CLM05-3)."""

from collections.abc import Iterator

from claimflow.lib.sentences import gettext_noop as _
from claims.edits.facts import ClaimFacts
from claims.edits.findings import Hit, edit, hit
from claims.enums import FrequencyCode, Severity


@edit(
    "original_number.missing",
    Severity.ERROR,
    says=_("A replacement or void needs the payer's number of the original claim. It is missing."),
    mend=_("Enter the payer's claim number from the payer's answer to the original claim."),
    source="X12 837P 2300 REF*F8; CMS-1500 box 22",
)
def original_number_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """Frequency 7 and 8 name what they change."""
    again = facts.resubmission
    if again.frequency != FrequencyCode.ORIGINAL and not again.original_number.strip():
        yield hit("original_number")


@edit(
    "original.not_finalized",
    Severity.ERROR,
    says=_("The original claim has not been decided yet, so it cannot be replaced or voided."),
    mend=_("Withdraw the original, or wait for its decision."),
    source="RARC N779",
)
def original_not_finalized(facts: ClaimFacts) -> Iterator[Hit]:
    """Only a decided claim can be replaced or voided."""
    again = facts.resubmission
    if again.frequency != FrequencyCode.ORIGINAL and again.original_finalized is False:
        yield hit("original_number")


@edit(
    "original_number.not_needed",
    Severity.WARNING,
    says=_("This is an original claim, yet it names an earlier one."),
    mend=_("If it replaces the earlier claim, choose replacement. Otherwise clear the number."),
    source="X12 837P 2300 CLM05-3, REF*F8",
)
def original_number_not_needed(facts: ClaimFacts) -> Iterator[Hit]:
    """Frequency 1 has no predecessor at the payer."""
    again = facts.resubmission
    if again.frequency == FrequencyCode.ORIGINAL and again.original_number.strip():
        yield hit("original_number")


@edit(
    "claim.same_service",
    Severity.WARNING,
    says=_(
        "The same service for this patient is already claimed in {numbers}. The payer may deny a duplicate."
    ),
    mend=_("If that claim needs correcting, replace it. If the service was given twice, submit this one."),
    source="CARC 18",
)
def claim_same_service(facts: ClaimFacts) -> Iterator[Hit]:
    """Same patient, procedure and date on another claim of this provider."""
    if facts.same_service_claims and facts.resubmission.frequency == FrequencyCode.ORIGINAL:
        yield hit("", numbers=", ".join(facts.same_service_claims[:3]))
