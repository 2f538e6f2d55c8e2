"""What a remote model is told: the facts of priority, stripped of whatever could name a person (45 CFR 164.514(b)(2)).

Codes, the total charge, an age band, places of service and families of procedures. Everything else that a claim knows
has no way in here: `PriorityFacts` does not carry it. A code without the shape of a code is left out as well, because
people paste names and member ids into code fields.
"""

import json
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from codes.formats import is_icd10cm, is_place_of_service, procedure_system
from intelligence.enums import Priority
from intelligence.families import category_of
from intelligence.priority import PriorityFacts, ProcedureFacts
from intelligence.remote.answer import REASONS

AGE_BANDS = (
    (0, "under 1"),
    (1, "1 to 4"),
    (5, "5 to 12"),
    (13, "13 to 17"),
    (18, "18 to 29"),
    (30, "30 to 39"),
    (40, "40 to 49"),
    (50, "50 to 59"),
    (60, "60 to 69"),
    (70, "70 to 79"),
    (80, "80 to 89"),
    (90, "90 or older"),
)
"""From which year a band begins. All ages over 89 are one, as 45 CFR 164.514(b)(2)(i)(C) asks."""
UNREADABLE = "unreadable"
PROMPT_VERSION = "prompt-1"
"""Changes whenever a word of the instructions or the shape of the facts does; stands in the ledger."""
MOST_CODES = 50

INSTRUCTIONS = (
    "You sort health insurance claims for a payer's queue. You decide no claim. You are given codes, a total charge in"
    " US dollars, an age band, places of service and families of procedures as JSON, and nothing that names a person."
    " Answer with one JSON object and nothing else. Its keys:\n"
    f'"priority": one of {", ".join(Priority)}. urgent: emergency service, critical care, a life-threatening diagnosis,'
    " or a charge above $5,000.00. routine: nothing but preventive services or plain follow-up visits. standard: other"
    " therapy, diagnostics, procedures and hospital care, and other charges of $500.00 or more. Otherwise routine.\n"
    '"confidence": a number from 0 to 1, how sure you are.\n'
    f'"reasons": one to five of these words, strongest first: {", ".join(REASONS)}.'
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """`instructions` are the same for every claim; `facts` is the JSON of one."""

    instructions: str
    facts: str

    @property
    def text(self) -> str:
        """The whole of it, as it is sealed in the ledger."""
        return f"{self.instructions}\n\n{self.facts}"


def prompt_of(facts: PriorityFacts) -> Prompt:
    """The question about one claim. The same facts give the same text."""
    return Prompt(INSTRUCTIONS, json.dumps(_told(facts), separators=(",", ":"), sort_keys=True))


def age_band(age: int | None) -> str:
    """Return the band of an age in whole years; "unknown" for none."""
    if age is None or age < 0:
        return "unknown"
    return AGE_BANDS[bisect_right(AGE_BANDS, age, key=lambda band: band[0]) - 1][1]


def _told(facts: PriorityFacts) -> dict[str, Any]:
    return {
        "procedures": [_procedure(each) for each in facts.procedures[:MOST_CODES]],
        "diagnoses": [code if is_icd10cm(code) else UNREADABLE for code in facts.diagnoses[:MOST_CODES]],
        "charge": str(facts.total),
        "age": age_band(facts.age),
        "places": sorted(place for place in facts.places if is_place_of_service(place)),
    }


def _procedure(procedure: ProcedureFacts) -> dict[str, Any]:
    category = procedure.category or category_of(procedure.code)
    return {
        "code": procedure.code if procedure_system(procedure.code) else UNREADABLE,
        "family": category.value if category else "unknown",
        "emergency": procedure.emergency,
        "preventive": procedure.preventive,
    }
