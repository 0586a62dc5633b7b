"""The stations of a service -> its HTTP servers: the public one, and the clock's own for health and the pull endpoint."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import OutletError, RunningError
from bulletin.publishing.podcast_urls import feed_url
from bulletin.service.http.serve_published_files import PublicFolder
from bulletin.service.http.web_server import WebServer, bind, shown
from bulletin.service.monitoring.prometheus_metrics import CONTENT_TYPE, Metrics
from bulletin.service.monitoring.station_health import TICK_AGE, StationHealth, health_data
from bulletin.service.public_server.supervise_public_server import PublicServer
from bulletin.service.resources.limit_http_connections import LOCAL, ConnectionLimits

log = logging.getLogger(__name__)

_CACHE_S = 1.0
"""Requests so soon after one another share one look at ledger and archive."""
_NEVER_STORE = {"Cache-Control": "no-store"}
INSIDE = ConnectionLimits(connections=128, per_client=16)
"""Limits of the clock's own process, so that requests leave it enough descriptors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenOptions:
    """An address of a service."""

    host: str = "127.0.0.1"
    port: int = 8035
    is_needed: bool = False
    """The user named the address: if it is taken the service does not start, else it does without."""


HEALTH = ListenOptions(port=8036)
"""The default address of health and metrics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePulse:
    """The state of the service that health shows."""

    now: Callable[[], datetime]
    reconciled_at: Callable[[], datetime | None]
    """Time of the last round."""
    stations: Callable[[], Sequence[StationHealth]]
    metrics: Metrics


def make_app(pulse: ServicePulse, *, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The app with the health endpoints, then `routes`."""

    ready = _compute_rarely(lambda: (pulse.stations(), pulse.now()))
    exposition = _compute_rarely(pulse.metrics.exposition)

    async def healthz(request: Request) -> Response:
        """Whether the rounds go on; a service that answers 503 here should be restarted."""
        reconciled_at, now = pulse.reconciled_at(), pulse.now()
        # when the clock was set back, the last round is in the future: no failure
        is_alive = reconciled_at is not None and now - reconciled_at <= TICK_AGE
        data = {"alive": is_alive, "ticked_at": reconciled_at.isoformat() if reconciled_at else None}
        return JSONResponse(data, 200 if is_alive else 503, _NEVER_STORE)

    async def readyz(request: Request) -> Response:
        """Whether every station has an on-air file for its last slot."""
        stations, now = await ready()
        is_ready = all(health.is_ready for health in stations)
        data = {"ready": is_ready, "stations": [health_data(health, now=now) for health in stations]}
        return JSONResponse(data, 200 if is_ready else 503, _NEVER_STORE)

    async def metrics(request: Request) -> Response:
        headers = {"Content-Type": CONTENT_TYPE, **_NEVER_STORE}
        return Response(await exposition(), headers=headers)

    own = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    return Starlette(routes=[*own, *routes])


Value = TypeVar("Value")


def _compute_rarely(compute: Callable[[], Value]) -> Callable[[], Awaitable[Value]]:
    """A slow function's value, computed at most once a second for any number of requests."""
    lock, cached = asyncio.Lock(), list[tuple[float, Value]]()

    async def get() -> Value:
        async with lock:
            if not cached or time.monotonic() - cached[0][0] > _CACHE_S:
                cached[:] = [(time.monotonic(), await run_in_threadpool(compute))]
            return cached[0][1]

    return get


class HttpServers:
    """
    The HTTP servers of one service.

    This process answers health, metrics and the pull endpoint, at a separate address. The public server is
    another process and forwards such requests.
    """

    def __init__(
        self,
        pulse: ServicePulse,
        *,
        listen: ListenOptions | None,
        health: ListenOptions | None,
        pull: Sequence[BaseRoute],
        folders: Callable[[], Sequence[PublicFolder]],
    ) -> None:
        """
        `listen` is the public address, `health` the other one; None: the user named none.

        Raises RunningError where an address that the user named is taken.
        """
        self._inside: WebServer | None = None
        self._public: PublicServer | None = None
        public = _bind(listen, "--listen") if listen else None
        if public is None and health is None and listen is None:
            return
        bound = _bind(health or HEALTH, "--health")
        if bound is None:
            bound = bind("127.0.0.1", 0)
            log.warning("health checks moved to a free port: address=%s", shown(bound))
        inside = [bound]
        if public:  # a separate address for forwarded requests
            inside.append(bind("127.0.0.1", 0))
        # besides FORWARDED_ALLOW_IPS: the public server forwards from this machine
        app = make_app(pulse, routes=pull)
        self._inside = WebServer(app, bound=inside, limits=INSIDE, proxies=LOCAL)
        if public:
            port = inside[-1].getsockname()[1]
            self._public = PublicServer(public, service_port=port, folders=folders)
            pulse.metrics.count_web = self._public.counts
            log.info("public: address=%s", shown(public))

    def start(self) -> None:
        """Begin to answer."""
        for server in (self._inside, self._public):
            if server:
                server.start()

    def stop(self) -> None:
        """Finish the current answers, within some seconds."""
        for server in (self._public, self._inside):
            if server:
                server.stop()


def _bind(listen: ListenOptions, option: str) -> socket.socket | None:
    """A taken port keeps no station off the air, unless the user named it."""
    try:
        return bind(listen.host, listen.port, option=option)
    except RunningError as error:
        if listen.is_needed:
            raise
        log.warning("service starts without its %s address: error=%s", option, error)
        return None


def folder_of(loaded: LoadedProfile, *, output: Path) -> PublicFolder:
    """A station's public folder, with the address that its feed names."""
    podcast = loaded.profile.outputs.podcast
    address = ""
    if "podcast" in loaded.profile.outputs.make:
        with suppress(OutletError):
            address = feed_url(podcast, loaded.id)
    return PublicFolder(
        station=loaded.id, folder=output / loaded.id, feed_url=address, hub=podcast.hub if address else ""
    )
