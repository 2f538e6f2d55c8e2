"""Choosing a password: the same two fields wherever one is chosen, with what the typed one is worth beside them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.passwords import OWN_WORDS, ClassesValidator, length_hint
from claimflow.lib.forms import PlainForm


class StrengthInput(forms.PasswordInput):
    """A box for a new password with its strength beside it: static/claimflow/strength.js fills that in while one
    types or pastes; without it the box is a plain one."""

    template_name = "parts/widgets/strength.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "new-password", "data-strength": "12", **(attrs or {})})


class NewPasswordForm(PlainForm):
    """``user`` is whose policy and words count. Whether the password will do is asked of
    ``accounts.actions.choose.choose_password``; the view puts its ``ValidationError`` at ``new_password``."""

    new_password = forms.CharField(
        label=_("New password"),
        max_length=256,
        strip=False,
        widget=StrengthInput({"autofocus": True}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    sizes = {"new_password": "xl", "again": "xl"}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, guards = self.fields["new_password"], user.safeguards
        field.help_text = length_hint(guards.minimum_length)
        if guards.character_classes:
            field.help_text += " " + ClassesValidator(guards.character_classes).get_help_text()
        names = f"{user.first_name} {user.last_name} {user.email.partition('@')[0]}"
        field.widget.attrs |= {
            "data-strength": str(guards.minimum_length),
            "data-classes": str(guards.character_classes),
            "data-words": " ".join([*OWN_WORDS, names]),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        password, again = cleaned.get("new_password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ. Enter the same password twice."))
        return cleaned
