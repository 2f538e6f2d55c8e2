"""What an administrator presses on the page of versions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import PlainForm
from intelligence.actions import versions
from intelligence.models import ModelVersion

PRESSES: dict[str, Callable[..., ModelVersion]] = {
    "activate": versions.activate,
    "go_back": versions.go_back,
    "shadow": versions.shadow,
    "retire": versions.retire,
}


class ProposalForm(PlainForm):
    """Which of the versions that are installed, and not there yet, is to answer for the ledger."""

    name = forms.ChoiceField(label=_("Version"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, str(ModelVersion(**told))) for name, told in versions.proposable().items()]
        self.fields["name"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class PressForm(PlainForm):
    press = forms.ChoiceField(choices=[(name, name) for name in PRESSES])
    version = forms.UUIDField()
