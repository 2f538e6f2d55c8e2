from django.conf import settings
from django.db import models

from claimflow.lib.ids import uuid7


class EarlierPassword(models.Model):
    """The hash of a password that somebody had before, temporary ones included, readable to kind ``login`` alone:
    what the security policy's history refuses. As many are kept as a policy can ask for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="earlier_passwords"
    )
    password = models.CharField(max_length=255)
    replaced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "replaced_at"], name="earlier_password_user")]

    def __str__(self) -> str:
        return f"Earlier password of {self.user_id}"
