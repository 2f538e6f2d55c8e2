from django.contrib.postgres.fields import ArrayField
from django.db import models

from claimflow.lib.choices import choices_of, one_of
from claims.enums import RunItemState
from claims.models.keys import ChangingChild, reference, to_claim
from claims.querysets import PayerSide
from intelligence.enums import Priority, PrioritySource


class RecategorizationItem(ChangingChild):
    """One claim that a run changes: what it had, so that it can have it again, and what the rules say now. ``entry``
    is the suggestion in the ledger once it is applied."""

    run = reference("claims.Recategorization", related_name="items", null=False)
    claim = to_claim("recategorizations")
    state = models.CharField(max_length=8, choices=choices_of(RunItemState), default=RunItemState.PROPOSED)
    earlier_priority = models.CharField(max_length=8, choices=choices_of(Priority))
    earlier_source = models.CharField(max_length=12, choices=choices_of(PrioritySource))
    earlier_reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    earlier_due_at = models.DateTimeField()
    priority = models.CharField(max_length=8, choices=choices_of(Priority))
    entry = reference("intelligence.LedgerEntry")

    objects = PayerSide.as_manager()

    class Meta:
        constraints = [
            one_of("state", RunItemState, name="claims_recategorizationitem_state"),
            models.UniqueConstraint(fields=("run", "claim"), name="claims_recategorizationitem_once"),
        ]
        indexes = [models.Index(fields=("run", "state", "id"), name="claims_runitem_state")]

    def __str__(self) -> str:
        return f"{self.earlier_priority} to {self.priority}"
