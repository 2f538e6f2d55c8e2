"""What nearly every table has; and the kernel's own tables."""

from django.db import models
from django.db.models import F, Q

from claimflow.lib.backup.enums import BackupKind, BackupOutcome
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.ids import uuid7


class Identified(models.Model):
    """A UUID version 7 made in Python (ruling 10)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Timed(models.Model):
    """When a row came and when it last changed, UTC (ruling 17). ``save(update_fields=...)`` must name
    ``updated_at`` to move it; ``touch`` does that."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True

    def touch(self, *fields: str) -> None:
        """Save just these columns, and the time of the change."""
        self.save(update_fields=[*fields, "updated_at"])


class BackupRun(Identified):
    """One run of ``backup`` or ``restore_check``, written when it ended. ``bytes`` and ``rows`` are the file's, 0 where
    the run did not get as far; a run that was killed has no row."""

    kind = models.CharField(max_length=16, choices=choices_of(BackupKind))
    outcome = models.CharField(max_length=12, choices=choices_of(BackupOutcome))
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    file_name = models.CharField(max_length=200, blank=True)
    bytes = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "backup run"
        indexes = [models.Index(fields=["kind", "-finished_at"], name="kernel_backup_newest")]
        constraints = [
            one_of("kind", BackupKind, name="kernel_backup_kind"),
            one_of("outcome", BackupOutcome, name="kernel_backup_outcome"),
            models.CheckConstraint(
                condition=Q(finished_at__gte=F("started_at")),
                name="kernel_backup_in_order",
                violation_error_message="A run ends after it began.",
            ),
            models.CheckConstraint(
                condition=Q(bytes__gte=0, rows__gte=0),
                name="kernel_backup_counts",
                violation_error_message="Bytes and rows are counted from 0.",
            ),
            models.CheckConstraint(
                condition=~Q(file_name__contains="/"),
                name="kernel_backup_no_path",
                violation_error_message="A file name without its path.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.finished_at:%Y-%m-%d %H:%M}"
