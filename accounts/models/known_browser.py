from django.conf import settings
from django.db import models

from claimflow.lib.models import Identified, Timed


class KnownBrowser(Identified, Timed):
    """A browser from which somebody came through the door before. It is known by a random cookie of its own, of which
    this is the SHA-256; nothing about the browser itself is looked at. ``updated_at`` is the last time."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_browsers"
    )
    cookie_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "cookie_hash"], name="known_browser_once")]

    def __str__(self) -> str:
        return f"Browser of {self.user_id}"
