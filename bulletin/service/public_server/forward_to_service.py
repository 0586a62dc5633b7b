"""Reverse proxy of the public server: forwards pull endpoint, health and metrics to the clock's process, with limits."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import h11
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bulletin.service.http.file_response import until_disconnected
from bulletin.service.resources.connection_limits import group_of

_LOCAL = ("127.0.0.1", "::1")
"""A web server in front, which speaks for many clients."""
_CONNECT_S = 5.0
_BLOCK = 64 * 1024
_HOP_BY_HOP = {
    b"connection",
    b"keep-alive",
    b"transfer-encoding",
    b"upgrade",
    b"te",
    b"trailer",
    b"expect",
}
"""Headers of one connection (RFC 9110, 7.6.1)."""
_NOT_ANSWERED = _HOP_BY_HOP | {b"date"}
_SET_BY_US = _HOP_BY_HOP | {b"x-forwarded-for", b"x-forwarded-proto", b"forwarded", b"content-length"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddress:
    """The address of the clock's process."""

    host: str
    port: int


@dataclass(slots=True, kw_only=True)
class TokenBucket:
    """A token bucket: `burst` requests at once, `per_s` in the long run."""

    per_s: float
    burst: float
    clock: Callable[[], float]
    _tokens: float = 0.0
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens, self._at = self.burst, self.clock()

    def take(self) -> bool:
        """Take a token; False: the rate is exceeded."""
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.per_s)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass(slots=True, kw_only=True)
class RequestGate:
    """
    Limits on forwarded requests: at the same time, and in a second.

    A playout asks once an hour, a monitor every few seconds.
    """

    at_once: int = 64
    at_once_per_client: int = 8
    per_s: float = 10.0
    burst: float = 40.0
    clock: Callable[[], float] = time.monotonic
    _now: Counter[str] = field(default_factory=Counter)
    _rates: dict[str, TokenBucket] = field(default_factory=dict)

    def enter(self, client: str) -> bool:
        """Admit a request of a client; if True, `leave` must follow."""
        client = group_of(client)
        is_limited = client not in _LOCAL
        if self._now[""] >= self.at_once or (is_limited and self._now[client] >= self.at_once_per_client):
            return False
        if is_limited and not self._rate(client, share=0.5).take():
            return False
        if not self._rate("", share=1.0).take():
            return False
        self._now.update(("", client))
        return True

    def leave(self, client: str) -> None:
        """Count a request as answered, or as given up by the client."""
        client = group_of(client)
        self._now.subtract(("", client))
        self._now = +self._now

    def _rate(self, client: str, *, share: float) -> TokenBucket:
        if len(self._rates) > 1000:  # clients that come no more
            self._rates = {name: rate for name, rate in self._rates.items() if name == ""}
        if client not in self._rates:
            rate, burst = self.per_s * share, self.burst * share
            self._rates[client] = TokenBucket(per_s=rate, burst=burst, clock=self.clock)
        return self._rates[client]


class ReverseProxy:
    """ASGI app that forwards GET and HEAD to the clock's process."""

    def __init__(self, address: ServiceAddress, gate: RequestGate | None = None) -> None:
        self._address = address
        self._gate = gate or RequestGate()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            refusal = PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})
            return await refusal(scope, receive, send)
        client = scope["client"][0] if scope.get("client") else "local"
        if not self._gate.enter(client):
            refusal = PlainTextResponse("Too many requests\n", 503, {"Retry-After": "2"})
            return await refusal(scope, receive, send)
        try:
            await self._until_gone(scope, receive, send, client)
        finally:
            self._gate.leave(client)
        return None

    async def _until_gone(self, scope: Scope, receive: Receive, send: Send, client: str) -> None:
        """Forward until the client hangs up: the other process must not wait for a bulletin that nobody takes."""
        answer = asyncio.create_task(self._forward(scope, receive, send, client))
        gone = asyncio.create_task(until_disconnected(receive))
        try:
            await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not answer.done():
                answer.cancel()
        with suppress(asyncio.CancelledError):
            await answer

    async def _forward(self, scope: Scope, receive: Receive, send: Send, client: str) -> None:
        has_begun = False
        try:
            async with _connected(self._address) as (reader, writer):
                connection = h11.Connection(h11.CLIENT)
                head = h11.Request(
                    method=scope["method"], target=_target(scope), headers=_headers(scope, client)
                )
                writer.write(connection.send(head) + connection.send(h11.EndOfMessage()))
                while True:
                    event = connection.next_event()
                    if event is h11.NEED_DATA:
                        connection.receive_data(await reader.read(_BLOCK))
                    elif isinstance(event, h11.Response):
                        has_begun = True
                        headers = [
                            (name, value) for name, value in event.headers if name not in _NOT_ANSWERED
                        ]
                        await send(
                            {"type": "http.response.start", "status": event.status_code, "headers": headers}
                        )
                    elif isinstance(event, h11.Data):
                        await send(
                            {"type": "http.response.body", "body": bytes(event.data), "more_body": True}
                        )
                    elif isinstance(event, h11.EndOfMessage):
                        await send({"type": "http.response.body", "body": b""})
                        return
        except (OSError, TimeoutError, h11.ProtocolError):
            if has_begun:
                raise
            refusal = PlainTextResponse("The service does not answer\n", 502, {"Retry-After": "2"})
            await refusal(scope, receive, send)


def forward_routes(address: ServiceAddress) -> list[BaseRoute]:
    """Routes that the public server forwards."""
    forward = ReverseProxy(address)
    return [Route(path, forward) for path in ("/healthz", "/readyz", "/metrics", "/stations/{rest:path}")]


@asynccontextmanager
async def _connected(
    address: ServiceAddress,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with asyncio.timeout(_CONNECT_S):
        reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def _target(scope: Scope) -> bytes:
    path: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return path + b"?" + query if query else path


def _headers(scope: Scope, client: str) -> list[tuple[bytes, bytes]]:
    """Headers of the request without those of the connection, and with the client's address as we know it."""
    kept = [(name, value) for name, value in scope["headers"] if name not in _SET_BY_US]
    return [*kept, (b"x-forwarded-for", client.encode("ascii", "replace")), (b"connection", b"close")]
