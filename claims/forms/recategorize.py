"""Which claims the rules judge again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from claimflow.lib.forms import PlainForm
from claimflow.lib.templatetags.claimflow import PRIORITIES
from intelligence.enums import Priority


class RecategorizeForm(PlainForm):
    """Everything may be left open. An administrator chooses a payer too; a payer's own people have one."""

    payer = forms.ChoiceField(label=gettext_lazy("Payer"))
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority now"),
        required=False,
        choices=[("", gettext_lazy("Any")), *PRIORITIES.items()],
    )
    provider = forms.ChoiceField(label=gettext_lazy("Provider"), required=False)
    waited_days = forms.IntegerField(
        label=gettext_lazy("Days waited, at least"),
        required=False,
        min_value=0,
        max_value=3650,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
        error_messages={"invalid": gettext_lazy("Enter a number of days, for example 3.")},
    )
    code = forms.RegexField(
        label=gettext_lazy("First procedure or diagnosis"),
        help_text=gettext_lazy("One code, for example 99285 or I21.9."),
        regex=r"^\s*[A-Za-z0-9.]{1,8}\s*$",
        required=False,
        error_messages={"invalid": gettext_lazy("Enter one code of letters and digits.")},
    )
    sizes = {"waited_days": "xs", "code": "s", "priority": "m", "provider": "l"}
    says_optional = False

    def __init__(
        self,
        *args: Any,
        providers: Sequence[Organization],
        payers: Sequence[Organization] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organizations = {str(each.pk): each for each in (*providers, *payers)}
        own: Any = self.fields["provider"]
        own.choices = [("", _("Any")), *((str(each.pk), each.name) for each in providers)]
        if payers:
            payer: Any = self.fields["payer"]
            payer.choices = [("", _("Choose a payer")), *((str(each.pk), each.name) for each in payers)]
        else:
            del self.fields["payer"]

    @property
    def answer(self) -> dict[str, Any]:
        """What ``ask_recategorization`` takes; only of a valid form. ``payer`` only where it was asked for."""
        told = self.cleaned_data
        asked = {"payer": self.organizations[told["payer"]]} if "payer" in self.fields else {}
        return {
            **asked,
            "priority": Priority(told["priority"]) if told["priority"] else None,
            "provider": self.organizations.get(told["provider"]),
            "waited_days": told["waited_days"],
            "code": told["code"],
        }
