from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claims.enums import PendReason, Turn
from claims.models.keys import ChangingChild, to_claim, to_user
from claims.querysets import PayerSide


class Hold(ChangingChild):
    """A pend, internal to the payer: why the claim waits, whose turn it is, until when or why without a
    timer. Open while ``resolved_at`` is empty; one open hold a claim, with one or more reasons."""

    claim = to_claim("holds")
    reasons = ArrayField(models.CharField(max_length=24))
    note = phi.EncryptedTextField(label="hold.note", max_length=4000, null=True, blank=True)
    turn = models.CharField(max_length=8, choices=choices_of(Turn))
    until = models.DateTimeField(null=True, blank=True)
    no_timer_because = phi.EncryptedTextField(
        label="hold.no_timer_because", max_length=400, null=True, blank=True
    )
    placed_by = to_user()
    placed_at = models.DateTimeField()
    resolved_by = to_user(null=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = PayerSide.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(resolved_at=None),
                name="claims_hold_one_open",
                violation_error_message=_("This claim is already pended."),
            ),
            one_of("turn", Turn, name="claims_hold_turn"),
            models.CheckConstraint(
                condition=Q(reasons__len__gte=1)
                & Q(reasons__contained_by=[reason.value for reason in PendReason]),
                name="claims_hold_reasons",
                violation_error_message=_("Choose at least one reason to pend."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=False) | Q(no_timer_because__isnull=False),
                name="claims_hold_timer",
                violation_error_message=_("Set a timer, or say why there is none."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="claims_hold_resolved_by_whom",
                violation_error_message=_("A resolved hold names who resolved it and when."),
            ),
        ]
        indexes = [
            models.Index(fields=("until",), name="claims_hold_until", condition=Q(resolved_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk}"
