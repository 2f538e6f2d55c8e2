from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.safeguards import NAMES, Safeguards, combined
from claimflow.lib.models import Identified, Timed

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# What an administrator may choose: a figure outside would lock everybody out or guard nothing.
LIMITS = {
    "minimum_length": (12, 64),
    "character_classes": (0, 4),
    "expiry_days": (0, 730),
    "history": (0, 10),
    "attempts": (3, 10),
    "lock_minutes": (5, 1440),
    "idle_minutes": (5, 120),
    "absolute_hours": (1, 24),
}


def guards_of(rows: Iterable[Mapping[str, Any]]) -> Safeguards:
    """What these policies come to. In production nobody comes in without a second factor, whatever a row says."""
    guards = combined(rows)
    return guards.with_second_factor() if settings.CLAIMFLOW_ENV == "production" else guards


def _figure(
    name: str, label: _StrOrPromise, hint: _StrOrPromise = ""
) -> models.PositiveSmallIntegerField[int, int]:
    low, high = LIMITS[name]
    return models.PositiveSmallIntegerField(
        label,
        default=getattr(Safeguards(), name),
        validators=[MinValueValidator(low), MaxValueValidator(high)],
        help_text=hint,
    )


class PolicyQuerySet(models.QuerySet["SecurityPolicy"]):
    def of(self, organization_id: UUID | None) -> PolicyQuerySet:
        """The platform's row, and the organization's if it has one."""
        return self.filter(models.Q(organization=None) | models.Q(organization=organization_id))

    def visible_to(self, user: object) -> PolicyQuerySet:
        """What may be seen of it: the platform's row and one's own organization's."""
        return self.of(getattr(user, "organization_id", None))

    def in_force(self, organization_id: UUID | None) -> Safeguards:
        """What guards the people of an organization (None: of the platform): one query."""
        return guards_of(self.of(organization_id).values("organization_id", *NAMES))


class SecurityPolicy(Identified, Timed):
    """How people come in and stay in: one row for the platform (``organization`` empty) and at most one for each
    organization. What is in force is the stricter of both, with the next request (accounts/safeguards.py)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    minimum_length = _figure("minimum_length", _("shortest password"), _("Characters, 12 to 64."))
    character_classes = _figure(
        "character_classes",
        _("kinds of characters"),
        _("How many of lower case, upper case, digits and signs a password must have; 0: not asked (NIST)."),
    )
    expiry_days = _figure(
        "expiry_days", _("days until a password expires"), _("0: never, as NIST SP 800-63B-4 asks.")
    )
    history = _figure(
        "history",
        _("earlier passwords refused"),
        _("0 to 10, beside the present one, which is always refused."),
    )
    attempts = _figure("attempts", _("wrong tries until the lock"), _("From one address, 3 to 10."))
    lock_minutes = _figure("lock_minutes", _("minutes of the lock"), _("Doubled when it comes again."))
    idle_minutes = _figure("idle_minutes", _("minutes without a request until a session ends"))
    absolute_hours = _figure("absolute_hours", _("hours until a session ends in any case"))
    second_factor_required = models.BooleanField(
        _("second factor required"), default=True, help_text=_("Production cannot do without.")
    )
    address_ranges = ArrayField(
        models.CharField(max_length=49),
        verbose_name=_("allowed address ranges"),
        default=list,
        blank=True,
        help_text=_("One in each line, such as 192.0.2.0/24 or 2001:db8::/32. Empty: from anywhere."),
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("security policy"), _("security policies")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                nulls_distinct=False,
                name="security_policy_one_each",
                violation_error_message="This organization, or the platform, has its policy already. Change that one.",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__gte": low, f"{name}__lte": high}),
                    name=f"security_policy_{name}",
                    violation_error_message=f"{name} is from {low} to {high}.",
                )
                for name, (low, high) in LIMITS.items()
            ),
        ]

    def __str__(self) -> str:
        return f"Policy of {self.organization_id}" if self.organization_id else "Policy of the platform"
