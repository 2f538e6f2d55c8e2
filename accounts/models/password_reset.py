from django.conf import settings
from django.db import models

from claimflow.lib.models import Identified, Timed


class PasswordReset(Identified, Timed):
    """Somebody asked for a new password. A row comes for every typed address; ``user`` is empty where no account may
    have one. The worker makes the token and mails it; ``token_hash`` is its SHA-256, empty until then.

    The link opens until ``expires_at``, once (``used_at``).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "forgotten password", "forgotten passwords"

    def __str__(self) -> str:
        return f"Forgotten password of {self.user_id}"
