from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import FactorResetReason
from claimflow.lib.forms import PlainForm


class ForgottenForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=255,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    sizes = {"email": "xl"}


REASONS = {
    FactorResetReason.DEVICE_LOST: _("The phone or device is lost"),
    FactorResetReason.DEVICE_STOLEN: _("The phone or device was stolen"),
    FactorResetReason.DEVICE_REPLACED: _("There is a new phone, and the app did not move with it"),
    FactorResetReason.DEVICE_BROKEN: _("The phone or the app does not work"),
    FactorResetReason.CODES_SEEN: _("Somebody else may have seen the key or the backup codes"),
}


class FactorResetForm(PlainForm):
    """Why a second factor is taken away, for administrators; ``reason`` is a ``FactorResetReason``."""

    reason = forms.TypedChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *((reason.value, words) for reason, words in REASONS.items())],
        coerce=FactorResetReason,
    )
    sizes = {"reason": "xl"}
