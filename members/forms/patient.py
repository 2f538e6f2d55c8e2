from django.utils.translation import gettext_lazy as _

from members.forms.fields import text
from members.forms.person import PersonForm


class PatientForm(PersonForm):
    """A patient as the provider's staff enter it: CMS-1500 boxes 2, 3, 5 and 26."""

    account_number = text(
        _("Patient account number"), max_length=38, help_text=_("Your own number. The payer sends it back.")
    )
    open_columns = (*PersonForm.open_columns, "account_number")
