"""Health and metrics of a planner over HTTP: /healthz for a supervisor, /metrics for Prometheus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bulletin.group.monitoring.group_metrics import GroupMetrics
from bulletin.service.http.web_server import WebServer
from bulletin.service.monitoring.prometheus_metrics import CONTENT_TYPE

_CACHE_S = 5.0
"""Scrapes within this time share one reading of the ledgers."""
_STUCK_S = 60.0
_NEVER_STORE = {"Cache-Control": "no-store"}


def make_health_app(find_problem: Callable[[], str], metrics: GroupMetrics) -> Starlette:
    """`find_problem` returns why the process should be restarted; empty: it is well."""
    lock, cached = asyncio.Lock(), list[tuple[float, bytes]]()

    async def healthz(request: Request) -> Response:
        problem = find_problem()
        return JSONResponse({"alive": not problem, "problem": problem}, 503 if problem else 200, _NEVER_STORE)

    async def scrape(request: Request) -> Response:
        async with lock:
            if not cached or time.monotonic() - cached[0][0] > _CACHE_S:
                text = await run_in_threadpool(metrics.exposition)
                cached[:] = [(time.monotonic(), text)]
        return Response(cached[0][1], headers={"Content-Type": CONTENT_TYPE, **_NEVER_STORE})

    return Starlette(routes=[Route("/healthz", healthz), Route("/metrics", scrape)])


@dataclass(slots=True)
class Pulse:
    """Sign of life of a process that works in rounds: without a round for a minute it is stuck."""

    _at: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """Note a round; from any thread."""
        self._at = time.monotonic()

    def problem(self) -> str:
        """Why the process should be restarted; empty: it is well."""
        gap_s = time.monotonic() - self._at
        return f"no round for {gap_s:.0f} s" if gap_s > _STUCK_S else ""


@contextmanager
def serve_health(
    address: tuple[str, int], *, find_problem: Callable[[], str], metrics: GroupMetrics
) -> Iterator[WebServer]:
    """Answer at host and port in a thread while the block runs. Raises RunningError where the address is taken."""
    host, port = address
    server = WebServer(make_health_app(find_problem, metrics), host=host, port=port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
