"""Connections of a web server: how many at once, how long each may keep us waiting. uvicorn's protocol, with limits."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger(__name__)

REASONS = ("full", "client", "request", "send")
"""
Why the limits close a connection: no place is left, the client has too many, its request took too long, it does not
read the answer.
"""
LOCAL = ("127.0.0.1", "::1")
_SWEEP_S = 1.0
_UNSENT = 32 * 1024
"""Bytes of an answer that may wait in this process, beyond the block that is handed over last."""
_TELL_S = 60.0
"""At most one line so often, however many connections are closed."""
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 21\r\nConnection: close\r\n\r\nToo many connections\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """What a server grants its clients."""

    connections: int = 512
    """Open at the same time."""
    per_client: int = 64
    """Of one IPv4 address or one IPv6 /64, but for web servers in front, which speak for many."""
    request_s: float = 10.0
    """From the connection, or from the last answer, to the last header of the next request."""
    send_s: float = 60.0
    """For the client to read what waits in the send buffer, about 60 kB."""


class ConnectionGuard:
    """
    All connections of one server.

    When every place is taken, the connection that has kept us waiting longest, for its request or for reading
    the answer, is closed; a new one is refused only where all others are being answered.
    """

    def __init__(
        self,
        limits: ConnectionLimits,
        *,
        proxies: Sequence[str] = LOCAL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`proxies` are addresses or networks of web servers in front; "*" is everybody."""
        self.limits = limits
        self._proxies = [_network(name) for name in proxies if name != "*"]
        self._trusts_all = "*" in proxies
        self.closed: Counter[str] = Counter()
        """Connections that the limits ended, by the reason."""
        self._clock = clock
        self._open: Counter[str] = Counter()
        self._waiting: dict[str, OrderedDict[GuardedProtocol, float]] = {"": OrderedDict()}
        """Since when each keeps us waiting, the longest first: of all (""), and of each client."""
        self._told: Counter[str] = Counter()
        self._tell_at = clock()

    @property
    def open(self) -> int:
        """Connections that are open now."""
        return self._open[""]

    def enter(self, connection: GuardedProtocol) -> bool:
        """Whether there is a place for it."""
        limits, client = self.limits, connection.group
        self._open.update(("", client))
        if self._open[client] > limits.per_client and not self._is_proxy(client):
            return self._make_room(client, "client")
        return self._open[""] <= limits.connections or self._make_room("", "full")

    def leave(self, connection: GuardedProtocol) -> None:
        """It is closed, whoever closed it."""
        self.stop_waiting(connection)
        for name in ("", connection.group):
            self._open[name] -= 1
        if self._open[connection.group] <= 0:
            del self._open[connection.group]

    def wait_for(self, connection: GuardedProtocol) -> None:
        """From now on it is the client's turn."""
        now = self._clock()
        for name in ("", connection.group):
            waiting = self._waiting.setdefault(name, OrderedDict())
            waiting[connection] = now
            waiting.move_to_end(connection)

    def stop_waiting(self, connection: GuardedProtocol) -> None:
        """It is ours."""
        for name in ("", connection.group):
            if waiting := self._waiting.get(name):
                waiting.pop(connection, None)
                if name and not waiting:
                    del self._waiting[name]

    def sweep(self) -> None:
        """Close what is over its time, and log how many were."""
        now = self._clock()
        for connection, since in list(self._waiting[""].items()):
            is_reading = connection.unsent_bytes > 0
            if now - since > (self.limits.send_s if is_reading else self.limits.request_s):
                self._close(connection, "send" if is_reading else "request")
        if self.closed != self._told and now >= self._tell_at:
            new = self.closed - self._told
            log.warning(
                "connections closed by the limits: full=%d client=%d request=%d send=%d open=%d",
                *(new[reason] for reason in REASONS),
                self.open,
            )
            self._told, self._tell_at = self.closed.copy(), now + _TELL_S

    async def sweep_until_cancelled(self, beat: Callable[[], object] | None = None) -> None:
        """Once a second; `beat` is called each time: the loop turns."""
        while True:
            self.sweep()
            if beat:
                beat()
            await asyncio.sleep(_SWEEP_S)

    def _is_proxy(self, client: str) -> bool:
        return self._trusts_all or any(
            network.version == proxy.version and network.subnet_of(proxy)  # type: ignore[arg-type]
            for proxy in self._proxies
            if proxy and (network := _network(client))
        )

    def _make_room(self, client: str, reason: str) -> bool:
        waiting = self._waiting.get(client)
        if not waiting:
            self.closed[reason] += 1
            return False
        self._close(next(iter(waiting)), reason)
        return True

    def _close(self, connection: GuardedProtocol, reason: str) -> None:
        self.closed[reason] += 1
        self.stop_waiting(connection)
        connection.transport.abort()


class GuardedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1; tells its guard whose turn it is."""

    group = ""
    """Its client, as the limits count it."""

    def __init__(self, guard: ConnectionGuard, **options: Any) -> None:
        super().__init__(**options)
        self._guard = guard
        self._is_blocked = False

    @property
    def unsent_bytes(self) -> int:
        """What the client has not read, beyond what the system holds."""
        return self.transport.get_write_buffer_size()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=_UNSENT)
        self.group = group_of(self.client[0]) if self.client else "local"
        if self._guard.enter(self):
            self._guard.wait_for(self)
        else:
            transport.write(_BUSY)
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._guard.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # a request that is complete is ours to answer; parts of one do not begin its time anew
        if self._is_answering and not self._is_blocked:
            self._guard.stop_waiting(self)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_answering:
            self._guard.wait_for(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._is_blocked = True
        self._guard.wait_for(self)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._is_blocked = False
        if self._is_answering:
            self._guard.stop_waiting(self)

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete


def proxies_in(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The web servers in front whose X-Forwarded-For uvicorn believes: FORWARDED_ALLOW_IPS, else this machine. Pure."""
    named = environ.get("FORWARDED_ALLOW_IPS", "").split(",")
    return tuple(filter(None, map(str.strip, named))) or LOCAL


def _network(name: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(name, strict=False)
    except ValueError:
        return None


def group_of(address: str) -> str:
    """Whom the limits count together: an IPv4 address, also one written as IPv6; the /64 of an IPv6 one. Pure."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        if not parsed.is_loopback:
            return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
