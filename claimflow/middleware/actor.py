"""Transaction 2: the request itself, rendering included, under the person's kind (rulings 4 to 6)."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import Error, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from audit.actions import record
from audit.enums import Action, Detail, Outcome, SubjectKind
from claimflow.lib.db.context import Actor, acting_as, opened
from claimflow.lib.permissions import Forbidden
from claimflow.middleware.gate import OPENS_KIND, OWN_STEPS

logger = logging.getLogger("claimflow.actor")
RETRIED = {"40001", "40P01"}  # serialization failure, deadlock
ATTEMPTS = 3


def actor_of(request: HttpRequest, view: Callable[..., Any]) -> Actor:
    """The one kind that this request runs as."""
    user = request.user
    if not user.is_authenticated:
        return Actor("anonymous")
    kind = getattr(view, OPENS_KIND, None) or user.kind
    if kind == "auditor" and not (user.has(Permission.READ_AUDIT) or user.has(Permission.HANDLE_ALERTS)):
        raise Forbidden(
            _("Only auditors and security officers open this page. Ask an administrator for that role.")
        )
    return Actor(kind=kind, user_id=user.pk, organization_id=user.organization_id)


def _local_time(request: HttpRequest) -> AbstractContextManager[None]:
    """Dates and times of the page are in the organization's zone (interface.md)."""
    user = request.user
    return timezone.override(user.time_zone if user.is_authenticated else None)


def _refused(request: HttpRequest, refusal: Forbidden) -> PermissionDenied:
    """The 403 of a policy's refusal, which stands in the trail: who, on which page by its name, with which code. The
    request's own transaction is rolled back by then. Nothing was shown or changed, so a trail that does not answer
    takes nothing with it here but a line of the log."""
    user, match = request.user, request.resolver_match
    if isinstance(user, User):
        details: dict[str, str] = {
            Detail.REASON_CODE: refusal.code,
            Detail.PAGE: match.view_name if match else "",
        }
        try:
            with acting_as(user.kind, user=user, organization=user.organization_id):
                record(
                    Action.ACCESS_DENIED, SubjectKind.USER, user.pk, details=details, outcome=Outcome.DENIED
                )
        except Error:
            logger.exception("a refusal could not be recorded")
    return PermissionDenied(refusal.sentence)


class ActorMiddleware:
    """Must be the last middleware: it calls the view itself, so that the transaction encloses rendering and a
    transaction that lost a race can be run again (the form token makes that harmless)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with _local_time(request):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, OWN_STEPS, False):
            return None
        try:
            actor = actor_of(request, view)
        except Forbidden as refusal:
            raise _refused(request, refusal) from refusal
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._run(request, actor, view, args, kwargs)
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state not in RETRIED or attempt == ATTEMPTS:
                    raise
                logger.warning("transaction run again after %s, attempt %d", state, attempt)
        return None

    @staticmethod
    def _run(
        request: HttpRequest, actor: Actor, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse:
        try:
            with opened(actor):
                response: HttpResponse = view(request, *args, **kwargs)
                if hasattr(response, "render") and callable(response.render):
                    response = response.render()
                if response.status_code >= 500 or getattr(response, "claimflow_roll_back", False):
                    transaction.set_rollback(True)
                return response
        except Forbidden as refusal:
            raise _refused(request, refusal) from refusal
