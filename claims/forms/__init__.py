"""The forms of a claim's provider side. ``ClaimForms`` is the whole claim form; a draft keeps its raw
content."""

from claims.forms.claim import ClaimForms, OwnLists, Problem
from claims.forms.content import (
    blank,
    content_of_claim,
    content_of_patient,
    content_of_post,
    with_code_added,
    with_row_added,
    with_row_removed,
)
from claims.forms.filters import ClaimFilterForm, MemberSearchForm

__all__ = [
    "ClaimFilterForm",
    "ClaimForms",
    "MemberSearchForm",
    "OwnLists",
    "Problem",
    "blank",
    "content_of_claim",
    "content_of_patient",
    "content_of_post",
    "with_code_added",
    "with_row_added",
    "with_row_removed",
]
