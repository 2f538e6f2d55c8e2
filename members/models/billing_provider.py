from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from members.enums import TaxIdKind
from members.models.business import AtAddress, ProviderIdentity
from members.models.constraints import in_order, npi


class BillingProvider(ProviderIdentity, AtAddress):
    """In whose name the organization bills (boxes 25 and 33). A tax id can be a person's social security
    number, so it is encrypted although ruling 30 does not ask for it."""

    name = models.CharField(max_length=120)
    taxonomy = models.CharField(max_length=10, blank=True, help_text=_("NUCC taxonomy code."))
    tax_id = phi.EncryptedTextField(label="billing_provider.tax_id", max_length=9, null=True, blank=True)
    tax_id_kind = models.CharField(max_length=3, choices=choices_of(TaxIdKind), default=TaxIdKind.EIN)
    phone = models.CharField(max_length=30, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("id", "organization"), name="members_billingprovider_key"),
            models.UniqueConstraint(
                fields=("organization", "npi"),
                name="members_billingprovider_npi_once",
                violation_error_message=_("This NPI is already on the list."),
            ),
            models.UniqueConstraint(
                fields=("organization",),
                condition=Q(is_default=True),
                name="members_billingprovider_one_default",
                violation_error_message=_("Only one billing provider can be the usual one."),
            ),
            npi("npi", name="members_billingprovider_npi"),
            models.CheckConstraint(
                condition=~Q(npi=""),
                name="members_billingprovider_has_npi",
                violation_error_message=_("Enter the billing provider's NPI."),
            ),
            one_of("tax_id_kind", TaxIdKind, name="members_billingprovider_tax_id_kind"),
            in_order("active_from", "active_to", name="members_billingprovider_dates"),
        ]

    def __str__(self) -> str:
        return self.name
