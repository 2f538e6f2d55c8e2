"""The security page: alerts from the trail, who takes care of each, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import alerts as acting
from accounts.actions.watch import origin_of
from accounts.enums import AlertState, Permission
from accounts.forms.security import AlertFilter, ResolveForm
from accounts.models import Alert, User
from accounts.policies import require_alert_handler, user_of
from accounts.presenters import alert_rows
from audit.enums import SubjectKind
from audit.models import Event
from audit.presenters import event_rows
from claimflow.lib.forms import error_links
from claimflow.lib.pages import Keyset, capped_count
from claimflow.lib.permissions import WrongState
from claimflow.lib.phi import value
from claimflow.middleware.gate import opens_kind, stands_on

ROWS = 25
ORDER = Keyset(order=[("happened_at", "desc"), ("id", "desc")])


@require_safe
@opens_kind("auditor")
def alert_list(request: HttpRequest) -> HttpResponse:
    """What the trail gives reason to look at, the newest first."""
    user = user_of(request)
    require_alert_handler(user)
    form = AlertFilter(request.GET)
    found = form.apply(_visible(user)).select_related("organization", "owner")
    page = ORDER.page(found, request.GET.get("cursor"), ROWS)
    return render(
        request,
        "accounts/alert_list.html",
        {
            "form": form,
            "rows": alert_rows(page.rows),
            "count": capped_count(found.order_by("-happened_at", "-id")),
            "page": page,
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "is_platform": user.organization_id is None,
        },
    )


@require_safe
@opens_kind("auditor")
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    return _alert_page(request, alert_id, ResolveForm())


@stands_on("accounts:alert")
@require_POST
@opens_kind("auditor")
def alert_take(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    _alert_or_404(request, alert_id)
    try:
        acting.take(alert_id=alert_id, by=user_of(request))
    except WrongState as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The alert is yours."))
    return redirect("accounts:alert", alert_id)


@stands_on("accounts:alert")
@require_POST
@opens_kind("auditor")
def alert_resolve(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    _alert_or_404(request, alert_id)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _alert_page(request, alert_id, form)
    try:
        acting.resolve(alert_id=alert_id, resolution=form.cleaned_data["resolution"], by=user_of(request))
    except WrongState as refusal:
        messages.error(request, refusal.sentence)
        return redirect("accounts:alert", alert_id)
    messages.success(request, _("The alert is resolved."))
    return redirect("accounts:alerts")


def _visible(user: User) -> Any:
    return Alert.objects.visible_to(user)


def _alert_or_404(request: HttpRequest, alert_id: UUID) -> Alert:
    user = user_of(request)
    require_alert_handler(user)
    found: Alert = get_object_or_404(_visible(user).select_related("organization", "owner"), pk=alert_id)
    return found


def _alert_page(request: HttpRequest, alert_id: UUID, form: ResolveForm) -> HttpResponse:
    user = user_of(request)
    shown = _alert_or_404(request, alert_id)
    return render(
        request,
        "accounts/alert.html",
        {
            "alert": shown,
            "row": alert_rows([shown])[0],
            "form": form,
            "errors": error_links(form),
            "origin": origin_of(shown),
            "resolution": value(shown, "resolution"),
            "is_settled": shown.state == AlertState.RESOLVED,
            "is_mine": shown.owner_id == user.pk,
            "history": event_rows(list(Event.objects.visible_to(user).about(SubjectKind.ALERT, shown.pk))),
            "may_read_trail": user.has(Permission.READ_AUDIT),
        },
    )
