"""The words of notices."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice tells. It names a claim by id only; the page that shows it asks who may see the claim."""

    CLAIM_APPROVED = "claim_approved"
    CLAIM_PARTIALLY_APPROVED = "claim_partially_approved"
    CLAIM_DENIED = "claim_denied"
    CLAIM_PENDED = "claim_pended"
