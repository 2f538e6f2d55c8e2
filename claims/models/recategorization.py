from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from claims.enums import RunState
from claims.models.keys import reference, to_organization, to_user
from claims.querysets import PayerSide
from intelligence.enums import Priority

OPEN = (RunState.COUNTING, RunState.READY, RunState.RUNNING, RunState.UNDOING)


class Recategorization(Identified, Timed):
    """The rules run again over a payer's waiting claims: whom it is about, how far it is, and what it changed.

    The filter is empty where everything is meant: the priority now, the provider, how many days a claim has waited
    at least, and its first procedure or diagnosis. ``crossing`` is {earlier priority: {then: claims}}, counted
    before anybody starts it. One is open at a payer at a time.
    """

    payer = to_organization()
    state = models.CharField(max_length=10, choices=choices_of(RunState), default=RunState.COUNTING)
    priority = models.CharField(_("priority now"), max_length=8, choices=choices_of(Priority), blank=True)
    provider = reference("accounts.Organization")
    waited_days = models.PositiveSmallIntegerField(
        _("days waited, at least"), null=True, blank=True, validators=[MaxValueValidator(3650)]
    )
    code = models.CharField(_("first procedure or diagnosis"), max_length=10, blank=True)
    asked_by = to_user()
    undone_by = to_user(null=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cursor = models.CharField(max_length=1000, blank=True, editable=False)
    counted = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    crossing = models.JSONField(default=dict, blank=True)

    objects = PayerSide.as_manager()

    class Meta:
        verbose_name = _("re-categorization")
        constraints = [
            one_of("state", RunState, name="claims_recategorization_state"),
            models.UniqueConstraint(fields=("id", "payer"), name="claims_recategorization_key"),
            models.UniqueConstraint(
                fields=("payer",),
                condition=Q(state__in=sorted(OPEN)),
                name="claims_recategorization_one_open",
                violation_error_message=_("Another re-categorization of this payer is not finished."),
            ),
            models.CheckConstraint(
                condition=Q(priority__in=["", *sorted(Priority)]),
                name="claims_recategorization_priority",
                violation_error_message=_("Choose urgent, standard, routine, or any."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RunState.UNDOING, RunState.UNDONE]) | Q(undone_by__isnull=False),
                name="claims_recategorization_undone_by_whom",
                violation_error_message=_("Who takes a run back is named."),
            ),
        ]
        indexes = [models.Index(fields=("payer", "-created_at"), name="claims_recategorization_own")]

    def __str__(self) -> str:
        return f"Re-categorization {self.pk}"
