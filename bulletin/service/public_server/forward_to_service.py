"""Reverse proxy of the public server: forwards pull endpoint, health and metrics to the clock's process, with limits."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import h11
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive, Scope, Send

from bulletin.service.resources.limit_http_connections import LOCAL, group_of

_CONNECT_S = 5.0
_BLOCK = 64 * 1024
_HOP_BY_HOP = set(b"connection keep-alive transfer-encoding upgrade te trailer expect".split())
"""Headers of one connection (RFC 9110, 7.6.1)."""
_NOT_ANSWERED = _HOP_BY_HOP | {b"date"}
_SET_BY_US = _HOP_BY_HOP | {b"x-forwarded-for", b"x-forwarded-proto", b"forwarded", b"content-length"}


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
    _tokens: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By client, and "" for all: requests that may come now, and the time to which that applies."""

    def enter(self, client: str) -> bool:
        """Admit a request of a client; if True, `leave` must follow."""
        client = group_of(client)
        is_limited = client not in LOCAL
        if self._now[""] >= self.at_once or (is_limited and self._now[client] >= self.at_once_per_client):
            return False
        if is_limited and not self._take(client, share=0.5):
            return False
        if not self._take("", share=1.0):
            return False
        self._now.update(("", client))
        return True

    def leave(self, client: str) -> None:
        """Count a request as answered, or as given up by the client."""
        client = group_of(client)
        self._now.subtract(("", client))
        self._now = +self._now

    def _take(self, client: str, *, share: float) -> bool:
        """Take a token of a bucket that holds `share` of the burst and fills at `share` of the rate; False: empty."""
        if len(self._tokens) > 1000:  # clients that come no more
            self._tokens = {name: bucket for name, bucket in self._tokens.items() if name == ""}
        now, burst = self.clock(), self.burst * share
        left, at = self._tokens.get(client, (burst, now))
        left = min(burst, left + (now - at) * self.per_s * share)
        self._tokens[client] = (left - 1 if left >= 1 else left), now
        return left >= 1


class ReverseProxy:
    """ASGI app that forwards a request to a port of this machine: the clock's process."""

    def __init__(self, port: int, gate: RequestGate | None = None) -> None:
        self._port = port
        self._gate = gate or RequestGate()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward until the client hangs up: the other process must not wait in vain for a bulletin."""
        client = scope["client"][0] if scope.get("client") else "local"
        if not self._gate.enter(client):
            await PlainTextResponse("Too many requests\n", 503, {"Retry-After": "2"})(scope, receive, send)
            return
        answer = asyncio.create_task(self._forward(scope, receive, send, client))
        gone = asyncio.create_task(_until_disconnected(receive))
        try:
            await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                answer.result()
        finally:
            gone.cancel()
            answer.cancel()
            self._gate.leave(client)

    async def _forward(self, scope: Scope, receive: Receive, send: Send, client: str) -> None:
        has_begun = False
        try:
            async for message in self._answer(scope, client):
                has_begun = True
                await send(message)
        except (OSError, TimeoutError, h11.ProtocolError):
            if has_begun:
                raise
            refusal = PlainTextResponse("The service does not answer\n", 502, {"Retry-After": "2"})
            await refusal(scope, receive, send)

    async def _answer(self, scope: Scope, client: str) -> AsyncIterator[Message]:
        async with asyncio.timeout(_CONNECT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            connection = h11.Connection(h11.CLIENT)
            target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
            head = h11.Request(method=scope["method"], target=target, headers=_headers(scope, client))
            writer.write(connection.send(head) + connection.send(h11.EndOfMessage()))
            while not isinstance(event := connection.next_event(), h11.EndOfMessage):
                if event is h11.NEED_DATA:
                    connection.receive_data(await reader.read(_BLOCK))
                elif isinstance(event, h11.Response):
                    headers = [(name, value) for name, value in event.headers if name not in _NOT_ANSWERED]
                    yield {"type": "http.response.start", "status": event.status_code, "headers": headers}
                elif isinstance(event, h11.Data):
                    yield {"type": "http.response.body", "body": bytes(event.data), "more_body": True}
            yield {"type": "http.response.body", "body": b""}
        finally:
            writer.transport.abort()


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def forward_routes(port: int) -> list[BaseRoute]:
    """Routes that the public server forwards to the clock's process, which listens on a port of this machine."""
    paths = ("/healthz", "/readyz", "/metrics", "/stations/{rest:path}")
    forward = ReverseProxy(port)
    return [Route(path, forward, methods=["GET", "HEAD"]) for path in paths]


def _headers(scope: Scope, client: str) -> list[tuple[bytes, bytes]]:
    """Headers of the request without hop-by-hop headers, and with the client's address as we know it."""
    kept = [(name, value) for name, value in scope["headers"] if name not in _SET_BY_US]
    return [*kept, (b"x-forwarded-for", client.encode("ascii", "replace")), (b"connection", b"close")]
