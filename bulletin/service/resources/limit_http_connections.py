"""Connection limits of a web server: number, slow requests, slow readers. uvicorn's protocol with a guard."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger(__name__)

REASONS = ("full", "client", "request", "send")
"""
Why the limits close a connection: too many in all, too many of one client, a slow request, a client that does not read
the answer.
"""
LOCAL = ("127.0.0.1", "::1")
_SWEEP_S = 1.0
_UNSENT = 32 * 1024
"""Bytes of an answer that may wait in this process, besides the last block."""
_LOG_S = 60.0
"""Seconds between two log lines about closed connections."""
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 21\r\nConnection: close\r\n\r\nToo many connections\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Limits for the clients of a server."""

    connections: int = 512
    """Open at the same time."""
    per_client: int = 64
    """Connections of one IPv4 address or IPv6 /64, except web servers in front, which serve many clients."""
    request_s: float = 10.0
    """Time from the connection, or the last answer, to the last header of the next request."""
    send_s: float = 60.0
    """Time for the client to read the full send buffer, about 60 kB."""


class ConnectionGuard:
    """
    All connections of one server.

    Beyond the limits, it closes the connection that has waited longest for its client to ask or to read. It
    refuses a new one only where all others are being answered.
    """

    def __init__(
        self,
        limits: ConnectionLimits,
        *,
        proxies: Sequence[str] = LOCAL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`proxies` are addresses or networks of web servers in front; "*" trusts every address."""
        self.limits = limits
        self._proxies = [_network(name) for name in proxies if name != "*"]
        self._trusts_all = "*" in proxies
        self.closed: Counter[str] = Counter()
        """Connections closed by the limits, by reason."""
        self._clock = clock
        self._open: Counter[str] = Counter()
        self._waiting: dict[GuardedProtocol, float] = {}
        """Waiting connections and the start of their wait, the longest first."""
        self._logged: Counter[str] = Counter()
        self._log_at = clock()

    @property
    def open(self) -> int:
        """Connections that are open now."""
        return self._open[""]

    def enter(self, connection: GuardedProtocol) -> bool:
        """Admit a connection, if need be in place of a waiting one; False: refused."""
        limits, client = self.limits, connection.group
        self._open.update(("", client))
        if self._open[client] > limits.per_client and not self._is_proxy(client):
            return self._make_room(client, "client")
        return self._open[""] <= limits.connections or self._make_room("", "full")

    def leave(self, connection: GuardedProtocol) -> None:
        """Remove a closed connection."""
        self.stop_waiting(connection)
        self._open.subtract(("", connection.group))
        self._open = +self._open  # drops clients without connections

    def wait_for(self, connection: GuardedProtocol) -> None:
        """Begin to wait for the client."""
        self._waiting.pop(connection, None)
        self._waiting[connection] = self._clock()

    def stop_waiting(self, connection: GuardedProtocol) -> None:
        """End the wait for the client, which has sent its request or read its answer."""
        self._waiting.pop(connection, None)

    def sweep(self) -> None:
        """Close connections that have waited too long, and log how many."""
        now = self._clock()
        for connection, since in list(self._waiting.items()):
            is_reading = connection.unsent_bytes > 0
            if now - since > (self.limits.send_s if is_reading else self.limits.request_s):
                self._close(connection, "send" if is_reading else "request")
        if self.closed != self._logged and now >= self._log_at:
            new = self.closed - self._logged
            log.warning(
                "web connections closed to protect the service: too_many=%d per_client=%d slow_request=%d slow_reader=%d open=%d",
                *(new[reason] for reason in REASONS),
                self.open,
            )
            self._logged, self._log_at = self.closed.copy(), now + _LOG_S

    async def sweep_until_cancelled(self, beat: Callable[[], object] | None = None) -> None:
        """Sweep once a second, and call `beat` each time."""
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
        for connection in self._waiting:
            if client in ("", connection.group):
                self._close(connection, reason)
                return True
        self.closed[reason] += 1
        return False

    def _close(self, connection: GuardedProtocol, reason: str) -> None:
        self.closed[reason] += 1
        self.stop_waiting(connection)
        connection.transport.abort()


class GuardedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol, which reports to its guard when it waits for the client."""

    group = ""
    """The client, as the limits count it: `group_of`."""

    def __init__(self, guard: ConnectionGuard, **options: Any) -> None:
        super().__init__(**options)
        self._guard = guard
        self._is_blocked = False

    @property
    def unsent_bytes(self) -> int:
        """Bytes that the client has not read, beyond the system's send buffer."""
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
        # only a complete request ends the wait; parts of one do not restart its time
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
    """Web servers in front whose X-Forwarded-For is trusted: FORWARDED_ALLOW_IPS, else this machine. Pure."""
    named = environ.get("FORWARDED_ALLOW_IPS", "").split(",")
    return tuple(filter(None, map(str.strip, named))) or LOCAL


def _network(name: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(name, strict=False)
    except ValueError:
        return None


def group_of(address: str) -> str:
    """Address -> the client that the limits count: an IPv4 address, also if written as IPv6, or an IPv6 /64. Pure."""
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
