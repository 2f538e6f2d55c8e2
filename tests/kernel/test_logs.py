"""A whole journey with marked data, and failures that quote it: not one marker stands in the log."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings as ours
from django.test import Client
from django.urls import reverse

from claimflow.lib.logs import JsonFormatter
from tests.claims.cast import make_cast
from tests.claims.test_form_page import post
from tests.signed_in import client_of

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]

MARKERS = ("Quillfeather", "Zebulonia", "QM90000123", "900001234", "1961", "quill@", "narwhal")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that a production process would write, from DEBUG upwards but the statements themselves."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root, django = logging.getLogger(), logging.getLogger("django")
    before = root.level, django.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    django.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before[0])
    django.setLevel(before[1])


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_journey_and_its_failures_leave_no_marker(log: io.StringIO, settings) -> None:
    settings.ROOT_URLCONF = "tests.kernel.broken"
    cast = make_cast()
    client = client_of(cast.biller)
    client.raise_request_exception = False
    marked = {
        "last_name": "Quillfeather",
        "first_name": "Zebulonia",
        "birth_date_year": "1961",
        "member_id": "QM90000123",
        "additional_information": "narwhal",
    }
    assert post(client, cast, **marked).status_code == 302
    assert post(client, cast, do="save", **marked).status_code == 302
    assert client.get(reverse("members:patients"), {"q": "Quillfeather"}).status_code == 200
    assert client.get("/claims/Quillfeather/").status_code == 404
    assert client.generic("QUILLFEATHER", "/claims/").status_code >= 400
    stranger = Client()
    stranger.post(reverse("accounts:sign_in"), {"email": "quill@example.com", "password": "narwhal narwhal"})
    answers = [
        client.get(f"/broken/{how}/").status_code for how in ("constraint", "value", "timeout", "python")
    ]
    assert all(answer in (500, 503) for answer in answers)
    text = log.getvalue()
    assert [marker for marker in MARKERS if marker.lower() in text.lower()] == []
    found = lines(log)
    states = {line["sqlstate"] for line in found if "sqlstate" in line}
    assert {"22007", "57014"} <= states
    assert any("builtins" not in str(line) and line.get("error") == ["ValueError"] for line in found)
    told = [line for line in found if line["logger"] == "claimflow.request"]
    assert all(line["request"] and line["actor"] for line in told)
    assert {"provider", "anonymous"} <= {line["actor"] for line in told}


def test_production_writes_json_and_nothing_goes_around_it() -> None:
    assert ours.LOGGING["formatters"]["json"]["()"] == "claimflow.lib.logs.JsonFormatter"
    for name in ("django", "django.server", "gunicorn.error", "gunicorn.access"):
        assert ours.LOGGING["loggers"][name]["handlers"] == []
