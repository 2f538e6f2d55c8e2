from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from accounts.models.organization import Organization


class Session(AbstractBaseSession):
    """A browser's session. ``session_key`` is the SHA-256 of the cookie's value, so that reading this table gives
    nobody a session. Timeouts: ``last_seen_at`` (idle) and ``created_at`` (absolute). ``rights_digest`` says what the
    person could do when the key was made: a change of rights makes a new key (ASVS 7.2.4)."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="sessions"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    is_verified = models.BooleanField(default=False)
    address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    rights_digest = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["user"], name="session_user"),
            models.Index(fields=["expire_date"], name="session_expiry"),
        ]

    def __str__(self) -> str:
        return f"Session of {self.user_id}"

    @classmethod
    def get_session_store_class(cls) -> type:
        from accounts.session_store import SessionStore

        return SessionStore
