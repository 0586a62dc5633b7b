"""Requests that only the clock's process can answer (pull endpoint, health, metrics) -> passed on to it, few at a time."""

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
"""Speak for many clients: a web server in front."""
_CONNECT_S = 5.0
_BLOCK = 64 * 1024
_NOT_PASSED_ON = {
    b"connection",
    b"keep-alive",
    b"transfer-encoding",
    b"upgrade",
    b"te",
    b"trailer",
    b"expect",
}
"""Headers of one connection (RFC 9110, 7.6.1)."""
_NAMED_BY_US = _NOT_PASSED_ON | {b"x-forwarded-for", b"x-forwarded-proto", b"forwarded", b"content-length"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddress:
    """Where the clock's process listens."""

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
        """Whether one more is within the rate."""
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
    How much of the clock's process strangers may have: requests at the same time and in a second.

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
        """Whether a request of that client may go on; then `leave` must follow."""
        client = group_of(client)
        is_one = client not in _LOCAL
        if self._now[""] >= self.at_once or (is_one and self._now[client] >= self.at_once_per_client):
            return False
        if is_one and not self._rate(client, share=0.5).take():
            return False
        if not self._rate("", share=1.0).take():
            return False
        self._now.update(("", client))
        return True

    def leave(self, client: str) -> None:
        """A request is answered, or nobody waits for the answer any more."""
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
    """An ASGI app that has another process answer GET and HEAD."""

    def __init__(self, address: ServiceAddress, gate: RequestGate | None = None) -> None:
        self._address = address
        self._gate = gate or RequestGate()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            told = PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})
            return await told(scope, receive, send)
        client = scope["client"][0] if scope.get("client") else "local"
        if not self._gate.enter(client):
            told = PlainTextResponse("Too many requests\n", 503, {"Retry-After": "2"})
            return await told(scope, receive, send)
        try:
            await self._until_gone(scope, receive, send, client)
        finally:
            self._gate.leave(client)
        return None

    async def _until_gone(self, scope: Scope, receive: Receive, send: Send, client: str) -> None:
        """Whoever hangs up must not keep the other process waiting for a bulletin to be made."""
        answer = asyncio.create_task(self._answer(scope, receive, send, client))
        gone = asyncio.create_task(until_disconnected(receive))
        try:
            await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not answer.done():
                answer.cancel()
        with suppress(asyncio.CancelledError):
            await answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send, client: str) -> None:
        has_begun = False
        try:
            async with _connected(self._address) as (reader, writer):
                line = h11.Connection(h11.CLIENT)
                head = h11.Request(
                    method=scope["method"], target=_target(scope), headers=_headers(scope, client)
                )
                writer.write(line.send(head) + line.send(h11.EndOfMessage()))
                while True:
                    event = line.next_event()
                    if event is h11.NEED_DATA:
                        line.receive_data(await reader.read(_BLOCK))
                    elif isinstance(event, h11.Response):
                        has_begun = True
                        headers = [one for one in event.headers if one[0] not in (*_NOT_PASSED_ON, b"date")]
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
            told = PlainTextResponse("The service does not answer\n", 502, {"Retry-After": "2"})
            await told(scope, receive, send)


def forward_routes(address: ServiceAddress) -> list[BaseRoute]:
    """What the public server passes on."""
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
    """As they came, but for those of the connection; the client's address is told by us and by nobody else."""
    kept = [(name, value) for name, value in scope["headers"] if name not in _NAMED_BY_US]
    return [*kept, (b"x-forwarded-for", client.encode("ascii", "replace")), (b"connection", b"close")]
