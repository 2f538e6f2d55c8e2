"""Transactions 1 and 3 of a request: who is this browser, and what changed in its session (ruling 4)."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.actions.resolve import resolve
from accounts.actions.sessions import is_seen
from accounts.session_store import SessionStore, session_of

BACKGROUND = "HTTP_X_BACKGROUND"


class SessionMiddleware:
    """Sets ``request.session`` and a fully loaded ``request.user``; nothing about either is lazy past this point."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        session = SessionStore(cookie)
        request.session = session
        request.user = AnonymousUser()
        request.ended = None  # type: ignore[attr-defined]  # ours: the session that is over, if the cookie names one
        if cookie and len(cookie) <= 64 and cookie.isalnum():
            found = resolve(cookie, request.client_address)  # type: ignore[attr-defined]  # set by RequestMiddleware
            if found is not None and found.is_over:
                request.ended = found  # type: ignore[attr-defined]
            elif found is not None:
                session.adopt(found.data, found.row, rights_moved=found.rights_moved)
                if found.user is not None:
                    request.user = found.user
        response = self.get_response(request)
        return self._finish(request, response)

    def _finish(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = session_of(request)
        had_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        if session.is_empty():
            # The cookie of a session that is over stays: it says whose form comes too late (accounts/actions/kept.py).
            if had_cookie and (request.ended is None or request.method != "GET"):  # type: ignore[attr-defined]
                response.delete_cookie(
                    settings.SESSION_COOKIE_NAME, path="/", samesite=settings.SESSION_COOKIE_SAMESITE
                )
            return response
        if response.status_code >= 500:
            return response
        if session.rights_moved:
            session.cycle_key()
        elif session.modified:
            session.save()
        if BACKGROUND not in request.META and self._is_stale(session):
            session.touch()
        if session.modified or not had_cookie:
            response.set_cookie(
                settings.SESSION_COOKIE_NAME,
                session.session_key or "",
                path="/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite=settings.SESSION_COOKIE_SAMESITE,
            )
        return response

    @staticmethod
    def _is_stale(session: SessionStore) -> bool:
        return "last_seen_at" in session.row and is_seen(session.row, now=timezone.now())
