"""The Starlette application of the newsroom: pages, assets, events."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile
from bulletin.newsroom.accounts.passwords import HashCost
from bulletin.newsroom_web.api.answer_operations import operation_routes
from bulletin.newsroom_web.api.operations import OPERATIONS
from bulletin.newsroom_web.http.answer_errors import answer_http_exception
from bulletin.newsroom_web.http.read_form import FormLimits
from bulletin.newsroom_web.http.security_headers import SecurityHeaders
from bulletin.newsroom_web.http.serve_assets import asset_routes
from bulletin.newsroom_web.http.station_events import EventHub, event_routes
from bulletin.newsroom_web.http.visit import Newsroom
from bulletin.newsroom_web.pages import ROUTES

log = logging.getLogger(__name__)

RESERVED = ("account", "api", "assets", "sign-in", "sign-out")
"""Station ids that the newsroom cannot show: its own addresses begin so."""


def make_newsroom_app(
    *,
    stations: Callable[[], Sequence[LoadedProfile]],
    output: Path,
    archive: Archive,
    now: Callable[[], datetime],
    cost: HashCost | None = None,
    limits: FormLimits | None = None,
) -> Starlette:
    """
    The newsroom of the stations in one output folder.

    `stations` is called for each request, since profiles change. Uploads that a killed process left are deleted.
    """
    newsroom = Newsroom(
        stations=lambda: without_reserved(stations()),
        output=output,
        archive=archive,
        now=now,
        cost=cost or HashCost(),
        limits=limits or FormLimits(),
    )
    with suppress(OSError):
        shutil.rmtree(newsroom.uploads)
    app = Starlette(
        routes=[
            Route("/robots.txt", _robots),
            Route("/favicon.ico", _no_icon),
            *asset_routes(),
            *operation_routes(OPERATIONS),
            *event_routes(),
            *ROUTES,
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={404: _answer_unknown, 405: answer_http_exception},
    )
    app.router.redirect_slashes = False  # Starlette would redirect to whatever host the request names
    app.state.newsroom = newsroom
    app.state.events = EventHub(newsroom)
    return app


def without_reserved(stations: Sequence[LoadedProfile]) -> tuple[LoadedProfile, ...]:
    """The stations whose pages have addresses of their own; a station called "api" has not."""
    for loaded in stations:
        if loaded.id in RESERVED:
            _warn_reserved(loaded.id)
    return tuple(loaded for loaded in stations if loaded.id not in RESERVED)


@lru_cache(maxsize=len(RESERVED))
def _warn_reserved(station: str) -> None:
    log.warning("newsroom cannot show a station of that name, rename its profile: station=%s", station)


async def _robots(request: object) -> Response:
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


def _answer_unknown(request: Request, error: Exception) -> Response:
    """No such page; "/demo" leads to "/demo/"."""
    station = request.url.path.removeprefix("/")
    if request.method in ("GET", "HEAD") and station and "/" not in station:
        return RedirectResponse(f"/{quote(station, safe='')}/", 307)
    return answer_http_exception(request, error)


async def _no_icon(request: object) -> Response:
    return Response(status_code=204)
