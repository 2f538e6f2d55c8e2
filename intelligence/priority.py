"""Priority of a claim in the payer's queue, by rules that explain themselves (ruling 44).

First match: emergency, critical care or a critical diagnosis is urgent; a charge above $5,000.00 is urgent; a
preventive service or plain follow-up visit is routine; therapy, diagnostics, procedures and hospital care are
standard; otherwise $500.00 and above is standard, less is routine. Priority never decides a claim.
The scorecard says how sure the answer is; it never changes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from claimflow.lib.sentences import gettext_noop as _
from codes.enums import ProcedureCategory as P
from intelligence.enums import Priority, PriorityReason, PrioritySource
from intelligence.families import (
    HIGH_SEVERITY,
    are_readable,
    category_of,
    fits_age,
    is_critical,
    is_preventive,
)
from intelligence.scorecard import SCORECARD, Contribution, Scorecard, confidence

VERSION = "rules-3"
HIGH_CHARGE = Decimal("5000.00")
MIDDLE_CHARGE = Decimal("500.00")
JUST_BELOW = Decimal("4500.00")
EMERGENCY_ROOM = "23"
HOSPITAL_PLACES = frozenset({"21", "51", "61"})

R = PriorityReason
ROUTINE_FAMILIES = {P.PREVENTIVE: R.PREVENTIVE_SERVICE, P.FOLLOW_UP_VISIT: R.FOLLOW_UP_VISIT}
STANDARD_FAMILIES = {
    P.HOSPITAL: R.HOSPITAL_CARE,
    P.SURGERY: R.PROCEDURE,
    P.ANESTHESIA: R.PROCEDURE,
    P.IMAGING: R.DIAGNOSTICS,
    P.LABORATORY: R.DIAGNOSTICS,
    P.DIAGNOSTIC_TEST: R.DIAGNOSTICS,
    P.THERAPY: R.THERAPY,
}
LIMITS = {
    R.HIGH_CHARGE: HIGH_CHARGE,
    R.CHARGE_AT_LEAST_500: MIDDLE_CHARGE,
    R.CHARGE_BELOW_500: MIDDLE_CHARGE,
}
SCREENING_FAMILIES = frozenset({P.VISIT, P.LABORATORY, P.IMAGING, P.DIAGNOSTIC_TEST})
"""Preventive when the first diagnosis is: a check-up coded as a visit, a screening coded as a test."""

PLAIN_WORDS: Mapping[PriorityReason, str] = {
    R.EMERGENCY_HIGH_SEVERITY: _("Emergency visit, high severity"),
    R.EMERGENCY_SERVICE: _("Emergency service"),
    R.CRITICAL_CARE: _("Critical care"),
    R.CRITICAL_DIAGNOSIS: _("Life-threatening diagnosis"),
    R.HIGH_CHARGE: _("Charge above $5,000.00"),
    R.PREVENTIVE_SERVICE: _("Preventive service"),
    R.PREVENTIVE_DIAGNOSIS: _("Diagnosis of a check-up, screening or vaccination"),
    R.FOLLOW_UP_VISIT: _("Plain follow-up visit"),
    R.HOSPITAL_CARE: _("Hospital care"),
    R.PROCEDURE: _("Surgery or other procedure"),
    R.DIAGNOSTICS: _("Diagnostic service"),
    R.THERAPY: _("Therapy"),
    R.CHARGE_AT_LEAST_500: _("Charge of $500.00 or more"),
    R.CHARGE_BELOW_500: _("Charge below $500.00"),
    R.CHARGE_JUST_BELOW_5000: _("Charge just below $5,000.00"),
    R.ROUTINE_SERVICES_BESIDE: _("Routine services on the same claim"),
    R.AGE_DOES_NOT_FIT: _("The patient's age does not fit the preventive visit"),
    R.UNKNOWN_PROCEDURE: _("A procedure code that no rule knows"),
    R.UNREADABLE_DIAGNOSIS: _("A diagnosis code that is not ICD-10-CM"),
    R.RULES_FAILED: _("The rules could not judge this claim"),
}


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """One line's procedure. X-codes bring category and flags; other codes are judged by their number."""

    code: str
    category: P | None = None
    emergency: bool = False
    preventive: bool = False


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """What priority may look at: nothing that names a person.

    `diagnoses` without point, the first one first; `total` in dollars; `age` in years changes no priority, only
    the confidence; `places` are places of service.
    """

    procedures: tuple[ProcedureFacts, ...]
    diagnoses: tuple[str, ...]
    total: Decimal
    age: int | None = None
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer with its reasons: those for it, then the doubts, each strongest first.

    `confidence`, 0 to 1, is the logistic of the sum of `contributions`; 0 when the rules failed.
    `failure` names an exception's class, no more.
    """

    priority: Priority
    confidence: float
    reasons: tuple[PriorityReason, ...]
    source: PrioritySource = PrioritySource.RULES
    version: str = VERSION
    scorecard: str = SCORECARD.version
    contributions: tuple[Contribution, ...] = ()
    failure: str = ""


def decide(facts: PriorityFacts, scorecard: Scorecard = SCORECARD) -> Suggestion:
    """Return the priority. Unknown codes are answered too; raises only for facts of the wrong types, or for a
    scorecard that does not weigh a reason found."""
    families = {_family(procedure) for procedure in facts.procedures}
    if found := _urgent(facts, families):
        priority = Priority.URGENT
    elif found := _routine(facts, families):
        priority = Priority.ROUTINE
    elif found := _standard(facts, families):
        priority = Priority.STANDARD
    else:
        priority = Priority.STANDARD if facts.total >= MIDDLE_CHARGE else Priority.ROUTINE
    found |= _beside(priority, facts) | _doubts(priority, facts, families)
    contributions = scorecard.contributions(priority, {reason: _distance(reason, facts) for reason in found})
    return Suggestion(
        priority,
        confidence(contributions),
        tuple([each.reason for each in contributions]),
        scorecard=scorecard.version,
        contributions=contributions,
    )


def decide_safely(facts: PriorityFacts, scorecard: Scorecard = SCORECARD) -> Suggestion:
    """Return the priority, or standard when the rules fail: they never stand in the way of a submission."""
    try:
        return decide(facts, scorecard)
    except Exception as failure:
        return fallback(type(failure).__name__)


def fallback(failure: str) -> Suggestion:
    """Return what a claim gets when nothing could judge it."""
    return Suggestion(Priority.STANDARD, 0.0, (R.RULES_FAILED,), PrioritySource.FALLBACK, failure=failure)


def _family(procedure: ProcedureFacts) -> P | None:
    family = procedure.category or category_of(procedure.code)
    if procedure.emergency:
        return family if procedure.category == P.CRITICAL_CARE else P.EMERGENCY
    return P.PREVENTIVE if procedure.preventive else family


def _urgent(facts: PriorityFacts, families: set[P | None]) -> set[PriorityReason]:
    found = set()
    if P.CRITICAL_CARE in families:
        found.add(R.CRITICAL_CARE)
    if P.EMERGENCY in families or EMERGENCY_ROOM in facts.places:
        high = not HIGH_SEVERITY.isdisjoint([procedure.code for procedure in facts.procedures])
        found.add(R.EMERGENCY_HIGH_SEVERITY if high else R.EMERGENCY_SERVICE)
    if any(map(is_critical, facts.diagnoses)):
        found.add(R.CRITICAL_DIAGNOSIS)
    if facts.total > HIGH_CHARGE:
        found.add(R.HIGH_CHARGE)
    return found


def _routine(facts: PriorityFacts, families: set[P | None]) -> set[PriorityReason]:
    """Every line must be routine: a follow-up visit with a test is no longer plain."""
    found = set()
    for family in families:
        if family in ROUTINE_FAMILIES:
            found.add(ROUTINE_FAMILIES[family])
        elif family in SCREENING_FAMILIES and _is_check_up(facts):
            found.add(R.PREVENTIVE_SERVICE)
        else:
            return set()
    return set() if facts.places & HOSPITAL_PLACES else found


def _standard(facts: PriorityFacts, families: set[P | None]) -> set[PriorityReason]:
    found = {STANDARD_FAMILIES[family] for family in families if family in STANDARD_FAMILIES}
    if facts.places & HOSPITAL_PLACES:
        found.add(R.HOSPITAL_CARE)
    return found


def _beside(priority: Priority, facts: PriorityFacts) -> set[PriorityReason]:
    """Return what else bears on the answer: the charge, a check-up's diagnosis. Nothing when it is urgent."""
    if priority == Priority.URGENT:
        return set()
    found = {R.CHARGE_AT_LEAST_500} if facts.total >= MIDDLE_CHARGE else set()
    if priority == Priority.ROUTINE:
        if not found:
            found.add(R.CHARGE_BELOW_500)
        if _is_check_up(facts):
            found.add(R.PREVENTIVE_DIAGNOSIS)
    return found


def _doubts(priority: Priority, facts: PriorityFacts, families: set[P | None]) -> set[PriorityReason]:
    found = set()
    if None in families:
        found.add(R.UNKNOWN_PROCEDURE)
    if not are_readable(facts.diagnoses):
        found.add(R.UNREADABLE_DIAGNOSIS)
    if priority != Priority.URGENT and facts.total > JUST_BELOW:
        found.add(R.CHARGE_JUST_BELOW_5000)
    if priority == Priority.STANDARD and not families.isdisjoint(ROUTINE_FAMILIES):
        found.add(R.ROUTINE_SERVICES_BESIDE)
    age = facts.age
    if (
        priority == Priority.ROUTINE
        and age is not None
        and not all(fits_age(procedure.code, age) for procedure in facts.procedures)
    ):
        found.add(R.AGE_DOES_NOT_FIT)
    return found


def _is_check_up(facts: PriorityFacts) -> bool:
    return bool(facts.diagnoses) and is_preventive(facts.diagnoses[0])


def _distance(reason: PriorityReason, facts: PriorityFacts) -> float:
    """Return how far the charge lies from the reason's limit, as a share of the limit, at most 1."""
    limit = LIMITS.get(reason)
    return min(1.0, abs(float(facts.total - limit) / float(limit))) if limit else 0.0
