"""After a withdrawal nothing holds the claim any more (ruling 10). The system's step, run by a job."""

from uuid import UUID

from django.utils import timezone

from claimflow.lib.system_user import SYSTEM_USER_ID
from claims.enums import ClaimState
from claims.models import Claim, Hold


def close_holds(*, claim_id: UUID) -> int:
    """Resolve the open holds of a voided claim and return how many; twice is harmless."""
    if not Claim.objects.filter(pk=claim_id, state=ClaimState.VOIDED).exists():
        return 0
    now = timezone.now()
    return Hold.objects.filter(claim_id=claim_id, resolved_at=None).update(
        resolved_at=now, resolved_by_id=SYSTEM_USER_ID, updated_at=now
    )
