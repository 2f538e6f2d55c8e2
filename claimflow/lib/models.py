"""What nearly every table has."""

from django.db import models

from claimflow.lib.ids import uuid7


class Identified(models.Model):
    """A UUID version 7 made in Python (ruling 10)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Timed(models.Model):
    """When a row came and when it last changed, UTC (ruling 17). ``save(update_fields=...)`` must name
    ``updated_at`` to move it; ``touch`` does that."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True

    def touch(self, *fields: str) -> None:
        """Save just these columns, and the time of the change."""
        self.save(update_fields=[*fields, "updated_at"])
