"""What the provider's own identities share: an NPI, active dates, a business address (no patient, so
clear)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.models import Identified, Timed
from members.querysets import ProvidersOwn


class ProviderIdentity(Identified, Timed):
    """A row of the provider organization that a claim refers to, freezing its NPI and name (ruling 21)."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    npi = models.CharField(_("NPI"), max_length=10, blank=True)
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)

    objects = ProvidersOwn.as_manager()

    class Meta:
        abstract = True


class AtAddress(models.Model):
    """A place of business."""

    line1 = models.CharField(max_length=55, blank=True)
    line2 = models.CharField(max_length=55, blank=True)
    city = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True
