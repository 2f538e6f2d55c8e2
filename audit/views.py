"""The auditor's pages: who did what, who saw whom, and whether the trail can be believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.actions import record_access
from audit.actions.seal import LATE, SealState, seal_state
from audit.enums import Action
from audit.forms import EventFilter, TrailFilter
from audit.models import Access, Event
from audit.policies import require_reader
from audit.presenters import Row, access_rows, event_rows
from claimflow.lib import jobs
from claimflow.lib.pages import Keyset, capped_count
from claimflow.lib.templatetags.claimflow import date_time
from claimflow.middleware.gate import opens_kind, stands_on

ROWS = 50
ORDER = Keyset(order=[("at", "desc"), ("id", "desc")])
PAUSE = dt.timedelta(minutes=1)  # between two verifications by hand


@require_safe
@opens_kind("auditor")
def events(request: HttpRequest) -> HttpResponse:
    """What people and the system did, newest first."""
    return _page(request, EventFilter(request.GET), Event.objects.all(), event_rows, "audit/events.html")


@require_safe
@opens_kind("auditor")
def reads(request: HttpRequest) -> HttpResponse:
    """Who saw which health data, newest first."""
    return _page(request, TrailFilter(request.GET), Access.objects.all(), access_rows, "audit/reads.html")


@stands_on("audit:events")
@require_POST
@opens_kind("auditor")
def verify(request: HttpRequest) -> HttpResponse:
    """Ask the worker to verify the whole trail."""
    require_reader(request.user)
    verified_at = seal_state().verified_at
    if verified_at and timezone.now() - verified_at < PAUSE:
        messages.info(request, _("The trail was verified less than a minute ago."))
    else:
        jobs.enqueue("audit_verify")
        messages.success(request, _("Verification started. Its result will stand on this page."))
    return redirect("audit:events")


def _page(
    request: HttpRequest,
    form: TrailFilter,
    rows: QuerySet[Any],
    present: Callable[[list[Any]], list[Row]],
    template: str,
) -> HttpResponse:
    require_reader(request.user)
    record_access(Action.AUDIT_VIEWED, [])
    found = form.apply(rows)
    page = ORDER.page(found, request.GET.get("cursor"), ROWS)
    state = seal_state()
    context = {
        "form": form,
        "rows": present(page.rows),
        "count": capped_count(found),
        "page": page,
        "state": state,
        "stats": _stats(state),
        "tabs": _tabs(request),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, template, context)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    places = [("audit:events", _("Changes")), ("audit:reads", _("Reads"))]
    urls = [(reverse(name), label) for name, label in places]
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
    return {
        "label": _("rows waiting for a seal"),
        "value": f"{state.unsealed:,}",
        "hint": _("since %(time)s") % {"time": _local(oldest)} if oldest else "",
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
