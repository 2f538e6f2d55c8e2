from django.conf import settings
from django.db import models

from claimflow.lib import phi
from claimflow.lib.models import Timed


class UserContact(Timed):
    """A person's own phone and address, encrypted (ruling 30), in a table that only the person reads: colleagues and
    administrators, who see ``User``, have no use for them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    phone = phi.EncryptedTextField(label="accounts.user_contact.phone", max_length=30, blank=True)
    address = phi.EncryptedTextField(label="accounts.user_contact.address", max_length=300, blank=True)

    def __str__(self) -> str:
        return f"Contact of {self.user_id}"
