from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.enums import AlertKind, AlertState
from accounts.models.organization import Organization
from accounts.querysets import AlertQuerySet
from audit.enums import Severity
from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed


class Alert(Identified, Timed):
    """Something in the trail that a security officer should look at, and what came of it.

    ``subject_kind`` and ``subject_id`` are those of the events behind it (``times`` of them, from ``happened_at`` to
    ``last_at``); without an organization it is the platform's alone. ``resolution`` is what somebody wrote about
    people, so it is encrypted. ``dedupe_key`` makes reading the trail twice harmless.
    """

    kind = models.CharField(max_length=30, choices=choices_of(AlertKind))
    severity = models.CharField(max_length=10, choices=choices_of(Severity))
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    happened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=choices_of(AlertState), default=AlertState.OPEN.value)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = phi.EncryptedTextField(label="accounts.alert.resolution", null=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=100, unique=True)

    objects: ClassVar[models.Manager[Alert]] = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-id"]
        constraints = [
            one_of("kind", AlertKind, name="alert_kind_known"),
            one_of("severity", Severity, name="alert_severity_known"),
            one_of("state", AlertState, name="alert_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=AlertState.OPEN.value) | models.Q(owner__isnull=False),
                name="alert_taken_by_somebody",
                violation_error_message="An alert that is not open has an owner.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=AlertState.RESOLVED.value, resolution__isnull=False, resolved_at__isnull=False
                )
                | (
                    ~models.Q(state=AlertState.RESOLVED.value)
                    & models.Q(resolution__isnull=True, resolved_at__isnull=True)
                ),
                name="alert_resolved_with_words",
                violation_error_message="A resolved alert says when and how, and no other does.",
            ),
        ]
        indexes = [
            models.Index(fields=["-happened_at", "-id"], name="alert_newest"),
            models.Index(fields=["organization", "-happened_at", "-id"], name="alert_organization_newest"),
            models.Index(fields=["kind", "subject_id", "-happened_at"], name="alert_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%d %H:%M}"


class AlertCursor(Timed):
    """How far the trail was read for alerts: every transaction of ``cluster`` before ``xid``. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    cluster = models.BigIntegerField(default=0)
    xid = models.BigIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="alert_cursor_one_row",
                violation_error_message="There is one cursor.",
            )
        ]

    def __str__(self) -> str:
        return f"read up to transaction {self.xid}"
