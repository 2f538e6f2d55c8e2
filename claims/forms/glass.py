"""Breaking the glass and signing it off."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import PlainForm
from claims.enums import GlassVerdict
from claims.models import Claim

SHORTEST = 20
VERDICTS = {
    GlassVerdict.JUSTIFIED: _("It was justified"),
    GlassVerdict.NOT_JUSTIFIED: _("It was not justified; this needs a follow-up"),
}


class GlassForm(PlainForm):
    number = forms.CharField(label=_("Claim number"), max_length=30)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Why the health data of this claim must be seen now, in at least 20 characters."),
        min_length=SHORTEST,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sizes = {"number": "m", "reason": "xl"}
    claim: Claim

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip().upper()
        found: Any = Claim.objects.without_sealed().filter(claim_number=number).first()
        if found is None:
            raise forms.ValidationError(
                _t("There is no claim with this number. Check it and enter it again.")
            )
        self.claim = found
        return number


class SignOffForm(PlainForm):
    verdict = forms.TypedChoiceField(
        label=_("What do you find?"),
        choices=list(VERDICTS.items()),
        coerce=GlassVerdict,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    sizes = {"note": "xl"}
