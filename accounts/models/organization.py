from django.db import models

from accounts.enums import KIND_OF_TYPE, OrganizationKind, OrganizationStatus, OrganizationType
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed


def _type_fits_kind() -> models.Q:
    condition = models.Q()
    for type_, kind in KIND_OF_TYPE.items():
        condition |= models.Q(type=type_.value, kind=kind.value)
    return condition


class Organization(Identified, Timed):
    """A provider or a payer: the tenant. Name and kind are readable to every signed-in kind (ruling 17); what only
    the organization itself may read is in ``OrganizationProfile``."""

    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=10, choices=choices_of(OrganizationKind))
    type = models.CharField(max_length=30, choices=choices_of(OrganizationType))
    status = models.CharField(
        max_length=10, choices=choices_of(OrganizationStatus), default=OrganizationStatus.ACTIVE.value
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("status", OrganizationStatus, name="organization_status_known"),
            models.CheckConstraint(
                condition=_type_fits_kind(),
                name="organization_type_fits_kind",
                violation_error_message="A hospital, clinic or practice is a provider; an insurer or "
                "third-party administrator is a payer.",
            ),
            # The target of composite foreign keys that pin which kind of organization a row may name.
            models.UniqueConstraint(fields=["id", "kind"], name="organization_id_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganizationProfile(Timed):
    """The one-side facts of an organization: its clock, its identifiers, whom to tell about privacy."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, primary_key=True, related_name="profile"
    )
    time_zone = models.CharField(max_length=64, default="America/New_York")
    privacy_contact = models.EmailField(blank=True)
    npi = models.CharField("NPI", max_length=10, null=True, blank=True, unique=True)
    payer_code = models.CharField(max_length=10, null=True, blank=True, unique=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(npi__isnull=True) | models.Q(npi__regex=r"^[12][0-9]{9}$"),
                name="organization_profile_npi_shape",
                violation_error_message="An NPI has ten digits and begins with 1 or 2.",
            ),
        ]

    def __str__(self) -> str:
        return f"Profile of {self.organization_id}"
