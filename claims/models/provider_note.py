from django.db import models

from claimflow.lib import phi
from claims.models.keys import ClaimChild, to_claim, to_user
from claims.querysets import ProviderSide


class ProviderNote(ClaimChild):
    """A note that only the provider reads."""

    claim = to_claim("provider_notes")
    author = to_user()
    body = phi.EncryptedTextField(label="provider_note.body", max_length=4000)

    objects = ProviderSide.as_manager()

    class Meta:
        indexes = [models.Index(fields=("claim", "created_at"), name="claims_providernote_claim")]

    def __str__(self) -> str:
        return f"Provider note {self.pk}"
