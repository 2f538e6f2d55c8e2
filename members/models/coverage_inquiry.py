from django.db import models

from claimflow.lib.models import Timed


class CoverageInquiry(Timed):
    """How often a person asked ``members.coverage_in_force`` in the current minute. The function counts here,
    so that member ids cannot be guessed by trying (ruling 19). One row a person; only the function reads
    it."""

    user_id = models.UUIDField(primary_key=True)
    minute = models.DateTimeField()
    asked = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "coverage inquiries"

    def __str__(self) -> str:
        return f"Coverage inquiries of {self.user_id}"
