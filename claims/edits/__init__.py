"""Submission edits: what must be right before a claim goes to the payer, the same at every door.

    findings = run(facts)
    if blocking(findings): ...

The order of these imports is the order in which findings of one severity are shown: as on the form.
"""

from claims.edits import (  # noqa: I001  (the order is the form's)
    coverage,
    patient,
    providers,
    diagnoses,
    lines,
    dates,
    amounts,
    circumstances,
    resubmission,
)
from claims.edits.findings import EDITS, Finding, blocking, run

__all__ = [
    "EDITS",
    "Finding",
    "amounts",
    "blocking",
    "circumstances",
    "coverage",
    "dates",
    "diagnoses",
    "lines",
    "patient",
    "providers",
    "resubmission",
    "run",
]
