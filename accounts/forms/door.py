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
    """Asks for the six digits, and understands every second factor that is typed: a backup code too, with or without
    its hyphens."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("The six digits that your authenticator app shows now."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )
    sizes = {"code": "s"}
    shape = _("The code has six digits. Enter the one that your app shows now.")

    def clean_code(self) -> str:
        code = plain(str(self.cleaned_data["code"]))
        if factor_of(code) is None:
            raise forms.ValidationError(self.shape)
        return code


class BackupCodeForm(CodeForm):
    """The same with the words, and on a phone the keyboard, for a printed code."""

    code = forms.CharField(
        label=_("Backup code"),
        help_text=_("One of the printed codes, such as 7K3M-9Q2R-XW4T-0ABC. Each works once."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "inputmode": "text",
                "autocapitalize": "characters",
                "autofocus": True,
            }
        ),
    )
    sizes = {"code": "l"}
    shape = _("A backup code has 16 letters and digits. Enter one from your list.")


class PasswordForm(PlainForm):
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    sizes = {"password": "xl"}
