"""The outermost layer: where the request comes from, and its id."""

import logging
import time
import uuid
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from claimflow.lib.db.context import set_request_id
from claimflow.lib.logs import method_of, route_of

logger = logging.getLogger("claimflow.request")
UNTOLD = ("/healthz", "/readyz")  # asked every few seconds by what watches the process


def _is_ours(address: str) -> bool:
    """Whether an address is a front server's of this installation. Raises ``ValueError`` for what is no address."""
    trusted = [ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES]
    return any(ip_address(address) in network for network in trusted)


def client_address(request: HttpRequest) -> str:
    """The address the request came from. ``X-Forwarded-For`` is believed only as far as trusted proxies wrote it:
    the right-most address that is not one of theirs (ruling 16)."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    try:
        while hops and _is_ours(address):
            address = str(ip_address(hops.pop()))
    except ValueError:
        return address
    return address


def believe_scheme(request: HttpRequest) -> None:
    """Take over ``X-Forwarded-Proto`` from a trusted front server, where TLS ends; nobody else's is looked at."""
    try:
        if _is_ours(str(request.META.get("REMOTE_ADDR", ""))):
            scheme = request.META.get("HTTP_X_FORWARDED_PROTO", "")
            request.META["wsgi.url_scheme"] = "https" if scheme == "https" else "http"
    except ValueError:
        return


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """One line for each request: which page, for which kind of actor, with which answer, how long."""
    user = getattr(request, "user", None)
    logger.info(
        "%s %s %d in %d ms",
        method_of(request),
        route_of(request),
        response.status_code,
        seconds * 1000,
        extra={"actor": getattr(user, "kind", "anonymous")},
    )


class RequestMiddleware:
    """Names the request. A database that does not answer is the business of ``claimflow.errors.server_error``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]  # ours
        request.client_address = client_address(request)  # type: ignore[attr-defined]  # ours
        believe_scheme(request)
        set_request_id(name)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            if request.path not in UNTOLD:
                _tell(request, response, time.perf_counter() - began)
        finally:
            set_request_id("")
        response["X-Request-Id"] = name
        return response
