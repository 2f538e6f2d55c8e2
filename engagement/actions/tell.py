"""Writing and reading notices."""

from typing import Any
from uuid import UUID

from claims.models import Claim
from engagement.enums import NoticeKind
from engagement.models import Notice, NoticeReading

OF_STATE = {
    "approved": NoticeKind.CLAIM_APPROVED,
    "partially_approved": NoticeKind.CLAIM_PARTIALLY_APPROVED,
    "denied": NoticeKind.CLAIM_DENIED,
}


def tell_decision(*, claim_id: UUID) -> Notice | None:
    """Tell the provider that its claim was decided; run by the system after the decision's commit. Twice is
    harmless: a decision is told once."""
    claim = Claim.objects.get(pk=claim_id)
    kind = OF_STATE.get(claim.state)
    if kind is None or claim.adjudicated_at is None:
        return None
    told = {
        "organization_id": claim.provider_id,
        "claim": claim,
        "kind": kind.value,
        "happened_at": claim.adjudicated_at,
    }
    notice = Notice.objects.filter(**told).first()
    if notice is None:
        notice = Notice(**told)
        notice.save(force_insert=True)
    return notice


def mark_read(*, by: Any) -> int:
    """Mark every notice of the person's organization as read by them; returns how many were new."""
    unread = list(Notice.objects.unread_by(by)[:500])
    NoticeReading.objects.bulk_create(
        [NoticeReading(notice=notice, user=by, organization_id=by.organization_id) for notice in unread],
        ignore_conflicts=True,
    )
    return len(unread)
