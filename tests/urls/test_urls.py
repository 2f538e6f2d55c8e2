"""Every URL x every standing (the tables of pretix and NetBox): nobody gets a page that the list does not give."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from claimflow.middleware.gate import FRESH
from claimflow.middleware.gate import OPEN as MARKED_OPEN
from tests.harness import truncate_tenants
from tests.urls.asking import answer, named_urls
from tests.urls.cast import STANDINGS, Cast, make_cast
from tests.urls.expected import OPEN, TABLE

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Line:
    name: str
    method: str
    thing: str
    answers: tuple[str, ...]


def read(text: str) -> list[Line]:
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [Line(name, method, thing, tuple(answers)) for name, method, thing, *answers in lines]


LINES = read(TABLE)
URLS = dict(named_urls())


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Cast]:
    from django.db import connection

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield make_cast()
        connection.close()
    truncate_tenants()


def test_every_url_has_its_line_and_every_line_its_url() -> None:
    assert {line.name for line in LINES} == set(URLS)
    assert len({(line.name, line.method) for line in LINES}) == len(LINES)
    for line in LINES:
        is_short = len(line.answers) == len(STANDINGS) - 5 and len(set(line.answers[2:])) == 1
        assert is_short or len(line.answers) == len(STANDINGS), line


def test_open_urls_are_exactly_these() -> None:
    assert {name for name, pattern in URLS.items() if getattr(pattern.callback, MARKED_OPEN, False)} == OPEN


def test_what_is_not_open_sends_strangers_to_the_door() -> None:
    assert {line.name for line in LINES if line.answers[:2] != ("door", "door")} <= OPEN


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.name}-{line.method}")
def test_url(cast: Cast, line: Line) -> None:
    thing = None if line.thing == "-" else cast.things[line.thing]
    got = {
        who: answer(cast.clients[who], line.method, line.name, thing)
        for who, _wanted in zip(STANDINGS, line.answers, strict=False)
    }
    wrong = [
        f"{who}: expected {wanted}, got {got[who]}"
        for who, wanted in zip(got, line.answers, strict=True)
        if wanted != got[who]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(name for name in URLS if not name.startswith("gallery")))
def test_methods_without_a_line_are_refused(cast: Cast, name: str) -> None:
    known = [line for line in LINES if line.name == name]
    thing = None if known[0].thing == "-" else cast.things[known[0].thing]
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - {line.method for line in known}:
        got = answer(cast.clients["biller"], method, name, thing)
        asked_again = {"302"} if hasattr(URLS[name].callback, FRESH) else set()
        assert got in {"405", "403", "404", "door"} | asked_again, f"{method} {name}: {got}"
