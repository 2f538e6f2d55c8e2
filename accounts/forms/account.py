"""The forms of one's own account."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions.own import Details
from accounts.models import User
from accounts.models.user import no_separator
from claimflow.lib.forms import PlainForm


class DetailsForm(PlainForm):
    first_name = forms.CharField(
        label=_("First name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        help_text=_("Phone and address are kept encrypted. Only you see them."),
        widget=forms.Textarea(attrs={"autocomplete": "street-address", "rows": 3}),
    )
    sizes = {"first_name": "l", "last_name": "l", "phone": "m", "address": "xl"}

    @property
    def details(self) -> Details:
        return Details(**self.cleaned_data)


class EmailForm(PlainForm):
    """``user`` is whose address changes."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        validators=[no_separator],
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
    sizes = {"email": "xl"}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if email == self.user.email:
            raise forms.ValidationError(_t("This is the address that you sign in with now."))
        return email
