"""Notes that only the payer reads."""

from typing import Any
from uuid import UUID

from audit.actions import record
from audit.enums import Action, SubjectKind
from claims.enums import NoteKind
from claims.models import Claim, PayerNote
from claims.policies import require_worker


def add_note(*, claim_id: UUID, body: str, by: Any) -> PayerNote:
    """Add a note to any claim of the payer. Raises ``Forbidden`` and ``Claim.DoesNotExist`` for a stranger's."""
    require_worker(by)
    claim = Claim.objects.visible_to(by).get(pk=claim_id)
    note = PayerNote(**claim.as_parent(), author=by, kind=NoteKind.GENERAL, body=body.strip())
    note.save(force_insert=True)
    record(Action.NOTE_ADDED, SubjectKind.CLAIM, claim.pk, payer_id=claim.payer_id)
    return note
