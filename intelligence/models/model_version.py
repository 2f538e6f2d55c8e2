from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from claimflow.lib.system_user import SYSTEM_USER_ID
from intelligence.enums import RemoteAdapter, VersionKind, VersionState
from intelligence.querysets import VersionQuerySet


class ModelVersion(Identified, Timed):
    """What suggests a priority: the rules with a scorecard, or a remote model. What it is never changes, only its
    state does.

    One version of each kind is active. Shadows answer beside it, for the ledger alone. Who activates a version is not
    who proposed it; what the program brings itself was proposed by the reserved account and needs no second person.
    ``replaced`` is what was active before it, the one click back.
    """

    kind = models.CharField(max_length=8, choices=choices_of(VersionKind))
    rules = models.CharField(max_length=40, blank=True)
    scorecard = models.CharField(max_length=40, blank=True)
    adapter = models.CharField(max_length=12, choices=choices_of(RemoteAdapter), blank=True)
    model = models.CharField(max_length=60, blank=True)
    state = models.CharField(
        max_length=8, choices=choices_of(VersionState), default=VersionState.SHADOW.value
    )
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    activated_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False, null=True, blank=True
    )
    activated_at = models.DateTimeField(null=True, blank=True)
    replaced = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", db_index=False, null=True, blank=True
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions of rules and models")
        constraints = [
            one_of("kind", VersionKind, name="intelligence_version_kind"),
            one_of("state", VersionState, name="intelligence_version_state"),
            models.CheckConstraint(
                condition=Q(kind=VersionKind.RULES, adapter="", model="") & ~Q(rules="") & ~Q(scorecard="")
                | Q(
                    kind=VersionKind.MODEL,
                    rules="",
                    scorecard="",
                    adapter__in=sorted(adapter.value for adapter in RemoteAdapter),
                )
                & ~Q(model=""),
                name="intelligence_version_shape",
                violation_error_message=_(
                    "A version is rules with a scorecard, or a model with its protocol."
                ),
            ),
            models.UniqueConstraint(
                fields=("kind", "rules", "scorecard", "adapter", "model"),
                name="intelligence_version_once",
                violation_error_message=_("This version is already there."),
            ),
            models.UniqueConstraint(
                fields=("kind",),
                condition=Q(state=VersionState.ACTIVE),
                name="intelligence_version_one_active",
                violation_error_message=_("Another version of this kind is active."),
            ),
            models.CheckConstraint(
                condition=Q(activated_by=None) | ~Q(activated_by=F("proposed_by")),
                name="intelligence_version_four_eyes",
                violation_error_message=_("Whoever proposed a version does not activate it."),
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.ACTIVE)
                | Q(proposed_by=SYSTEM_USER_ID)
                | Q(activated_by__isnull=False, activated_at__isnull=False),
                name="intelligence_version_activated_by_whom",
                violation_error_message=_("An active version says who activated it, and when."),
            ),
        ]

    def __str__(self) -> str:
        if self.kind == VersionKind.RULES:
            return _("%(rules)s with %(scorecard)s") % {"rules": self.rules, "scorecard": self.scorecard}
        return _("%(model)s over %(adapter)s") % {"model": self.model, "adapter": self.adapter}
