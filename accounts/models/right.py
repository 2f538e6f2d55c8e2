from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.enums import UserRole
from accounts.models.organization import Organization
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.ids import uuid7
from claimflow.lib.models import Identified, Timed


class Role(Identified, Timed):
    """A named bundle of permissions that a compliance officer can read. System roles come from accounts/roles.py and
    are written by migrate alone; administrators of the platform compose further ones."""

    name = models.CharField(max_length=60)
    side = models.CharField(max_length=10, choices=choices_of(UserRole))
    description = models.TextField()
    permissions = ArrayField(models.CharField(max_length=40), default=list)
    is_system = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["side", "name"]
        constraints = [
            one_of("side", UserRole, name="role_side_known"),
            models.UniqueConstraint(
                fields=["side", "name"],
                name="role_name_once",
                violation_error_message="This side has a role of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RightGrant(models.Model):
    """One role held by one person: by whom and when. Taking it away deletes the row; the trail keeps the story."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rights")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = "role held", "roles held"
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="right_once")]

    def __str__(self) -> str:
        return f"{self.role_id} held by {self.user_id}"
