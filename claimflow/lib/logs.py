"""Log lines that can hold no health data (ruling 48 and security.md section 7).

A line says when, how grave, which part, in which request, for which kind of actor, and what happened in the program's
own words. What came from outside the program stays outside the log:

- Exceptions are written as their types, the SQLSTATE, the name of a broken constraint, and where they were raised. Their
  messages are not: the database's quote the row, Python's the value.
- A request is named by its page, never by its path or query string.
- Quoted text, e-mail addresses, dates, long digit groups, paths and query strings in any other line are taken out.

``JsonFormatter`` writes one JSON object to a line, ``PlainFormatter`` the same for eyes; LOG_FORMAT chooses.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from claimflow.lib.db.context import current_actor, current_request_id

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_FRAMES = 12
MOST_CHARACTERS = 1000
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Said while the program starts, about the program alone.
OWN_WORDS = (ImproperlyConfigured, ImportError)
OUTSIDE = re.compile(
    r"(?P<kept>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b)"
    r"|(?P<text>(?<!\w)'[^']*'|\"[^\"]*\")"
    r"|(?P<address>[^\s@<>\"'=,;]+@[^\s@<>\"',;]+)"
    r"|(?P<query>\?[^\s\"']*=[^\s\"']*)"
    r"|(?P<date>\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b)"
    r"|(?P<number>[A-Za-z]{0,3}\d(?:[ .()-]{0,2}\d){4,})",
    re.IGNORECASE,
)


def scrub(text: str) -> str:
    """The text without quoted words, addresses, dates, long numbers and query strings, on one line of at most
    ``MOST_CHARACTERS``; ids and request numbers stay."""

    def instead(match: re.Match[str]) -> str:
        return match[0] if match.lastgroup == "kept" else f"[{match.lastgroup}]"

    return OUTSIDE.sub(instead, " ".join(text.split()))[:MOST_CHARACTERS]


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What may be written of a record, in the order of a line; empty values are left out."""
    actor = current_actor()
    facts = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        + f".{int(record.msecs):03d}Z",
        "level": record.levelname,
        "logger": record.name,
        "request": current_request_id(),
        "actor": getattr(record, "actor", "") or (actor.kind if actor else ""),
        "message": _message(record),
        **_error(record),
    }
    return {name: value for name, value in facts.items() if value not in ("", None, [])}


# --- What happened ------------------------------------------------------------------------------------------


def _message(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is not None and hasattr(request, "method"):  # Django's own lines, which quote the path
        status = getattr(record, "status_code", "")
        words = str(record.msg).partition(":")[0].partition("%")[0].strip()
        return scrub(
            " ".join(str(part) for part in (words, method_of(request), route_of(request), status) if part)
        )
    arguments = record.args
    try:
        if isinstance(arguments, Mapping):
            text = str(record.msg) % {name: _harmless(value) for name, value in arguments.items()}
        elif arguments:
            text = str(record.msg) % tuple(_harmless(value) for value in arguments)
        else:
            text = str(_harmless(record.msg))
    except (TypeError, ValueError, KeyError):
        text = "a line that could not be formatted"
    return scrub(text)


def _harmless(value: Any) -> Any:
    if isinstance(value, BaseException):
        return _name(type(value))
    return "(path)" if isinstance(value, str) and value.startswith("/") else value


def method_of(request: Any) -> str:
    """GET, POST or another that HTTP knows; a client may send any word."""
    return request.method if request.method in METHODS else "OTHER"


def route_of(request: Any) -> str:
    """The name of the page, such as ``claims:detail``: what somebody typed into the address stays out."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or "(a page without a name)") if match is not None else "(no such page)"


# --- What went wrong ----------------------------------------------------------------------------------------


def _error(record: logging.LogRecord) -> dict[str, Any]:
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return {}
    chain = list(_chain(error))
    return {
        "error": [_name(type(each)) for each in chain],
        "why": "; ".join(scrub(str(each)) for each in chain if isinstance(each, OWN_WORDS)),
        "sqlstate": _first(getattr(each, "sqlstate", None) for each in chain),
        "constraint": _first(getattr(getattr(each, "diag", None), "constraint_name", None) for each in chain),
        "at": _frames(chain[-1]) if chain[-1].__traceback__ else _frames(error),
    }


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and those behind it, the outermost first."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _first(values: Iterator[Any]) -> Any:
    return next((value for value in values if value), None)


def _name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _frames(error: BaseException) -> list[str]:
    """Where it was raised, the innermost last: file, line and function, never a line of source or a value."""
    found = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return found[-MOST_FRAMES:]


def _short(name: str) -> str:
    path = Path(name)
    if path.is_relative_to(ROOT):
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])


# --- How it is written --------------------------------------------------------------------------------------


class JsonFormatter(logging.Formatter):
    """One JSON object to a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(facts_of(record), default=str)


class PlainFormatter(logging.Formatter):
    """The same facts for eyes: time, level, part, request, actor, message, and what went wrong behind it."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        head = " ".join(str(facts.pop(name)) for name in ("time", "level", "logger") if name in facts)
        whose = "/".join(str(facts.pop(name)) for name in ("request", "actor") if name in facts)
        message = facts.pop("message", "")
        behind = "".join(
            f" {name}={', '.join(value) if isinstance(value, list) else value}"
            for name, value in facts.items()
        )
        return f"{head} [{whose or '-'}] {message}{behind}"
