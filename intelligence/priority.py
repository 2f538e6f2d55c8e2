"""Priority of a claim in the payer's queue, by rules that explain themselves (ruling 44).

First match: emergency, critical care or a critical diagnosis is urgent; a charge above $5,000.00 is urgent; a
preventive service or plain follow-up visit is routine; therapy, diagnostics, procedures and hospital care are
standard; otherwise $500.00 and above is standard, less is routine. Priority never decides a claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from claimflow.lib.sentences import gettext_noop as _
from codes.enums import ProcedureCategory as P
from intelligence.enums import Priority, PriorityReason, PrioritySource
from intelligence.families import category_of, is_critical, is_preventive

VERSION = "rules-2"
HIGH_CHARGE = Decimal("5000.00")
MIDDLE_CHARGE = Decimal("500.00")
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
SCREENING_FAMILIES = frozenset({P.VISIT, P.LABORATORY, P.IMAGING, P.DIAGNOSTIC_TEST})
"""Preventive when the first diagnosis is: a check-up coded as a visit, a screening coded as a test."""

PLAIN_WORDS: Mapping[PriorityReason, str] = {
    R.EMERGENCY_SERVICE: _("Emergency service"),
    R.CRITICAL_CARE: _("Critical care"),
    R.CRITICAL_DIAGNOSIS: _("Life-threatening diagnosis"),
    R.HIGH_CHARGE: _("Charge above $5,000.00"),
    R.PREVENTIVE_SERVICE: _("Preventive service"),
    R.FOLLOW_UP_VISIT: _("Plain follow-up visit"),
    R.HOSPITAL_CARE: _("Hospital care"),
    R.PROCEDURE: _("Surgery or other procedure"),
    R.DIAGNOSTICS: _("Diagnostic service"),
    R.THERAPY: _("Therapy"),
    R.CHARGE_AT_LEAST_500: _("Charge of $500.00 or more"),
    R.CHARGE_BELOW_500: _("Charge below $500.00"),
    R.UNKNOWN_PROCEDURE: _("A procedure code that no rule knows"),
    R.RULES_FAILED: _("The rules could not judge this claim"),
}

STRENGTH: Mapping[PriorityReason, float] = {
    R.CRITICAL_CARE: 0.97,
    R.EMERGENCY_SERVICE: 0.90,
    R.CRITICAL_DIAGNOSIS: 0.90,
    R.HIGH_CHARGE: 0.80,
    R.PREVENTIVE_SERVICE: 0.93,
    R.FOLLOW_UP_VISIT: 0.88,
    R.HOSPITAL_CARE: 0.85,
    R.PROCEDURE: 0.85,
    R.DIAGNOSTICS: 0.85,
    R.THERAPY: 0.85,
    R.CHARGE_AT_LEAST_500: 0.65,
    R.CHARGE_BELOW_500: 0.65,
    R.UNKNOWN_PROCEDURE: 0.0,
}
"""How sure each rule is by itself. Set by judgment, not measured; independent rules that agree add up."""

MOST_CONFIDENT = 0.99
UNKNOWN_FACTOR = 0.8


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

    `diagnoses` without point, the first one first; `total` in dollars; `age` in years is kept for the record
    and used by no rule yet; `places` are places of service.
    """

    procedures: tuple[ProcedureFacts, ...]
    diagnoses: tuple[str, ...]
    total: Decimal
    age: int | None = None
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer with its reasons, the strongest rule first. `failure` names an exception's class, no more."""

    priority: Priority
    confidence: float
    reasons: tuple[PriorityReason, ...]
    source: PrioritySource = PrioritySource.RULES
    version: str = VERSION
    failure: str = ""


def decide(facts: PriorityFacts) -> Suggestion:
    """Return the priority. Unknown codes are answered too; raises only for facts of the wrong types."""
    families = {_family(procedure) for procedure in facts.procedures}
    urgent = _urgent(facts, families)
    if urgent:
        return _suggest(Priority.URGENT, urgent, facts, families)
    if routine := _routine(facts, families):
        return _suggest(Priority.ROUTINE, routine, facts, families)
    if standard := _standard(facts, families):
        return _suggest(Priority.STANDARD, standard, facts, families)
    if facts.total >= MIDDLE_CHARGE:
        return _suggest(Priority.STANDARD, [R.CHARGE_AT_LEAST_500], facts, families)
    return _suggest(Priority.ROUTINE, [R.CHARGE_BELOW_500], facts, families)


def decide_safely(facts: PriorityFacts) -> Suggestion:
    """Return the priority, or standard when the rules fail: they never stand in the way of a submission."""
    try:
        return decide(facts)
    except Exception as failure:
        return fallback(type(failure).__name__)


def fallback(failure: str) -> Suggestion:
    """Return what a claim gets when nothing could judge it."""
    return Suggestion(Priority.STANDARD, 0.0, (R.RULES_FAILED,), PrioritySource.FALLBACK, failure=failure)


def _family(procedure: ProcedureFacts) -> P | None:
    if procedure.emergency and procedure.category != P.CRITICAL_CARE:
        return P.EMERGENCY
    if procedure.preventive:
        return P.PREVENTIVE
    return procedure.category or category_of(procedure.code)


def _urgent(facts: PriorityFacts, families: set[P | None]) -> list[PriorityReason]:
    found = []
    if P.CRITICAL_CARE in families:
        found.append(R.CRITICAL_CARE)
    if P.EMERGENCY in families or EMERGENCY_ROOM in facts.places:
        found.append(R.EMERGENCY_SERVICE)
    if any(map(is_critical, facts.diagnoses)):
        found.append(R.CRITICAL_DIAGNOSIS)
    if facts.total > HIGH_CHARGE:
        found.append(R.HIGH_CHARGE)
    return found


def _routine(facts: PriorityFacts, families: set[P | None]) -> list[PriorityReason]:
    """Every line must be routine: a follow-up visit with a test is no longer plain."""
    screening = bool(facts.diagnoses) and is_preventive(facts.diagnoses[0])
    found = set()
    for family in families:
        if family in ROUTINE_FAMILIES:
            found.add(ROUTINE_FAMILIES[family])
        elif screening and family in SCREENING_FAMILIES:
            found.add(R.PREVENTIVE_SERVICE)
        else:
            return []
    return [] if facts.places & HOSPITAL_PLACES else sorted(found, key=_strength, reverse=True)


def _standard(facts: PriorityFacts, families: set[P | None]) -> list[PriorityReason]:
    found = {STANDARD_FAMILIES[family] for family in families if family in STANDARD_FAMILIES}
    if facts.places & HOSPITAL_PLACES:
        found.add(R.HOSPITAL_CARE)
    return [reason for reason in R if reason in found]


def _suggest(
    priority: Priority, reasons: list[PriorityReason], facts: PriorityFacts, families: set[P | None]
) -> Suggestion:
    confidence = _confidence(reasons, facts.total)
    if None in families:
        reasons.append(R.UNKNOWN_PROCEDURE)
        confidence *= UNKNOWN_FACTOR
    return Suggestion(priority, round(min(confidence, MOST_CONFIDENT), 2), tuple(reasons))


def _confidence(reasons: list[PriorityReason], total: Decimal) -> float:
    """Combine the rules that agree; only urgent ones are independent of each other."""
    if R.CHARGE_AT_LEAST_500 in reasons or R.CHARGE_BELOW_500 in reasons:
        return _strength(reasons[0]) + 0.15 * _distance(total, MIDDLE_CHARGE)
    if R.HIGH_CHARGE in reasons and len(reasons) == 1:
        return _strength(R.HIGH_CHARGE) + 0.15 * _distance(total, HIGH_CHARGE)
    if reasons[0] in STANDARD_FAMILIES.values():
        return _strength(reasons[0])
    doubt = 1.0
    for reason in reasons:
        doubt *= 1.0 - _strength(reason)
    return 1.0 - doubt


def _distance(total: Decimal, threshold: Decimal) -> float:
    """Return 0 at the threshold, 1 at twice its distance from zero or beyond."""
    return min(1.0, abs(float(total - threshold)) / float(threshold))


def _strength(reason: PriorityReason) -> float:
    return STRENGTH[reason]
