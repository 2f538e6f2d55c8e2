"""Where a request comes from: forwarded headers count only as far as our own front servers wrote them (ruling 16)."""

import pytest
from django.test import RequestFactory, override_settings

from claimflow.middleware.request import believe_scheme, client_address

PROXY, CLIENT, LIAR = "10.0.0.2", "203.0.113.9", "198.51.100.7"


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        (CLIENT, "", CLIENT),
        (CLIENT, LIAR, CLIENT),
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{LIAR}, {CLIENT}", CLIENT),
        (PROXY, f"{CLIENT}, 10.0.0.3", CLIENT),
        (PROXY, "", PROXY),
        (PROXY, "no address", PROXY),
    ],
)
@override_settings(TRUSTED_PROXIES=["10.0.0.0/24"])
def test_the_address_is_the_last_that_we_did_not_write(remote: str, forwarded: str, address: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("remote", "scheme", "secure"),
    [
        (PROXY, "https", True),
        (PROXY, "http", False),
        (PROXY, "", False),
        (CLIENT, "https", False),
        ("", "https", False),
    ],
)
@override_settings(TRUSTED_PROXIES=["10.0.0.0/24"])
def test_tls_that_ended_at_a_front_server_counts(remote: str, scheme: str, secure: bool) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-Proto": scheme})
    believe_scheme(request)
    assert request.is_secure() is secure
