"""What else is done with a claim on the desk: it is pended, released, assigned, or gets a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from claimflow.lib.forms import PlainForm, ServiceDateField
from claimflow.lib.templatetags.claimflow import PRIORITIES
from claims.enums import PendReason, ReleaseReason
from claims.presenters import PEND_LABELS
from intelligence.enums import OverrideReason, Priority
from intelligence.presenters import CHOSEN_BY_HAND, OVERRIDE_WORDS


def _capitalized(words: Any) -> str:
    return capfirst(str(words))


capfirst_lazy = lazy(_capitalized, str)
RELEASE_LABELS = {
    ReleaseReason.CONFLICT_OF_INTEREST: gettext_lazy("I may have a conflict of interest"),
    ReleaseReason.NEEDS_OTHER_SKILL: gettext_lazy("It needs somebody with other skills"),
    ReleaseReason.END_OF_SHIFT: gettext_lazy("My shift ends"),
    ReleaseReason.OTHER: gettext_lazy("Another reason"),
}


class PendForm(PlainForm):
    """Why the claim waits, and until when or why without a day."""

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Why does it wait?"),
        choices=[(reason.value, capfirst_lazy(label)) for reason, label in PEND_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one reason to pend.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Only your organization reads it."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = ServiceDateField(
        label=gettext_lazy("Comes back on"),
        help_text=gettext_lazy("The claim returns to your desk on this day, for example 11/30."),
        required=False,
    )
    no_timer_because = forms.CharField(
        label=gettext_lazy("Why is there no day?"),
        help_text=gettext_lazy("Only when the box above is empty."),
        required=False,
        max_length=400,
    )
    sizes = {"note": "xl", "no_timer_because": "l"}
    says_optional = False

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if day is not None and day <= timezone.localdate():
            raise ValidationError(_("Enter a day after today."), code="past")
        return day

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if "until" in told and told["until"] is None and not told.get("no_timer_because", "").strip():
            self.add_error(
                "until", _("Set a day on which the claim comes back, or say below why there is none.")
            )
        return told

    @property
    def chosen(self) -> list[PendReason]:
        return [PendReason(reason) for reason in self.cleaned_data["reasons"]]

    @property
    def moment(self) -> datetime | None:
        """The beginning of the day, in the payer's zone."""
        day = self.cleaned_data["until"]
        return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()) if day else None


class ReleaseForm(PlainForm):
    """Why a claim goes back to the queue undecided."""

    why = forms.ChoiceField(
        label=gettext_lazy("Why do you release it?"), choices=list(RELEASE_LABELS.items())
    )
    words = forms.CharField(label=gettext_lazy("More about it"), required=False, max_length=400)
    sizes = {"why": "l", "words": "l"}

    @property
    def reason(self) -> str:
        label = str(RELEASE_LABELS[ReleaseReason(self.cleaned_data["why"])])
        words = self.cleaned_data["words"].strip()
        return f"{label}. {words}" if words else f"{label}."


class ReturnForm(PlainForm):
    """What should change in a colleague's proposed decision."""

    comment = forms.CharField(
        label=gettext_lazy("What should change?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    sizes = {"comment": "xl"}


class AssignForm(PlainForm):
    """Who gets the claim, and who had it when the page was made (empty for nobody)."""

    adjudicator = forms.ChoiceField(label=gettext_lazy("Assign to"))
    instead_of = forms.UUIDField(required=False, widget=forms.HiddenInput)
    sizes = {"adjudicator": "m"}
    says_optional = False

    def __init__(
        self,
        *args: Any,
        workers: Sequence[tuple[User, int]],
        holder: UUID | None = None,
        skills: Mapping[UUID, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """``workers`` are people with how many claims each has in hand; ``holder`` is not offered again; ``skills``
        says what somebody knows well, as a hint."""
        super().__init__(*args, initial={"instead_of": holder}, auto_id="id_assign_%s", **kwargs)
        self.workers = {str(worker.pk): worker for worker, _in_hand in workers}
        own: Any = self.fields["adjudicator"]
        known = skills or {}
        offered = [_worker_choice(worker, in_hand, known.get(worker.pk, "")) for worker, in_hand in workers]
        own.choices = [("", _("Choose a person")), *offered]
        own.widget.choices = [each for each in own.choices if each[0] != str(holder)]

    @property
    def chosen(self) -> User:
        """Only of a valid form."""
        return self.workers[self.cleaned_data["adjudicator"]]


def _worker_choice(worker: User, in_hand: int, skills: str) -> tuple[str, str]:
    words = ngettext("%(who)s, %(count)d claim in hand", "%(who)s, %(count)d claims in hand", in_hand)
    said = words % {"who": worker.full_name, "count": in_hand}
    return str(worker.pk), f"{said} ({skills})" if skills else said


class PriorityForm(PlainForm):
    """Another priority, and why; ``instead_of`` is the one that the page showed."""

    priority = forms.ChoiceField(
        label=gettext_lazy("New priority"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the new priority.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=[
            ("", gettext_lazy("Choose a reason")),
            *((each.value, gettext_lazy(OVERRIDE_WORDS[each])) for each in CHOSEN_BY_HAND),
        ],
        help_text=gettext_lazy("The provider reads the reason of this list."),
        error_messages={"required": gettext_lazy("Choose why the priority changes.")},
    )
    note = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("Needed for another reason. Only your organization reads it."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    instead_of = forms.ChoiceField(
        choices=[(each.value, each.value) for each in Priority], widget=forms.HiddenInput
    )
    sizes = {"reason": "xl", "note": "xl"}
    says_optional = False

    def __init__(self, *args: Any, now: Priority, **kwargs: Any) -> None:
        """``now`` is the claim's priority, which is not offered again."""
        super().__init__(*args, initial={"instead_of": now.value}, **kwargs)
        own: Any = self.fields["priority"]
        own.choices = [(each.value, PRIORITIES[each]) for each in Priority]
        own.widget.choices = [each for each in own.choices if each[0] != now.value]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("reason") == OverrideReason.OTHER and not told.get("note", "").strip():
            self.add_error("note", _("Say in a few words why."))
        return told

    @property
    def answer(self) -> dict[str, Any]:
        """What ``override_priority`` takes; only of a valid form."""
        told = self.cleaned_data
        return {
            "priority": Priority(told["priority"]),
            "instead_of": Priority(told["instead_of"]),
            "reason": OverrideReason(told["reason"]),
            "note": told["note"],
        }


class NoteForm(PlainForm):
    body = forms.CharField(
        label=gettext_lazy("Add a note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write the note first.")},
    )
    sizes = {"body": "xl"}
