from django.db import models

from claimflow.lib.models import Timed


class Throttle(Timed):
    """Wrong tries of one thing from one place (ruling 43). ``key`` is a keyed hash of the typed address and the
    client's address, whether or not such an account exists."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    window_started_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "Throttle"
