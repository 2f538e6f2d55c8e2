"""New priorities of many claims: ask, look at what would change, start, and take back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Organization, User
from accounts.policies import user_of
from claimflow.lib.permissions import Forbidden, Refusal
from claimflow.lib.templatetags.claimflow import PRIORITIES
from claims import policies
from claims.actions.recategorize import (
    WORKING,
    ask_recategorization,
    discard_recategorization,
    start_recategorization,
    undo_recategorization,
)
from claims.enums import RunItemState, RunState
from claims.forms.recategorize import RecategorizeForm
from claims.models import Recategorization, RecategorizationItem
from intelligence.enums import Priority

MOST_RUNS = 20
MOST_PROVIDERS = 500
STATES: dict[str, str | Promise] = {
    RunState.COUNTING: gettext_lazy("Counting"),
    RunState.READY: gettext_lazy("Waits for you"),
    RunState.RUNNING: gettext_lazy("Running"),
    RunState.DONE: gettext_lazy("Done"),
    RunState.UNDOING: gettext_lazy("Taking back"),
    RunState.UNDONE: gettext_lazy("Taken back"),
    RunState.DISCARDED: gettext_lazy("Discarded"),
}
STEPS: dict[str, Callable[..., Any]] = {
    "start": start_recategorization,
    "discard": discard_recategorization,
    "undo": undo_recategorization,
}
OFFERED: dict[str, tuple[tuple[str, str | Promise], ...]] = {
    RunState.COUNTING: (("discard", gettext_lazy("Discard")),),
    RunState.READY: (
        ("start", gettext_lazy("Change these priorities")),
        ("discard", gettext_lazy("Discard")),
    ),
    RunState.DONE: (("undo", gettext_lazy("Undo")),),
}


@dataclass(frozen=True)
class Crossing:
    """One class of the table: how many claims were in it, where the rules put them, and how many are there after."""

    label: str
    before: int
    then: list[int]
    after: int


@dataclass(frozen=True)
class ShownRun:
    """A run as its page tells it."""

    run: Recategorization
    state: str | Promise
    is_working: bool
    steps: tuple[tuple[str, str | Promise], ...]
    filter: list[tuple[str, str]]
    table: list[Crossing]
    counts: list[tuple[str, int]]

    @property
    def progress(self) -> tuple[int, int] | None:
        """Claims done, and of how many; None where nothing runs, or where it is not known yet how many there are."""
        run = self.run
        if run.state == RunState.RUNNING:
            return run.applied + run.skipped, run.proposed
        if run.state == RunState.UNDOING:
            return run.undone + run.kept, run.applied
        return None


def shown_run(run: Recategorization) -> ShownRun:
    """Before and after, by class: after the run what was really changed, before it what would be."""
    moved = {(own, then): n for own, row in run.crossing.items() for then, n in row.items()}
    if run.state not in (RunState.COUNTING, RunState.READY, RunState.DISCARDED):
        done = (
            RecategorizationItem.objects.filter(run=run, payer=run.payer_id)
            .filter(state__in=(RunItemState.APPLIED, RunItemState.KEPT))
            .order_by()
            .values_list("earlier_priority", "priority")
            .annotate(n=Count("pk"))
        )
        moved_now = {(own, then): n for own, then, n in done}
    else:
        moved_now = {(own, then): n for (own, then), n in moved.items() if own != then}
    table = []
    for own in Priority:
        before = sum(n for (earlier, _then), n in moved.items() if earlier == own)
        left = sum(n for (earlier, _then), n in moved_now.items() if earlier == own)
        came = sum(n for (_earlier, then), n in moved_now.items() if then == own)
        then = [moved.get((own.value, each.value), 0) for each in Priority]
        table.append(Crossing(str(PRIORITIES[own]), before, then, before - left + came))
    return ShownRun(
        run=run,
        state=STATES[run.state],
        is_working=run.state in WORKING,
        steps=OFFERED.get(run.state, ()),
        filter=_filter(run),
        table=table,
        counts=[
            (_("Claims counted"), run.counted),
            (_("Would change"), run.proposed),
            (_("Changed"), run.applied),
            (_("Left alone: taken or changed meanwhile"), run.skipped),
            (_("Taken back"), run.undone),
            (_("Kept: taken or changed since"), run.kept),
        ],
    )


def take_step(request: HttpRequest, run_id: UUID, user: User) -> None:
    """The step that a button asks for; a sentence either way."""
    act = STEPS.get(request.POST.get("step", ""))
    if act is None:
        messages.error(request, _("Choose what to do with this run."))
        return
    try:
        act(run_id=run_id, by=user)
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)


def providers() -> list[Organization]:
    return list(Organization.objects.filter(kind="provider").order_by("name")[:MOST_PROVIDERS])


@require_http_methods(["GET", "POST"])
def recategorize(request: HttpRequest) -> HttpResponse:
    """The form, and the runs of this payer."""
    user = user_of(request)
    payer = _payer(user)
    policies.require_recategorize(payer, user)
    form = RecategorizeForm(request.POST if request.method == "POST" else None, providers=providers())
    if request.method == "POST" and form.is_valid():
        try:
            run = ask_recategorization(payer=payer, by=user, **form.answer)
        except Forbidden:
            raise
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            return redirect("payer:recategorization", run.pk)
    runs = Recategorization.objects.visible_to(user).select_related("asked_by").order_by("-created_at")
    return render(
        request,
        "claims/recategorize.html",
        {"form": form, "runs": [(run, STATES[run.state]) for run in runs[:MOST_RUNS]]},
    )


@require_GET
def recategorization(request: HttpRequest, run_id: UUID) -> HttpResponse:
    user = user_of(request)
    run = _run_or_404(user, run_id)
    return render(request, "claims/recategorization.html", {"shown": shown_run(run)})


@require_POST
def recategorization_step(request: HttpRequest, run_id: UUID) -> HttpResponse:
    user = user_of(request)
    _run_or_404(user, run_id)
    take_step(request, run_id, user)
    return redirect("payer:recategorization", run_id)


def _payer(user: User) -> Organization:
    if user.role != "payer" or user.organization is None:
        raise Forbidden(_("Only supervisors change the priority of many claims."), code="no_recategorize")
    return user.organization


def _run_or_404(user: User, run_id: UUID) -> Recategorization:
    """The run of the own payer; whoever may not work with runs is told so."""
    payer = _payer(user)
    runs = Recategorization.objects.visible_to(user).select_related(
        "payer", "provider", "asked_by", "undone_by"
    )
    run: Recategorization = get_object_or_404(runs, pk=run_id)
    policies.require_recategorize(payer, user)
    return run


def _filter(run: Recategorization) -> list[tuple[str, str]]:
    told = [
        (_("Payer"), run.payer.name),
        (_("Priority"), str(PRIORITIES[run.priority]) if run.priority else ""),
        (_("Provider"), run.provider.name if run.provider else ""),
        (_("Days waited, at least"), "" if run.waited_days is None else str(run.waited_days)),
        (_("First procedure or diagnosis"), run.code),
        (_("Asked by"), run.asked_by.full_name),
        (_("Taken back by"), run.undone_by.full_name if run.undone_by else ""),
    ]
    return [(term, words) for term, words in told if words]
