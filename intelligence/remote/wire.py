"""The way to the other machine that both adapters share: HTTP without redirects, and answers of a bounded size.

Imported only when a remote model is asked: httpx2 comes with the extra (requirements-remote.txt).
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

import httpx2

from intelligence.enums import RemoteFailure
from intelligence.remote.reply import Trouble

MOST_BYTES = 64 * 1024
"""A well-formed answer has about one thousand."""


class TooLong(httpx2.ReadError):
    """The body goes on past `MOST_BYTES`."""


class _Bounded(httpx2.AsyncByteStream):
    """A body that may not go on for ever."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_BYTES
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise TooLong("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


class _Transport(httpx2.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream)
        return response


@asynccontextmanager
async def client(proxy: str = "") -> AsyncIterator[httpx2.AsyncClient]:
    """A client for one call: no proxy but the one named, no cookies kept, no redirect followed. It has no timeouts
    of its own, because the deadline of the whole call stands above it (`intelligence.remote.call`)."""
    transport = _Transport(verify=certificates(), proxy=proxy or None)
    async with httpx2.AsyncClient(
        transport=transport, trust_env=False, follow_redirects=False, timeout=None
    ) as made:
        yield made


def trouble_of(error: Exception) -> Trouble:
    """What a failed exchange means. Once the request may have arrived, the service may charge for it."""
    if isinstance(error, TooLong):
        return Trouble(RemoteFailure.WRONG_PROTOCOL, billed=True)
    if isinstance(error, httpx2.ConnectError | httpx2.ProxyError | httpx2.UnsupportedProtocol):
        return Trouble(RemoteFailure.UNREACHABLE, again=True)
    return Trouble(RemoteFailure.HUNG_UP, again=True, billed=True)


@lru_cache(maxsize=1)
def certificates() -> ssl.SSLContext:
    """The authorities that are trusted. Reading them takes tens of milliseconds: once in the life of a process, before
    anybody's deadline begins."""
    return httpx2.create_ssl_context()
