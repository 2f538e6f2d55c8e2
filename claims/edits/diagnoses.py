"""Edits of the diagnoses A to L: ICD-10-CM codes valid on the date of service (45 CFR 162.1000, 162.1002)."""

from collections.abc import Iterator
from string import ascii_uppercase as LETTERS

from claimflow.lib.sentences import gettext_noop as _
from claimflow.lib.sentences import us_date
from claims.edits.facts import ClaimFacts, DiagnosisFacts
from claims.edits.findings import Hit, edit, hit
from claims.enums import Severity
from codes.answers import CodeAnswer
from codes.formats import dotted_icd, is_icd10cm, looks_like_icd9cm

_VALID_ON_DATE = "45 CFR 162.1000, 162.1002(c); ruling 38"


def lettered(facts: ClaimFacts) -> Iterator[tuple[str, str, DiagnosisFacts]]:
    """Yield (field, letter, diagnosis) of every diagnosis that was typed."""
    for at, diagnosis in enumerate(facts.diagnoses[: len(LETTERS)]):
        if diagnosis.code:
            yield f"diagnoses-{at}-code", LETTERS[at], diagnosis


def _answered(facts: ClaimFacts) -> Iterator[tuple[str, str, DiagnosisFacts, CodeAnswer]]:
    """Yield what a loaded release judged, ICD-9-looking codes left out."""
    for field, letter, diagnosis in lettered(facts):
        if diagnosis.answer and not diagnosis.answer.before_oldest and not _is_icd9(diagnosis):
            yield field, letter, diagnosis, diagnosis.answer


def _is_icd9(diagnosis: DiagnosisFacts) -> bool:
    """An ICD-9 shape that ICD-10-CM does not know; V7389 and E8490 fit both shapes."""
    refused = not is_icd10cm(diagnosis.code) or (diagnosis.answer is not None and not diagnosis.answer.known)
    return refused and looks_like_icd9cm(diagnosis.code)


@edit(
    "diagnosis.missing",
    Severity.ERROR,
    says=_("The claim has no diagnosis. It needs at least one, because every line points to one."),
    mend=_("Enter the main diagnosis as A."),
    source="X12 837P 2300 HI; CMS-1500 box 21",
)
def diagnosis_missing(facts: ClaimFacts) -> Iterator[Hit]:
    """1 to 12 diagnoses."""
    if not any(lettered(facts)):
        yield hit("diagnoses-0-code")


@edit(
    "diagnosis.too_many",
    Severity.ERROR,
    says=_("The claim has {count} diagnoses. At most {most} fit on one claim."),
    mend=_("Keep the diagnoses that the services were for."),
    source="X12 837P 2300 HI (12 codes); ruling 24",
)
def diagnosis_too_many(facts: ClaimFacts) -> Iterator[Hit]:
    """At most 12 on a professional claim."""
    if len(facts.diagnoses) > facts.limits.diagnoses:
        yield hit("diagnoses", count=len(facts.diagnoses), most=facts.limits.diagnoses)


@edit(
    "diagnosis.gap",
    Severity.ERROR,
    says=_("Diagnosis {letter} is empty, but a later one is filled in."),
    mend=_("Move the later diagnoses up, and check the pointers of the lines."),
    source="X12 837P 2300 HI: diagnoses are counted from the first without gaps",
)
def diagnosis_gap(facts: ClaimFacts) -> Iterator[Hit]:
    """Letters are given without gaps."""
    filled = [at for at, diagnosis in enumerate(facts.diagnoses) if diagnosis.code]
    for at in range(max(filled, default=0)):
        if at not in filled and at < len(LETTERS):
            yield hit(f"diagnoses-{at}-code", letter=LETTERS[at])


@edit(
    "diagnosis.repeated",
    Severity.ERROR,
    says=_("{code} is entered twice, as diagnosis {first} and {second}."),
    mend=_("Remove one of them, and check the pointers of the lines."),
    source="ICD-10-CM Official Guidelines I.B.12: each code is reported once",
)
def diagnosis_repeated(facts: ClaimFacts) -> Iterator[Hit]:
    """A code stands once on a claim."""
    seen: dict[str, str] = {}
    for field, letter, diagnosis in lettered(facts):
        first = seen.setdefault(diagnosis.code, letter)
        if first != letter and is_icd10cm(diagnosis.code):
            yield hit(field, code=dotted_icd(diagnosis.code), first=first, second=letter)


@edit(
    "diagnosis.icd9",
    Severity.ERROR,
    says=_(
        "{code} is not an ICD-10-CM code. It looks like ICD-9-CM, but dates of service from October 1, 2015 "
        "need ICD-10-CM."
    ),
    mend=_("Search for the diagnosis in words to find its ICD-10-CM code."),
    source="45 CFR 162.1002(c)",
)
def diagnosis_icd9(facts: ClaimFacts) -> Iterator[Hit]:
    """ICD-9-CM ended on September 30, 2015."""
    for field, _letter, diagnosis in lettered(facts):
        if _is_icd9(diagnosis):
            yield hit(field, code=diagnosis.code)


@edit(
    "diagnosis.format",
    Severity.ERROR,
    says=_("Diagnosis {letter} does not look like an ICD-10-CM code, such as I21.9 or S72.001A."),
    mend=_("Enter 3 to 7 letters and digits, or search for the diagnosis in words."),
    source="45 CFR 162.1002(c)",
)
def diagnosis_format(facts: ClaimFacts) -> Iterator[Hit]:
    """A letter, a digit, a letter or digit, then up to four more."""
    for field, letter, diagnosis in lettered(facts):
        if not is_icd10cm(diagnosis.code) and not _is_icd9(diagnosis):
            yield hit(field, letter=letter)


@edit(
    "diagnosis.unknown",
    Severity.ERROR,
    says=_("{code} is not in ICD-10-CM {release}, the release that answers for this service date."),
    mend=_("Check the characters, or search in words. If the code is new, ask for its release to be loaded."),
    source=_VALID_ON_DATE,
    adjustable=True,
)
def diagnosis_unknown(facts: ClaimFacts) -> Iterator[Hit]:
    """Known in the release of the service date."""
    for field, _letter, diagnosis, answer in _answered(facts):
        if is_icd10cm(diagnosis.code) and not answer.known:
            yield hit(field, code=dotted_icd(diagnosis.code), release=answer.release)


@edit(
    "diagnosis.not_billable",
    Severity.ERROR,
    says=_("{code} is a heading in ICD-10-CM {release}, not a complete code."),
    mend=_("Choose a more specific code, such as {narrower}."),
    source="ICD-10-CM Official Guidelines I.B.2: code to the highest number of characters",
)
def diagnosis_not_billable(facts: ClaimFacts) -> Iterator[Hit]:
    """Only complete codes are valid."""
    for field, _letter, diagnosis, answer in _answered(facts):
        if answer.known and not answer.billable:
            narrower = ", ".join(map(dotted_icd, answer.narrower[:3])) or f"{dotted_icd(diagnosis.code)}…"
            yield hit(field, code=dotted_icd(diagnosis.code), release=answer.release, narrower=narrower)


@edit(
    "diagnosis.set_not_loaded",
    Severity.WARNING,
    says=_("{code} could not be checked: the code set is not loaded for this date of service ({day})."),
    mend=_("Check the date of service. If it is right, the payer checks the code."),
    source=_VALID_ON_DATE,
)
def diagnosis_set_not_loaded(facts: ClaimFacts) -> Iterator[Hit]:
    """Before the oldest loaded release: warn (ruling 38)."""
    day = us_date(facts.first_service) if facts.first_service else "-"
    for field, _letter, diagnosis in lettered(facts):
        answer = diagnosis.answer
        if answer and answer.before_oldest and is_icd10cm(diagnosis.code) and not _is_icd9(diagnosis):
            yield hit(field, code=dotted_icd(diagnosis.code), day=day)


@edit(
    "diagnosis.external_cause_first",
    Severity.WARNING,
    says=_("{code} tells how an injury happened. Such a code never stands first."),
    mend=_("Put the injury or illness first, and this code after it."),
    source="ICD-10-CM Official Guidelines I.C.20.a.6",
)
def diagnosis_external_cause_first(facts: ClaimFacts) -> Iterator[Hit]:
    """V00 to Y99 are never the first diagnosis."""
    first = next(lettered(facts), None)
    if first and first[2].code[0] in "VWXY" and is_icd10cm(first[2].code) and not _is_icd9(first[2]):
        yield hit(first[0], code=dotted_icd(first[2].code))


@edit(
    "diagnosis.not_used",
    Severity.INFO,
    says=_("No line points to diagnosis {letter}."),
    mend=_("Add the pointer to the line it explains, or leave it as additional information."),
    source="X12 837P 2400 SV107",
)
def diagnosis_not_used(facts: ClaimFacts) -> Iterator[Hit]:
    """Diagnoses usually explain a line."""
    used = {pointer for line in facts.lines for pointer in line.pointers}
    for field, letter, _diagnosis in lettered(facts):
        if used and letter not in used:
            yield hit(field, letter=letter)


@edit(
    "diagnosis.judged_by_newest",
    Severity.INFO,
    says=_("The diagnoses were judged by {release}, the newest loaded ICD-10-CM release."),
    mend=_("Nothing to do. An administrator can load the release for this date of service."),
    source="Ruling 38",
)
def diagnosis_judged_by_newest(facts: ClaimFacts) -> Iterator[Hit]:
    """Dates after the newest release are answered by it, and said so once."""
    for _field, _letter, _diagnosis, answer in _answered(facts):
        if answer.judged_by_newest:
            yield hit("diagnoses", release=answer.release)
            return
