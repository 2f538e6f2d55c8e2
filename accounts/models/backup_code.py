from django.conf import settings
from django.db import models

from claimflow.lib.models import Identified, Timed


class BackupCode(Identified, Timed):
    """One of a person's ten codes for the day without the authenticator. ``code_hash`` is a keyed hash; a used code
    stays as a row with its time until the next ten are made."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="backup_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Backup code of {self.user_id}"
