"""What the service answers over HTTP of itself: /healthz, /readyz, /metrics."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bulletin.service.http.web_server import WebServer, bind
from bulletin.service.monitoring.prometheus_metrics import CONTENT_TYPE, Metrics
from bulletin.service.monitoring.station_health import TICK_AGE, StationHealth, health_data

__all__ = ["ServicePulse", "WebServer", "bind", "make_app"]

_LOOK_S = 1.0
"""An answer that takes a look at ledger and archive is given to all who ask so soon after it."""
_NEVER_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePulse:
    """What the HTTP side may ask of the service."""

    now: Callable[[], datetime]
    reconciled_at: Callable[[], datetime | None]
    """When clock and ledger were last compared."""
    stations: Callable[[], Sequence[StationHealth]]
    metrics: Metrics


def make_app(pulse: ServicePulse, *, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The service's own addresses, then others'."""

    ready = BriefCache(lambda: (pulse.stations(), pulse.now()))
    exposition = BriefCache(pulse.metrics.exposition)

    async def healthz(request: Request) -> Response:
        """Alive: the loop turns. A service that answers 503 here should be started again."""
        reconciled_at, now = pulse.reconciled_at(), pulse.now()
        # a clock that was set back makes a tick of the future, which is no sign of death
        is_alive = reconciled_at is not None and now - reconciled_at <= TICK_AGE
        data = {"alive": is_alive, "ticked_at": reconciled_at.isoformat() if reconciled_at else None}
        return JSONResponse(data, 200 if is_alive else 503, _NEVER_STORE)

    async def readyz(request: Request) -> Response:
        """On air: for the slot that came last, something lies where the playout looks, at every station."""
        stations, now = await ready.take()
        is_ready = all(health.is_ready for health in stations)
        data = {"ready": is_ready, "stations": [health_data(health, now=now) for health in stations]}
        return JSONResponse(data, 200 if is_ready else 503, _NEVER_STORE)

    async def metrics(request: Request) -> Response:
        headers = {"Content-Type": CONTENT_TYPE, **_NEVER_STORE}
        return Response(await exposition.take(), headers=headers)

    own = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    return Starlette(routes=[*own, *routes])


Found = TypeVar("Found")


class BriefCache(Generic[Found]):
    """A slow look, taken by one thread at a time: askers by the hundred cost no more than one a second."""

    def __init__(self, take: Callable[[], Found]) -> None:
        self._take = take
        self._lock = asyncio.Lock()
        self._found: tuple[float, Found] | None = None

    async def take(self) -> Found:
        """What is found, or was found less than a second ago. Raises what the look raises."""
        async with self._lock:
            if self._found is None or time.monotonic() - self._found[0] > _LOOK_S:
                self._found = time.monotonic(), await run_in_threadpool(self._take)
            return self._found[1]
