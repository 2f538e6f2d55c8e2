from django.conf import settings
from django.db import models

from claimflow.lib import phi
from claimflow.lib.models import Identified, Timed


class EmailChange(Identified, Timed):
    """A new address that waits for a yes from both: the one that would come and the one that would go. Each got a link
    with a token of its own, of which this keeps the SHA-256. At most one for a person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    email = phi.EncryptedTextField(label="accounts.email_change.email", max_length=255)
    old_token = models.CharField(max_length=64, unique=True)
    new_token = models.CharField(max_length=64, unique=True)
    old_confirmed_at = models.DateTimeField(null=True, blank=True)
    new_confirmed_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="email_change_until")]

    def __str__(self) -> str:
        return f"Change of address of {self.user_id}"
