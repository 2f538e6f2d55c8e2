from django.db import models

from claimflow.lib.choices import choices_of, one_of
from claims.enums import ClaimState, Side


class StateTransition(models.Model):
    """Which kind of caller may take a claim from which state to which (ruling 9). Filled by the migration
    from ``claims.workflow``; a trigger on the claim asks it; a test holds the two equal."""

    source = models.CharField(max_length=20, choices=choices_of(ClaimState))
    target = models.CharField(max_length=20, choices=choices_of(ClaimState))
    side = models.CharField(max_length=8, choices=choices_of(Side))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("source", "target", "side"), name="claims_statetransition_once"),
            one_of("source", ClaimState, name="claims_statetransition_source"),
            one_of("target", ClaimState, name="claims_statetransition_target"),
            one_of("side", Side, name="claims_statetransition_side"),
        ]

    def __str__(self) -> str:
        return f"{self.source} to {self.target} by {self.side}"
