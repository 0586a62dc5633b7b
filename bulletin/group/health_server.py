"""Health and metrics of a planner or worker over HTTP: /healthz for a supervisor, /metrics for Prometheus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bulletin.group.group_metrics import GroupMetrics
from bulletin.service.http.web_server import WebServer
from bulletin.service.monitoring.prometheus_metrics import CONTENT_TYPE

_CACHE_S = 5.0
"""Scrapes so soon after one another share one look at the ledgers."""
_NEVER_STORE = {"Cache-Control": "no-store"}


def make_health_app(is_well: Callable[[], str], metrics: GroupMetrics) -> Starlette:
    """`is_well` returns why the process should be restarted; empty: it is well."""
    lock, cached = asyncio.Lock(), list[tuple[float, bytes]]()

    async def healthz(request: Request) -> Response:
        problem = is_well()
        return JSONResponse({"alive": not problem, "problem": problem}, 503 if problem else 200, _NEVER_STORE)

    async def scrape(request: Request) -> Response:
        async with lock:
            if not cached or time.monotonic() - cached[0][0] > _CACHE_S:
                text = await run_in_threadpool(metrics.exposition)
                cached[:] = [(time.monotonic(), text)]
        return Response(cached[0][1], headers={"Content-Type": CONTENT_TYPE, **_NEVER_STORE})

    return Starlette(routes=[Route("/healthz", healthz), Route("/metrics", scrape)])


def serve_health(*, host: str, port: int, is_well: Callable[[], str], metrics: GroupMetrics) -> WebServer:
    """Start to answer in a thread; the caller stops the server. Raises RunningError where the address is taken."""
    server = WebServer(make_health_app(is_well, metrics), host=host, port=port)
    server.start()
    return server
