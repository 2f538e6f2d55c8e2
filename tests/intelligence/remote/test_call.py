"""Both adapters against a server on this machine that speaks their protocols and misbehaves."""

import json
import socket
import time
from decimal import Decimal

import pytest

from intelligence.enums import Priority, RemoteFailure
from intelligence.priority import PriorityFacts, ProcedureFacts
from intelligence.remote.answer import SCHEMA
from intelligence.remote.call import Outcome, call
from intelligence.remote.prompt import prompt_of
from intelligence.remote.reply import Reply, Trouble
from intelligence.remote.switch import adapter_for
from tests.intelligence.remote.server import (
    GOOD,
    KEY,
    TOKENS,
    Behaviour,
    ModelServer,
    answering,
    endless,
    error,
    hanging_up,
    raw,
    serving,
    silent,
    slow,
    trickling,
)

DEADLINE, ENOUGH = 0.35, 5.0
LATE = 1.2
"""Seconds that a busy machine may be late; what is waited for lasts much longer."""
PROMPT = prompt_of(
    PriorityFacts((ProcedureFacts("99285"),), ("I219",), Decimal("8500.00"), 61, frozenset({"23"}))
)
TOO_MANY = json.dumps(
    {
        "content": [{"type": "text", "text": "{}"}],
        "choices": [{"message": {"content": "{}"}}],
        "usage": dict.fromkeys(
            ("input_tokens", "output_tokens", "prompt_tokens", "completion_tokens"), 10**18
        ),
    }
).encode()
"""Counts that would break a budget's columns."""
pytestmark = pytest.mark.slow
each_adapter = pytest.mark.parametrize("adapter", ["anthropic", "openai"])


def ask(adapter: str, address: str, deadline: float = ENOUGH) -> Outcome:
    return call(adapter_for(adapter, address=address, key=KEY), PROMPT, model="model-1", deadline=deadline)


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """The first call of a process loads the SDK and builds its types: not inside anybody's deadline."""
    with serving() as made:
        for name in ("anthropic", "openai"):
            ask(name, made.address)


@each_adapter
def test_a_good_answer_with_its_tokens(adapter: str, server: ModelServer) -> None:
    outcome = ask(adapter, server.address)
    assert outcome.failure is None
    assert outcome.answer is not None
    assert outcome.answer.priority == Priority.URGENT
    assert json.loads(outcome.text) == GOOD
    assert (outcome.tokens, outcome.uncounted, outcome.attempts) == (TOKENS, 0, 1)
    assert outcome.reached


def test_the_messages_api_is_spoken(server: ModelServer) -> None:
    ask("anthropic", server.address)
    ((path, head, body),) = server.requests
    assert path == "/v1/messages"
    assert f"authorization: bearer {KEY}" in head.lower()
    assert "anthropic-version: " in head.lower()
    assert body["model"] == "model-1"
    assert body["system"] == PROMPT.instructions
    assert body["messages"] == [{"role": "user", "content": PROMPT.facts}]
    assert body["output_config"]["format"]["schema"] == SCHEMA
    assert body["max_tokens"] == 300


def test_chat_completions_are_spoken(server: ModelServer) -> None:
    ask("openai", f"{server.address}/v1/")
    ((path, head, body),) = server.requests
    assert path == "/v1/chat/completions"
    assert f"authorization: Bearer {KEY}".lower() in head.lower()
    assert [each["role"] for each in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"] == PROMPT.facts
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA


def test_a_service_without_counts_is_counted_by_the_ceiling(server: ModelServer) -> None:
    text = json.dumps({"choices": [{"message": {"content": json.dumps(GOOD)}}]})
    server.will(raw(200, text.encode()))
    outcome = ask("openai", server.address)
    assert outcome.answer is not None
    assert (outcome.tokens, outcome.uncounted) == ((0, 0), 1)


@each_adapter
@pytest.mark.parametrize("behaviour", [silent, trickling, slow(3.0), error(429, "retry-after: 30")])
def test_nothing_lasts_longer_than_the_whole_deadline(
    adapter: str, behaviour: Behaviour, server: ModelServer
) -> None:
    server.will(behaviour)
    began = time.monotonic()
    outcome = ask(adapter, server.address, DEADLINE)
    assert time.monotonic() - began < DEADLINE + LATE
    assert outcome.failure in (RemoteFailure.DEADLINE, RemoteFailure.OVER_QUOTA)
    assert outcome.answer is None
    assert not outcome.reached


@each_adapter
def test_a_trickle_in_the_second_attempt_does_not_extend_it_either(adapter: str, server: ModelServer) -> None:
    server.will(error(503), trickling)
    outcome = ask(adapter, server.address, DEADLINE)
    assert (outcome.failure, outcome.attempts, outcome.uncounted) == (RemoteFailure.DEADLINE, 2, 1)
    assert outcome.seconds < DEADLINE + LATE


@each_adapter
@pytest.mark.parametrize(
    ("passing", "uncounted"),
    [(error(500), 0), (error(529), 0), (error(429, "retry-after: 0.05"), 0), (hanging_up, 1)],
)
def test_what_passes_is_tried_once_more(
    adapter: str, passing: Behaviour, uncounted: int, server: ModelServer
) -> None:
    server.will(passing, answering())
    outcome = ask(adapter, server.address)
    assert outcome.answer is not None
    assert (outcome.attempts, outcome.uncounted) == (2, uncounted)


@each_adapter
@pytest.mark.parametrize(
    ("behaviour", "failure", "attempts"),
    [
        (error(500), RemoteFailure.SERVER_ERROR, 2),
        (error(429), RemoteFailure.OVER_QUOTA, 2),
        (hanging_up, RemoteFailure.HUNG_UP, 2),
        (error(401), RemoteFailure.REFUSED, 1),
        (error(404), RemoteFailure.REFUSED, 1),
        (raw(302, b"", "Location: http://127.0.0.1:1/"), RemoteFailure.REFUSED, 1),
        (raw(200, b"<html>"), RemoteFailure.WRONG_PROTOCOL, 1),
        (raw(200, b"[]"), RemoteFailure.WRONG_PROTOCOL, 1),
        (raw(200, b'{"content":[],"choices":[]}'), RemoteFailure.WRONG_PROTOCOL, 1),
        (raw(200, TOO_MANY), RemoteFailure.WRONG_PROTOCOL, 1),
        (endless, RemoteFailure.WRONG_PROTOCOL, 1),
        (answering("I think it is urgent."), RemoteFailure.WRONG_ANSWER, 1),
        (answering({**GOOD, "approve": True}), RemoteFailure.WRONG_ANSWER, 1),
    ],
)
def test_every_other_failure_has_its_name(
    adapter: str, behaviour: Behaviour, failure: RemoteFailure, attempts: int, server: ModelServer
) -> None:
    server.will(behaviour)
    outcome = ask(adapter, server.address)
    assert (outcome.failure, outcome.attempts) == (failure, attempts)
    assert outcome.answer is None
    assert len(server.requests) == attempts


@each_adapter
def test_nobody_there(adapter: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outcome = ask(adapter, f"http://127.0.0.1:{port}")
    assert (outcome.failure, outcome.attempts, outcome.uncounted) == (RemoteFailure.UNREACHABLE, 2, 0)


def test_an_adapter_that_breaks_is_a_failure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        async def ask(self, *_: object, **__: object) -> Reply:
            raise LookupError

    assert call(Broken(), PROMPT, model="m", deadline=1).failure == RemoteFailure.WRONG_PROTOCOL  # type: ignore[arg-type]


def test_one_that_does_not_let_itself_be_cancelled_is_left_behind() -> None:
    class Stubborn:
        async def ask(self, *_: object, **__: object) -> Reply:
            time.sleep(2.0)
            raise Trouble(RemoteFailure.REFUSED)

    began = time.monotonic()
    outcome = call(Stubborn(), PROMPT, model="m", deadline=0.05)  # type: ignore[arg-type]
    assert outcome.failure == RemoteFailure.DEADLINE
    assert time.monotonic() - began < 0.05 + LATE
