from django.conf import settings
from django.db import models

from claimflow.lib.models import Timed


class Credential(Timed):
    """A password's hash, readable to kind ``login`` alone (ruling 36). ``temporary_until`` is set while the password
    is one that an administrator was shown once; a used one leaves no hash. ``wrong_tries`` and ``wrong_since`` are what
    the owner is told at the next sign-in (ruling 43)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="credential"
    )
    password = models.CharField(max_length=255)
    changed_at = models.DateTimeField()
    temporary_until = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveIntegerField(null=True, blank=True)
    wrong_since = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Credential of {self.user_id}"
