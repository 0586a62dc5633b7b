"""Web server in a thread: a Starlette app on uvicorn, with limits on connections and on slow clients."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from bulletin.errors import RunningError
from bulletin.service.resources.limit_http_connections import (
    LOCAL,
    ConnectionGuard,
    ConnectionLimits,
    GuardedProtocol,
    proxies_in,
)

log = logging.getLogger(__name__)

_START_S = 10.0
_ACCEPTED_AT_ONCE = 100
"""Connections that asyncio accepts before it reads any of them: as many as its backlog."""
_QUEUED = 1024
"""Connections that the system queues; the clients of others try again after a second or three."""
_SEND_BUFFER = 128 * 1024
"""
Bytes of an answer that the system buffers for a client that does not read.

By default they grow to megabytes for each of hundreds of clients, and hide that the client does not read.
"""


class WebServer:
    """Serves an app in a thread until it is stopped, within limits."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        bound: Sequence[socket.socket] = (),
        limits: ConnectionLimits | None = None,
        proxies: Sequence[str] = (),
        trusts_local: bool = True,
    ) -> None:
        """
        Listen at `host` and `port`, or at the sockets `bound`. `proxies` are web servers in front, besides
        the servers in FORWARDED_ALLOW_IPS. Without `trusts_local` a program of this machine is no web server in
        front, so it names no other address than its own. Raises RunningError where the address is taken or not
        this machine's.
        """
        self._sockets = [*bound] or [bind(host, port)]
        self.address = shown(self._sockets[0])
        believed = (*proxies, *proxies_in(os.environ))
        self.guard = ConnectionGuard(limits or ConnectionLimits(), proxies=believed)
        self.beat: Callable[[], object] | None = None
        """Called once a second by the event loop."""
        self.when_stopping: Callable[[], object] | None = None
        """Called at the beginning of `stop`, to end answers that would go on: streams of events."""
        config = uvicorn.Config(
            app,
            http=functools.partial(GuardedProtocol, self.guard),  # type: ignore[arg-type]  # only called
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            forwarded_allow_ips="*" if "*" in believed else [*believed],
            proxy_headers=trusts_local or believed != LOCAL,
            server_header=False,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=3,
            backlog=_ACCEPTED_AT_ONCE,
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="web", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        until = time.monotonic() + _START_S
        while not self._server.started and self._thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        for bound in self._sockets:
            with suppress(OSError):  # stopped meanwhile
                bound.listen(_QUEUED)
        log.info("listening: address=%s", self.address)

    def stop(self) -> None:
        """Finish the current answers, within 3 s."""
        if self.when_stopping:
            self.when_stopping()
        self._server.should_exit = True
        self._thread.join(5.0)
        for bound in self._sockets:
            bound.close()

    async def _serve(self) -> None:
        sweep = asyncio.create_task(self.guard.sweep_until_cancelled(self.beat))
        await self._server.serve(self._sockets)
        sweep.cancel()


def bind(host: str, port: int, *, option: str = "--listen") -> socket.socket:
    """A listening socket whose connections send without delay (TCP_NODELAY). Raises RunningError, which names `option`."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        bound = socket.create_server((host, port), family=family, backlog=_QUEUED)
        # asyncio sets it only for sockets that it made itself; without it, the body waits 40 ms for the client's
        # delayed acknowledgement of the headers, with every request but the first of a connection
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        return bound
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while ")[
            0
        ]  # without the address that Python adds
        raise RunningError(
            f"{host}:{port}: cannot listen there ({reason}); "
            f"choose another address with {option}{', or --listen none' if option == '--listen' else ''}"
        ) from error


def shown(bound: socket.socket) -> str:
    """The URL of a listening socket: "http://127.0.0.1:8035"."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
