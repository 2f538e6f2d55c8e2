from django.db import models

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claims.enums import NoteKind
from claims.models.keys import ClaimChild, to_claim, to_user
from claims.querysets import PayerSide


class PayerNote(ClaimChild):
    """A note that only the payer reads. ``kind`` decision is what document 001 calls
    ``adjudication_notes``."""

    claim = to_claim("payer_notes")
    author = to_user()
    kind = models.CharField(max_length=8, choices=choices_of(NoteKind), default=NoteKind.GENERAL)
    body = phi.EncryptedTextField(label="payer_note.body", max_length=4000)

    objects = PayerSide.as_manager()

    class Meta:
        constraints = [one_of("kind", NoteKind, name="claims_payernote_kind")]
        indexes = [models.Index(fields=("claim", "created_at"), name="claims_payernote_claim")]

    def __str__(self) -> str:
        return f"Payer note {self.pk}"
