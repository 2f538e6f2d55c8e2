from django.db import models
from django.db.models import Q

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Timed
from intelligence.enums import RemoteAdapter


class RemoteCircuit(Timed):
    """Whether the service behind an adapter is worth asking, for every process of this installation. ``failures`` are
    those in a row; while ``open_until`` lies ahead nobody asks, and after it one call tries."""

    adapter = models.CharField(primary_key=True, max_length=12, choices=choices_of(RemoteAdapter))
    failures = models.IntegerField(default=0)
    open_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "circuit breaker"
        constraints = [
            one_of("adapter", RemoteAdapter, name="intelligence_circuit_adapter"),
            models.CheckConstraint(
                condition=Q(failures__gte=0),
                name="intelligence_circuit_failures",
                violation_error_message="Failures are counted from 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.adapter
