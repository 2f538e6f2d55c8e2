from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission, UserRole
from accounts.models.organization import Organization
from accounts.safeguards import Safeguards
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed

LOOKED_UP = frozenset(
    f"accounts.view_{model}"
    for model in ("organization", "organizationprofile", "user", "role", "rightgrant", "session")
)
"""What support may open in the administration."""


no_separator = RegexValidator(
    r"[|\x00]", _("An address with the sign | cannot be used here. Give another one."), inverse_match=True
)
"""The sign parts the words of the context's token (claimflow/lib/db/context.py), which names addresses at the door."""


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, Identified, Timed):
    """A person with one address, one side and, unless an administrator, one organization of that side.

    The password hash is not here but in ``Credential`` (ruling 36); rights are rows of ``RightGrant``. A request's
    user comes from ``accounts.resolve_session`` with ``organization`` and ``permissions`` already loaded.
    """

    # Columns of the base class that Django lets a model take away; its types do not know that.
    password = None  # type: ignore[assignment]
    last_login = None

    email = models.EmailField(max_length=255, unique=True, validators=[no_separator])
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=10, choices=choices_of(UserRole))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="users"
    )
    is_active = models.BooleanField(default=True)
    is_first_login = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    """Written when a session ends; a living session knows better."""

    # Set by ``resolve_session``; who was found otherwise is not at the door.
    password_expired = False

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [
            one_of("role", UserRole, name="user_role_known"),
            models.CheckConstraint(
                condition=models.Q(role=UserRole.ADMIN.value, organization__isnull=True)
                | models.Q(
                    role__in=[UserRole.PROVIDER.value, UserRole.PAYER.value], organization__isnull=False
                ),
                name="user_organization_fits_role",
                violation_error_message="Provider and payer users belong to one organization; administrators to none.",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lower",
                violation_error_message="Addresses are kept in lower case.",
            ),
            models.CheckConstraint(
                condition=~models.Q(email__contains="|"),
                name="user_email_no_separator",
                violation_error_message="An address with the sign | cannot be used here.",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def kind(self) -> str:
        """The database kind of this person's requests."""
        return self.role

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def organization_pk(self) -> UUID:
        """The key of the person's organization. Raises ``LookupError`` for an administrator, who has none."""
        if self.organization_id is None:
            raise LookupError("Administrators belong to no organization.")
        return self.organization_id

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Every permission of every role held; one query unless the session already brought them."""
        grants = self.rights.select_related("role").all()
        return frozenset(name for grant in grants for name in grant.role.permissions)

    def has(self, permission: Permission) -> bool:
        return self.is_active and permission.value in self.permissions

    @cached_property
    def safeguards(self) -> Safeguards:
        """What guards this person: the stricter of two policies. One query unless the session already brought it."""
        from accounts.models.security_policy import SecurityPolicy

        return SecurityPolicy.objects.in_force(self.organization_id)

    @property
    def must_choose_password(self) -> bool:
        """Whether nothing else opens: the password is temporary, or older than the policy allows."""
        return self.is_first_login or self.password_expired

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """The organization's zone; the platform's for administrators."""
        profile = getattr(self.organization, "profile", None) if self.organization_id else None
        return ZoneInfo(profile.time_zone if profile else settings.PLATFORM_TIME_ZONE)

    # --- What the Django admin asks (its answers come from policies, ruling 36) ---
    @property
    def is_staff(self) -> bool:
        """Whoever administers, and whoever only looks up accounts there."""
        opens = self.has(Permission.ADMINISTER) or self.has(Permission.LOOK_UP_ACCOUNTS)
        return self.role == UserRole.ADMIN and opens

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Administrators may look at and change what the admin registers, support may look at accounts; deleting is
        never granted here."""
        if self.role != UserRole.ADMIN or ".delete_" in perm:
            return False
        if self.has(Permission.ADMINISTER):
            return True
        return perm in LOOKED_UP and self.has(Permission.LOOK_UP_ACCOUNTS)

    def has_perms(self, perms: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and (app_label == "accounts" or self.has(Permission.ADMINISTER))

    def get_session_auth_hash(self) -> str:
        """Sessions end by rows, not by hashes: changing a credential deletes the person's other sessions."""
        return salted_hmac("accounts.user.session", str(self.pk), algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.first_name or self.email
