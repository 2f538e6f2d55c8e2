"""Lines of the log: what stands in them, and what never does."""

import json
import logging
import sys
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from claimflow.lib.logs import JsonFormatter, PlainFormatter, scrub

ID = "0196f0c0-0000-7000-8000-000000000001"


def line(
    message: object, *arguments: object, error: BaseException | None = None, **extra: object
) -> dict[str, object]:
    exc_info = None
    if error is not None:
        try:
            raise error
        except BaseException:
            exc_info = sys.exc_info()
    record = logging.LogRecord("claims.test", logging.ERROR, "x.py", 1, message, arguments, exc_info)
    vars(record).update(extra)
    written = JsonFormatter().format(record)
    assert "\n" not in written
    assert "\n" not in PlainFormatter().format(record)
    found: dict[str, object] = json.loads(written)
    return found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail to ada.marsh+x@example.com failed", "mail to [address] failed"),
        ("born 1965-03-14, 03/14/1965 or 14.3.65", "born [date], [date] or [date]"),
        (
            "member W000012345 and 123-45-6789 and (555) 010-9999",
            "member [number] and [date] and ([number]",
        ),
        ("GET /patients/?q=Okafor&page=2 now", "GET /patients/[query] now"),
        ("Invalid line: 'OKAFOR x'", "Invalid line: [text]"),
        ('value "Adaeze" is not', "value [text] is not"),
        (f"mail {ID} is given up after 12 tries", f"mail {ID} is given up after 12 tries"),
        ("the sealer's lag is the worker's", "the sealer's lag is the worker's"),
        ("two\nlines", "two lines"),
        ("checkpoint 1234 of epoch 3", "checkpoint 1234 of epoch 3"),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_what_is_taken_out_of_a_text(text: str, left: str) -> None:
    assert scrub(text) == left


def test_a_line_has_time_level_part_and_message() -> None:
    found = line("mail %s did not leave", ID)
    assert str(found.pop("time")).endswith("Z")
    assert found == {"level": "ERROR", "logger": "claims.test", "message": f"mail {ID} did not leave"}


def test_exceptions_are_named_and_never_quoted() -> None:
    try:
        raise KeyError("Okafor")
    except KeyError as cause:
        inner = cause
    outer = ValueError("invalid literal: Okafor")
    outer.__cause__ = inner
    found = line("it failed: %s", outer, error=outer)
    assert found["message"] == "it failed: ValueError"
    assert found["error"] == ["ValueError", "KeyError"]
    assert "test_logs.py" in str(found["at"])
    assert "Okafor" not in json.dumps(found)
    assert line(outer)["message"] == "ValueError"


def test_what_the_program_says_of_itself_stays() -> None:
    assert line("no start", error=ImproperlyConfigured("PHI_KEYS is missing"))["why"] == "PHI_KEYS is missing"


def test_a_request_is_named_by_its_page() -> None:
    request = SimpleNamespace(
        method="GET", path="/patients/Okafor/", resolver_match=SimpleNamespace(view_name="members:patient")
    )
    found = line("Internal Server Error: %s", request.path, request=request, status_code=500)
    assert found["message"] == "Internal Server Error GET members:patient 500"
    request = SimpleNamespace(method="OKAFOR", path="/Okafor/", resolver_match=None)
    found = line("Not Found: %s", request.path, request=request, status_code=404)
    assert found["message"] == "Not Found OTHER (no such page) 404"


def test_paths_and_lines_that_do_not_fit_say_nothing() -> None:
    assert (
        line("Error handling request %s", "/patients/Okafor/")["message"] == "Error handling request (path)"
    )
    assert line("%d rows", "Okafor")["message"] == "a line that could not be formatted"
