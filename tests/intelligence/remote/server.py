"""A remote model on this machine: speaks the wire formats of Anthropic's Messages API and of OpenAI's chat completions,
keeps every byte that it receives, and misbehaves as it is told."""

import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

GOOD = {"priority": "urgent", "confidence": 0.91, "reasons": ["critical_diagnosis", "high_charge"]}
TOKENS = (400, 40)
KEY = "key-of-the-test"
Behaviour = Callable[["Conversation"], None]


class Conversation(socketserver.BaseRequestHandler):
    """One connection, one request (the answers say so)."""

    server: "ModelServer"

    def handle(self) -> None:
        request = self._read()
        if request:
            self.server.next_behaviour()(self)

    def _read(self) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got:
            more = self._receive()
            if not more:
                return b""
            got += more
        head, _, body = got.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        while len(body) < int(lengths[0].partition(b":")[2]):
            body += self._receive()
        self.path = head.split()[1].decode()
        self.body = json.loads(body)
        self.server.requests.append((self.path, head.decode(), self.body))
        return got

    def _receive(self) -> bytes:
        more: bytes = self.request.recv(65536)
        self.server.received += more
        return more

    def say(self, status: int, body: bytes, *headers: str) -> None:
        self.request.sendall(head(status, len(body), *headers) + body)

    def wrapped(self, text: str) -> bytes:
        """The text as the asked protocol carries it."""
        if self.path.endswith("/chat/completions"):
            answer: dict[str, Any] = {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1_790_000_000,
                "model": self.body["model"],
                "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
                ],
                "usage": {"prompt_tokens": TOKENS[0], "completion_tokens": TOKENS[1], "total_tokens": 440},
            }
        else:
            answer = {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "model": self.body["model"],
                "content": [{"type": "text", "text": text}],
                "stop_reason": "end_turn",
                "stop_sequence": None,
                "usage": {"input_tokens": TOKENS[0], "output_tokens": TOKENS[1]},
            }
        return json.dumps(answer).encode()


def head(status: int, length: int, *headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status} As Told",
        "Content-Type: application/json",
        f"Content-Length: {length}",
        "Connection: close",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


# --- Behaviours ---------------------------------------------------------------------------------------------------------


def answering(answer: Any = GOOD) -> Behaviour:
    """`answer` as JSON, or a text as it is."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return lambda talk: talk.say(200, talk.wrapped(text))


def raw(status: int, body: bytes, *headers: str) -> Behaviour:
    return lambda talk: talk.say(status, body, *headers)


def error(status: int, *headers: str) -> Behaviour:
    return raw(status, b'{"type":"error","error":{"type":"api_error","message":"as told"}}', *headers)


def silent(talk: Conversation) -> None:
    talk.server.over.wait(5)


def hanging_up(talk: Conversation) -> None:
    talk.request.sendall(head(200, 500) + b'{"half":')


def trickling(talk: Conversation) -> None:
    """A byte every 20 ms: no pause of reading ever lasts long."""
    body = talk.wrapped(json.dumps(GOOD))
    for byte in head(200, len(body)) + body:
        try:
            talk.request.sendall(bytes([byte]))
        except OSError:
            return
        if talk.server.over.wait(0.02):
            return


def slow(seconds: float) -> Behaviour:
    def behave(talk: Conversation) -> None:
        time.sleep(seconds)
        answering()(talk)

    return behave


def endless(talk: Conversation) -> None:
    """More than anybody asked for, as fast as it goes."""
    try:
        talk.request.sendall(head(200, 10**9))
        while not talk.server.over.is_set():
            talk.request.sendall(b" " * 65536)
    except OSError:
        return


class ModelServer(socketserver.ThreadingTCPServer):
    """`script` are the behaviours of the next requests; the last one stays."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.script: list[Behaviour] = [answering()]
        self.received = b""
        self.requests: list[tuple[str, str, Any]] = []
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def will(self, *script: Behaviour) -> None:
        self.script = list(script)

    def next_behaviour(self) -> Behaviour:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def handle_error(self, *_: Any) -> None:
        """A client that went away is what these tests are about."""


@contextmanager
def serving() -> Iterator[ModelServer]:
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
