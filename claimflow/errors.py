"""Error pages that need no database (ruling 6)."""

import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _page(request: HttpRequest, template: str, status: int, sentence: str = "") -> HttpResponse:
    context = {"request_id": getattr(request, "request_id", ""), "sentence": sentence}
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``exception`` is a policy's refusal, whose sentence the person reads; Django's own have none."""
    return _page(request, "403.html", 403, sentence=str(exception) if exception and exception.args else "")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404.html", 404)


# What a statement raises when the server is gone, too busy or too slow (a pool's timeout is one of them).
NO_ANSWER = (OperationalError, InterfaceError)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when it was the database that gave no answer. Django asks for this page from inside its ``except``,
    before any middleware of ours could see the exception."""
    if isinstance(sys.exc_info()[1], NO_ANSWER):
        connection.close()
        return unavailable(request)
    return _page(request, "500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, "403_csrf.html", 403)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _page(request, "503.html", 503)
    response["Retry-After"] = "5"
    return response
