from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified
from claimflow.lib.system_user import SYSTEM_USER_ID
from intelligence.enums import OverrideReason, Verdict
from intelligence.querysets import LedgerQuerySet


class LedgerOutcome(Identified):
    """What a person did with a suggestion: agreed once, or overrode it, perhaps more than once. Written once.

    It is tied to its suggestion by (``entry``, ``organization``). The reserved account ``system`` decides nothing
    here: no suggestion is its own approval.
    """

    entry = models.ForeignKey(
        "intelligence.LedgerEntry",
        on_delete=models.PROTECT,
        related_name="outcomes",
        db_index=False,
        db_constraint=False,
    )
    organization = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    verdict = models.CharField(max_length=8, choices=choices_of(Verdict))
    answer = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=30, choices=choices_of(OverrideReason), blank=True)
    note = phi.EncryptedTextField(label="ledger_outcome.note", max_length=1000, null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField()

    objects = LedgerQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("verdict", Verdict, name="intelligence_outcome_verdict"),
            models.UniqueConstraint(
                fields=("entry",),
                condition=Q(verdict=Verdict.AGREED),
                name="intelligence_outcome_agreed_once",
                violation_error_message=_("This suggestion was agreed with before."),
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.AGREED, answer="", reason="")
                | Q(
                    verdict=Verdict.OVERRODE,
                    answer__regex=r"^[A-Za-z0-9_.]+$",
                    reason__in=sorted(reason.value for reason in OverrideReason),
                ),
                name="intelligence_outcome_says_why",
                violation_error_message=_("Whoever overrides a suggestion says with what, and why."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=OverrideReason.OTHER) | Q(note__isnull=False),
                name="intelligence_outcome_other_in_words",
                violation_error_message=_("Another reason is given in words."),
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=SYSTEM_USER_ID),
                name="intelligence_outcome_by_a_person",
                violation_error_message=_("A person judges a suggestion, never the system itself."),
            ),
        ]
        indexes = [
            models.Index(fields=("organization", "decided_at"), name="intelligence_outcome_time"),
            models.Index(fields=("entry", "decided_at"), name="intelligence_outcome_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.answer or self.entry_id}"
