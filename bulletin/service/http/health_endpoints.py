"""Health of the service over HTTP: /healthz, /readyz, /metrics."""

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

from bulletin.service.monitoring.prometheus_metrics import CONTENT_TYPE, Metrics
from bulletin.service.monitoring.station_health import TICK_AGE, StationHealth, health_data

_CACHE_S = 1.0
"""Requests so soon after one another share one look at ledger and archive."""
_NEVER_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePulse:
    """The state of the service that health shows."""

    now: Callable[[], datetime]
    reconciled_at: Callable[[], datetime | None]
    """When the last round ran."""
    stations: Callable[[], Sequence[StationHealth]]
    metrics: Metrics


def make_app(pulse: ServicePulse, *, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The app with the health endpoints, then `routes`."""

    ready = BriefCache(lambda: (pulse.stations(), pulse.now()))
    exposition = BriefCache(pulse.metrics.exposition)

    async def healthz(request: Request) -> Response:
        """Whether the rounds go on; a service that answers 503 here should be restarted."""
        reconciled_at, now = pulse.reconciled_at(), pulse.now()
        # after a clock that was set back the last round lies in the future, which is no failure
        is_alive = reconciled_at is not None and now - reconciled_at <= TICK_AGE
        data = {"alive": is_alive, "ticked_at": reconciled_at.isoformat() if reconciled_at else None}
        return JSONResponse(data, 200 if is_alive else 503, _NEVER_STORE)

    async def readyz(request: Request) -> Response:
        """Whether every station has an on-air file for its last slot."""
        stations, now = await ready.get()
        is_ready = all(health.is_ready for health in stations)
        data = {"ready": is_ready, "stations": [health_data(health, now=now) for health in stations]}
        return JSONResponse(data, 200 if is_ready else 503, _NEVER_STORE)

    async def metrics(request: Request) -> Response:
        headers = {"Content-Type": CONTENT_TYPE, **_NEVER_STORE}
        return Response(await exposition.get(), headers=headers)

    own = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    return Starlette(routes=[*own, *routes])


Value = TypeVar("Value")


class BriefCache(Generic[Value]):
    """A slow function's value, computed at most once a second however many requests there are."""

    def __init__(self, compute: Callable[[], Value]) -> None:
        self._compute = compute
        self._lock = asyncio.Lock()
        self._cached: tuple[float, Value] | None = None

    async def get(self) -> Value:
        """The value, at most a second old. Raises what the function raises."""
        async with self._lock:
            if self._cached is None or time.monotonic() - self._cached[0] > _CACHE_S:
                self._cached = time.monotonic(), await run_in_threadpool(self._compute)
            return self._cached[1]
