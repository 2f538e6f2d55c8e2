from django.conf import settings
from django.db import models

from accounts.models import Organization
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from claims.models import Claim
from engagement.enums import NoticeKind
from engagement.querysets import NoticeQuerySet


class Notice(Identified, Timed):
    """Something an organization should know, written by a job after the fact (ruling 10). No health data: it names
    the claim, and the claim's own policies say who may open it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=30, choices=choices_of(NoticeKind))
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+", db_index=False)
    happened_at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at"]
        constraints = [
            one_of("kind", NoticeKind, name="notice_kind_known"),
            models.UniqueConstraint(
                fields=["claim", "kind", "happened_at", "organization"], name="notice_told_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "-happened_at"], name="notice_newest")]

    def __str__(self) -> str:
        return f"Notice {self.kind}"


class NoticeReading(models.Model):
    """Who has read which notice, and when."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    pk = models.CompositePrimaryKey("notice_id", "user_id")

    def __str__(self) -> str:
        return "Reading of a notice"
