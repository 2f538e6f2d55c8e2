"""What priority may look at, taken from a claim: nothing that names a person leaves this file but an age in years."""

from collections.abc import Iterable

from claimflow.lib import phi
from claims.actions.judge import Answers
from claims.edits.patient import age_on
from claims.models import Claim, ServiceLine
from codes.models import Procedure
from intelligence.priority import PriorityFacts, ProcedureFacts


def priority_facts(
    *, claim: Claim, lines: Iterable[ServiceLine], codes: Iterable[str], procedures: Answers
) -> PriorityFacts:
    """From rows that are at hand. ``codes`` are the diagnoses, the first one first."""
    lines = list(lines)
    born = phi.value(claim, "patient_birth_date")
    return PriorityFacts(
        procedures=tuple(_procedure(line, procedures) for line in lines),
        diagnoses=tuple(codes),
        total=claim.billed_amount,
        age=age_on(born, claim.service_date) if born else None,
        places=frozenset(line.place_of_service for line in lines),
    )


def stored_facts(claim: Claim) -> PriorityFacts:
    """The same, read from the database: three queries."""
    lines = list(claim.lines.order_by("line_no"))
    codes = claim.diagnoses.order_by("letter").values_list("code", flat=True)
    procedures = Procedure.objects.judge_many(line.procedure_code for line in lines)
    return priority_facts(claim=claim, lines=lines, codes=codes, procedures=procedures)


def _procedure(line: ServiceLine, procedures: Answers) -> ProcedureFacts:
    answer = procedures.get(line.procedure_code)
    if answer is None or not answer.known:
        return ProcedureFacts(line.procedure_code, emergency=line.is_emergency)
    return ProcedureFacts(
        line.procedure_code,
        category=answer.category,
        emergency=answer.emergency or line.is_emergency,
        preventive=answer.preventive,
    )
