"""The auditor's pages: who did what, who saw whom, and whether the trail can be believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from audit.actions import record, record_access
from audit.actions.seal import LATE, SealState, seal_state
from audit.actions.verify import TRAIL
from audit.enums import Action, Detail, SubjectKind
from audit.forms import EventFilter, Patient, TrailFilter, WhoSawForm
from audit.models import Access, Event
from audit.policies import require_reader
from audit.presenters import Row, access_rows, event_rows, readers
from claimflow.lib import jobs, spreadsheet
from claimflow.lib.db.context import as_system
from claimflow.lib.forms import error_links
from claimflow.lib.pages import Keyset, capped_count
from claimflow.lib.templatetags.claimflow import date_time
from claimflow.middleware.gate import needs_fresh_factor, opens_kind, stands_on

ROWS = 50
ORDER = Keyset(order=[("at", "desc"), ("id", "desc")])
PAUSE = dt.timedelta(minutes=1)  # between two verifications by hand
MOST_READERS = 200
MOST_EXPORTED = 10_000
HEAD = (
    "at", "who", "who_id", "as", "organization", "what", "action", "outcome", "severity", "subject_kind", "subject",
    "subject_id", "details", "request_id",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One of the two halves of the trail: its rows, its filter, how it is told and where."""

    word: str
    form: type[TrailFilter]
    model: type[Event] | type[Access]
    present: Callable[[list[Any]], list[Row]]
    template: str

    def found(self, request: HttpRequest) -> tuple[TrailFilter, Any]:
        user: Any = request.user
        form = self.form(request.GET, is_platform=user.organization_id is None)
        return form, form.apply(self.model.objects.visible_to(user))


EVENTS = Side("events", EventFilter, Event, event_rows, "audit/events.html")
READS = Side("reads", TrailFilter, Access, access_rows, "audit/reads.html")


@require_safe
@opens_kind("auditor")
def events(request: HttpRequest) -> HttpResponse:
    """What people and the system did, newest first."""
    return _page(request, EVENTS)


@require_safe
@opens_kind("auditor")
def reads(request: HttpRequest) -> HttpResponse:
    """Who saw which health data, newest first."""
    return _page(request, READS)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_kind("auditor")
def who_saw(request: HttpRequest) -> HttpResponse:
    """Who saw this patient between two days: people with how often, then every read. The question is posted, and
    answered with an address that does not hold the member ID."""
    user: Any = request.user
    require_reader(user)
    record_access(Action.AUDIT_VIEWED, [])
    if request.method == "POST":
        form = WhoSawForm(request.POST, user=user)
        if form.is_valid():
            days = {name: request.POST.get(name, "") for name in ("first_day", "last_day")}
            asked = {"patient": form.patient().token(), **{name: day for name, day in days.items() if day}}
            return redirect(f"{reverse('audit:who_saw')}?{urlencode(asked)}")
        context = {"form": form, "errors": error_links(form)}
    else:
        context = _answer(request, user)
    return render(request, "audit/who_saw.html", {**context, "tabs": _tabs(request)})


@needs_fresh_factor
@require_GET
@opens_kind("auditor")
def export(request: HttpRequest) -> HttpResponse:
    """What the filters of a page show, as a file. Built whole inside the request's transaction, so that what leaves
    and what the trail says are one; above ``MOST_EXPORTED`` rows a sentence asks for a narrower filter.
    (ASVS 7.5.3: a fresh second factor.)"""
    require_reader(request.user)
    side = READS if request.GET.get("of") == READS.word else EVENTS
    form, found = side.found(request)
    rows = list(found.newest_first()[: MOST_EXPORTED + 1]) if form.is_valid() else []
    if not form.is_valid() or len(rows) > MOST_EXPORTED:
        if form.is_valid():
            messages.warning(
                request,
                _("More than %(most)s rows fit, and a file holds no more. Choose fewer days or one action.")
                % {"most": f"{MOST_EXPORTED:,}"},
            )
        return redirect(f"{reverse(f'audit:{side.word}')}?{request.GET.urlencode()}")
    record(
        Action.AUDIT_EXPORTED,
        SubjectKind.AUDIT,
        TRAIL,
        details={Detail.ROWS: len(rows), Detail.SOURCE: side.word},
    )
    cells = (_cells(row, shown) for row, shown in zip(rows, side.present(rows), strict=True))
    response = HttpResponse(spreadsheet.as_csv(HEAD, cells), content_type="text/csv; charset=utf-8")
    name = f"audit-{side.word}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@stands_on("audit:events")
@require_POST
@opens_kind("auditor")
def verify(request: HttpRequest) -> HttpResponse:
    """Ask the worker to verify the whole trail."""
    require_reader(request.user)
    verified_at = seal_state().verified_at
    if verified_at and timezone.now() - verified_at < PAUSE:
        messages.info(request, _("The trail was verified less than a minute ago."))
    elif _is_asked_for():
        messages.info(request, _("The trail is being verified already. The result will stand on this page."))
    else:
        jobs.enqueue("audit_verify")
        messages.success(request, _("Verification started. Its result will stand on this page."))
    return redirect("audit:events")


def _is_asked_for() -> bool:
    """Whether a verification waits or runs: one at a time is enough for everybody."""
    with as_system("audit_verify"):
        return jobs.is_waiting("audit_verify")


def _page(request: HttpRequest, side: Side) -> HttpResponse:
    require_reader(request.user)
    record_access(Action.AUDIT_VIEWED, [])
    form, found = side.found(request)
    page = ORDER.page(found, request.GET.get("cursor"), ROWS)
    state = seal_state()
    asked = {name: value for name in form.fields if (value := request.GET.get(name))}
    context = {
        "form": form,
        "rows": side.present(page.rows),
        "count": capped_count(found.newest_first()),
        "page": page,
        "state": state,
        "stats": _stats(state),
        "tabs": _tabs(request),
        "is_filtered": bool(asked),
        "export_query": urlencode({"of": side.word, **asked}),
        "most_exported": f"{MOST_EXPORTED:,}",
    }
    return render(request, side.template, context)


# --- Who saw this patient -----------------------------------------------------------------------------------


def _answer(request: HttpRequest, user: Any) -> dict[str, Any]:
    """The form, and below it the answer to what the address asks."""
    days = {name: request.GET.get(name, "") for name in ("first_day", "last_day")}
    patient = _asked(request)
    if patient is None:
        return {"form": WhoSawForm(user=user, initial=days)}
    form = WhoSawForm({"claim": "", **days}, user=user)
    form.is_valid()
    if form.errors.keys() & days:
        return {"form": form, "errors": error_links(form)}
    saw = Access.objects.visible_to(user)
    everything = saw.of_patient(patient.subjects, {*patient.persons, *saw.persons_of(patient.subjects)})
    found: Any = form.within(everything)
    groups = list(
        found.values("actor_id", "kind", "organization_id")
        .annotate(times=Count("pk"), first_at=Min("at"), last_at=Max("at"))
        .order_by("-last_at")[: MOST_READERS + 1]
    )
    page = ORDER.page(found, request.GET.get("cursor"), ROWS)
    return {
        "form": WhoSawForm(user=user, initial=days),
        "is_answered": True,
        "readers": readers(groups[:MOST_READERS]),
        "has_more_readers": len(groups) > MOST_READERS,
        "rows": access_rows(page.rows),
        "count": capped_count(found.newest_first()),
        "page": page,
    }


def _asked(request: HttpRequest) -> Patient | None:
    """Whom the address asks about: a signed question, or one claim by its id."""
    if claim := request.GET.get("claim"):
        try:
            return Patient([UUID(claim)])
        except ValueError:
            return None
    return Patient.of_token(request.GET.get("patient", ""))


# --- Cells, tabs and figures --------------------------------------------------------------------------------


def _cells(row: Any, shown: Row) -> tuple[Any, ...]:
    return (
        timezone.localtime(row.at).isoformat(timespec="seconds"),
        shown.actor,
        row.actor_id,
        row.kind,
        shown.organization,
        shown.sentence,
        row.action,
        getattr(row, "outcome", ""),
        getattr(row, "severity", ""),
        row.subject_kind,
        shown.subject.text,
        row.subject_id,
        shown.note,
        row.request_id,
    )


TABS: tuple[tuple[str, str | Promise], ...] = (
    ("audit:events", gettext_lazy("Changes")),
    ("audit:reads", gettext_lazy("Reads")),
    ("audit:who_saw", gettext_lazy("Who saw a patient")),
)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    urls = [(reverse(name), label) for name, label in TABS]
    return [
        {"label": label, "url": url, "current": request.path == url, "count": None} for url, label in urls
    ]


def _stats(state: SealState) -> list[dict[str, Any]]:
    """The state of the seals in three figures."""
    return [_last_seal(state), _waiting(state), _verified(state)]


def _last_seal(state: SealState) -> dict[str, Any]:
    return {
        "label": _("last seal"),
        "value": f"{state.batch:,}" if state.batch else _("none"),
        "hint": _local(state.sealed_at) if state.sealed_at else "",
        "tone": "" if state.batch else "warning",
    }


def _waiting(state: SealState) -> dict[str, Any]:
    oldest = state.oldest_unsealed
    lag = {"time": _local(oldest), "seconds": f"{state.lag.total_seconds():,.0f}"} if oldest else {}
    return {
        "label": _("rows waiting for a seal"),
        "value": f"{state.unsealed:,}",
        "hint": _("since %(time)s, %(seconds)s seconds") % lag if lag else "",
        "tone": "urgent" if state.lag > LATE else "",
    }


def _verified(state: SealState) -> dict[str, Any]:
    if not state.verified_at:
        return {"label": _("last verification"), "value": _("never"), "tone": "warning"}
    good = state.verified_outcome == "success"
    return {
        "label": _("last verification"),
        "value": _("unbroken") if good else _("broken"),
        "hint": _local(state.verified_at),
        "tone": "good" if good else "urgent",
    }


def _local(moment: dt.datetime) -> str:
    """In the reader's zone, as the rows below."""
    return date_time(timezone.localtime(moment))
