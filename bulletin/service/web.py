"""What the service answers over HTTP: /healthz, /readyz, /metrics. Starlette and uvicorn, in a thread of their own."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bulletin.errors import RunningError
from bulletin.service.health import TICK_AGE, StationHealth, health_data
from bulletin.service.metrics import CONTENT_TYPE, Metrics

log = logging.getLogger(__name__)

_START_S = 10.0
_NEVER_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What the HTTP side may ask of the service."""

    now: Callable[[], datetime]
    ticked_at: Callable[[], datetime | None]
    """When clock and ledger were last compared."""
    stations: Callable[[], Sequence[StationHealth]]
    metrics: Metrics


def make_app(pulse: Pulse, *, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The service's own addresses, then others'."""

    def healthz(request: Request) -> Response:
        """Alive: the loop turns. A service that answers 503 here should be started again."""
        ticked_at, now = pulse.ticked_at(), pulse.now()
        # a clock that was set back makes a tick of the future, which is no sign of death
        is_alive = ticked_at is not None and now - ticked_at <= TICK_AGE
        data = {"alive": is_alive, "ticked_at": ticked_at.isoformat() if ticked_at else None}
        return JSONResponse(data, 200 if is_alive else 503, _NEVER_STORE)

    def readyz(request: Request) -> Response:
        """On air: for the slot that came last, something lies where the playout looks, at every station."""
        stations, now = pulse.stations(), pulse.now()
        is_ready = all(health.is_ready for health in stations)
        data = {"ready": is_ready, "stations": [health_data(health, now=now) for health in stations]}
        return JSONResponse(data, 200 if is_ready else 503, _NEVER_STORE)

    def metrics(request: Request) -> Response:
        return Response(pulse.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE, **_NEVER_STORE})

    own = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    return Starlette(routes=[*own, *routes])


class WebServer:
    """Serves an app in a thread until it is stopped."""

    def __init__(self, app: Starlette, *, host: str, port: int) -> None:
        """Raises RunningError when the address is taken or not ours."""
        self._socket = bind(host, port)
        self.address = _shown(self._socket)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=3,
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="web", daemon=True
        )

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()
        until = time.monotonic() + _START_S
        while not self._server.started and self._thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        log.info("listening: address=%s", self.address)

    def stop(self) -> None:
        """Let what is being answered end, for 3 s at most."""
        self._server.should_exit = True
        self._thread.join(5.0)
        self._socket.close()


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens there, whose connections send at once. Raises RunningError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        bound = socket.create_server((host, port), family=family, backlog=256)
        # asyncio does it only where the protocol is named; without, the body waits 40 ms behind the headers for
        # the client's delayed acknowledgement, with every request but the first of a connection
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound
    except OSError as error:
        raise RunningError(
            f"{host}:{port}: cannot listen there ({_why(error)}); "
            "choose another address with --listen, or --listen none"
        ) from error


def _why(error: OSError) -> str:
    """Python adds the address to what the system says; it stands in the message already."""
    return (error.strerror or str(error)).partition(" (while ")[0]


def _shown(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
