from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.business import AtAddress, ProviderIdentity
from members.models.constraints import in_order, npi


class Facility(ProviderIdentity, AtAddress):
    """Where services are given (box 32 of the CMS-1500), with the place-of-service code it usually has."""

    name = models.CharField(max_length=120)
    place_of_service = models.CharField(max_length=2, blank=True)

    class Meta:
        verbose_name_plural = "facilities"
        constraints = [
            models.UniqueConstraint(fields=("id", "organization"), name="members_facility_key"),
            models.UniqueConstraint(
                fields=("organization", "name"),
                name="members_facility_name_once",
                violation_error_message=_("A facility of that name is already on the list."),
            ),
            npi("npi", name="members_facility_npi"),
            in_order("active_from", "active_to", name="members_facility_dates"),
        ]

    def __str__(self) -> str:
        return self.name
