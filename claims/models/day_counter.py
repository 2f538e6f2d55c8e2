from django.db import models

from claimflow.lib.models import Timed


class DayCounter(Timed):
    """The last claim number given on a day; ``claims.next_number`` counts it up, last in its transaction."""

    day = models.DateField(primary_key=True)
    n = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day}: {self.n}"
