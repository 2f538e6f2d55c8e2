from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of
from claims.enums import GlassVerdict
from claims.models.keys import ChangingChild, to_claim, to_user
from claims.querysets import BothSides


class GlassGrant(ChangingChild):
    """One emergency: somebody of the platform opened the health data of one claim, until when and why, and what another
    person found of it. ``reason`` and ``note`` are typed about a claim and so encrypted (ruling 30); both are read
    through ``claims.glass_words``."""

    claim = to_claim("glass_grants")
    user = to_user()
    reason = phi.EncryptedTextField(label="glass_grant.reason", max_length=1000)
    until = models.DateTimeField()
    verdict = models.CharField(max_length=15, choices=choices_of(GlassVerdict), blank=True)
    note = phi.EncryptedTextField(label="glass_grant.note", max_length=1000, null=True, blank=True)
    reviewed_by = to_user(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = BothSides.as_manager()

    class Meta:
        verbose_name = "emergency opening"
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_by=None, reviewed_at=None, note__isnull=True)
                | Q(
                    verdict__in=[verdict.value for verdict in GlassVerdict],
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                ),
                name="claims_glassgrant_signed_off_whole",
                violation_error_message=_("A sign-off says what was found, by whom and when."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("user")),
                name="claims_glassgrant_another_person",
                violation_error_message=_("Another person signs it off."),
            ),
        ]
        indexes = [
            models.Index(fields=("claim", "user", "until"), name="claims_glassgrant_live"),
            models.Index(fields=("-created_at", "-id"), name="claims_glassgrant_newest"),
        ]

    def __str__(self) -> str:
        return f"Emergency opening {self.pk}"
