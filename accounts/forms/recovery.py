from django import forms
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import PlainForm


class ForgottenForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=255,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    sizes = {"email": "xl"}
