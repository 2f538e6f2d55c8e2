from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.factors import factor_of, plain
from claimflow.lib.forms import PlainForm


class SignInForm(PlainForm):
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=255,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    sizes = {"email": "xl", "password": "xl"}


class CodeForm(PlainForm):
    """Understands every second factor that is typed: the six digits, and a backup code with or without its hyphens.
    ``is_backup`` only says which one the page asks for."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("The six digits that your authenticator app shows now."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )
    sizes = {"code": "s"}

    def __init__(self, *args: Any, is_backup: bool = False, **kwargs: Any) -> None:
        self.is_backup = is_backup
        if is_backup:
            self.sizes = {"code": "l"}
        super().__init__(*args, **kwargs)
        if is_backup:
            field = self.fields["code"]
            field.label = _("Backup code")
            field.help_text = _("One of the printed codes, such as 7K3M-9Q2R-XW4T-0ABC. Each works once.")
            field.widget.attrs |= {"autocomplete": "off", "inputmode": "text", "autocapitalize": "characters"}

    def clean_code(self) -> str:
        code = plain(str(self.cleaned_data["code"]))
        if factor_of(code) is not None:
            return code
        if self.is_backup:
            raise forms.ValidationError(
                _("A backup code has 16 letters and digits. Enter one from your list.")
            )
        raise forms.ValidationError(_("The code has six digits. Enter the one that your app shows now."))


class PasswordForm(PlainForm):
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    sizes = {"password": "xl"}
