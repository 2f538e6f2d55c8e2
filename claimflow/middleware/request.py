"""The outermost layer: a request id, and an answer when the database gives none."""

import logging
import uuid
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

from claimflow.errors import unavailable
from claimflow.lib.db.context import set_request_id


def client_address(request: HttpRequest) -> str:
    """The address the request came from. ``X-Forwarded-For`` is believed only as far as trusted proxies wrote it:
    the right-most address that is not one of theirs (ruling 16)."""
    trusted = [ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES]
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    try:
        while hops and any(ip_address(address) in network for network in trusted):
            address = str(ip_address(hops.pop()))
    except ValueError:
        return address
    return address


logger = logging.getLogger("claimflow.request")


class RequestMiddleware:
    """Names the request and turns a database that does not answer into 503 with ``Retry-After``: no audit, no answer
    (ruling 48)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]  # ours
        request.client_address = client_address(request)  # type: ignore[attr-defined]  # ours
        set_request_id(name)
        try:
            response = self.get_response(request)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            logger.error("request %s: database: %s", name, type(error).__name__)
            connection.close()
            response = unavailable(request)
        finally:
            set_request_id("")
        response["X-Request-Id"] = name
        return response
