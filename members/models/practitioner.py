from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models.business import ProviderIdentity
from members.models.constraints import in_order, npi


class Practitioner(ProviderIdentity):
    """Who renders or refers: a clinician the organization bills for, or one outside who refers to it."""

    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100)
    taxonomy = models.CharField(max_length=10, blank=True, help_text=_("NUCC taxonomy code."))
    is_referring_only = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("id", "organization"), name="members_practitioner_key"),
            models.UniqueConstraint(
                fields=("organization", "npi"),
                name="members_practitioner_npi_once",
                violation_error_message=_("This NPI is already on the list."),
            ),
            npi("npi", name="members_practitioner_npi"),
            models.CheckConstraint(
                condition=~Q(npi=""),
                name="members_practitioner_has_npi",
                violation_error_message=_("Enter the practitioner's NPI."),
            ),
            in_order("active_from", "active_to", name="members_practitioner_dates"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Last, first: as box 17 and 24J print it."""
        return f"{self.last_name}, {self.first_name}" if self.first_name else self.last_name
