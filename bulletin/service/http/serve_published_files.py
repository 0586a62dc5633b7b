"""Public folders of the stations -> routes at /<station>/..., as of any web server."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bulletin.errors import BulletinError
from bulletin.publishing.atomic_file_batch import PART
from bulletin.publishing.media_types import media_type_of
from bulletin.service.http.file_response import file_response

log = logging.getLogger(__name__)

INDEX, FEED = "index.html", "feed.xml"
_LATEST = ("latest", "fm", "speaker", "flash", "now")
"""Stems whose content changes every hour."""
_NAMED_BY_CONTENT = re.compile(r"(?:artwork|cover|icon|logo|page|preview|thumb)-[0-9a-f]{8}\.[a-z]+\Z")
_ALLOWED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Range, If-Range, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}
_AWAY = {"Cache-Control": "no-store", "Retry-After": "5", "Access-Control-Allow-Origin": "*"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A published file that is open."""

    relative: Path
    """Its path in the public folder."""
    file: BinaryIO
    headers: Mapping[str, str] = field(default_factory=dict)
    """Its own validators, instead of those of the open file."""


class PublicStation(Protocol):
    """A station as the server knows it."""

    waits: ClassVar[bool]
    """Whether opening a file may wait for other machines."""

    @property
    def station(self) -> str: ...
    @property
    def feed_url(self) -> str:
        """The feed's own address, for the Link header that hubs need."""

    @property
    def hub(self) -> str:
        """The WebSub hub, if there is one."""

    def open(self, name: str) -> OpenedFile | None:
        """A public file, or None. Raises BulletinError where it cannot be known now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFolder:
    """A station whose published files are in a folder of this machine."""

    waits: ClassVar[bool] = False

    station: str
    folder: Path
    feed_url: str = ""
    hub: str = ""

    def open(self, name: str) -> OpenedFile | None:
        opened = open_public(self.folder, name)
        return opened and OpenedFile(relative=opened[0].relative_to(self.folder), file=opened[1])


def public_routes(folders: Callable[[], Sequence[PublicStation]]) -> list[BaseRoute]:
    """Routes below /<station>/; `folders` is called for each request, since profiles change."""

    async def send_file(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_ALLOWED)
        station, name = request.path_params["station"], request.path_params["name"]
        for public in folders():
            if public.station != station:
                continue
            try:
                opened = await run_in_threadpool(public.open, name) if public.waits else public.open(name)
            except BulletinError as error:
                log.warning("published file not served: station=%s file=%s: %s", station, name, error)
                return Response("Not available now\n", 503, _AWAY, "text/plain; charset=utf-8")
            if opened:
                headers = {**headers_of(public, opened.relative), **opened.headers}
                return file_response(request, opened.file, headers)
        return _not_found()

    async def send_to_folder(request: Request) -> Response:
        """Add the slash, which the relative links of the page need."""
        station = request.path_params["station"]
        if any(public.station == station for public in folders()):
            return RedirectResponse(f"{station}/", 308)
        return _not_found()

    return [
        Route("/{station}", send_to_folder),
        Route("/{station}/{name:path}", send_file, methods=["GET", "OPTIONS"]),
    ]


def open_public(folder: Path, name: str) -> tuple[Path, BinaryIO] | None:
    """
    The file of that name in a public folder, open; None where there is no such public file.

    Hidden and unfinished files, other media types, and links that lead outside are not public.
    """
    relative = public_path(name)
    if relative is None:
        return None
    path = folder / relative
    try:
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            return None
        return path, path.open("rb")
    except (OSError, ValueError, RuntimeError):  # links in a circle are a RuntimeError until Python 3.13
        return None


def public_path(name: str) -> str | None:
    """The published path of a requested name; None for one that is never public. Pure."""
    path = f"{name}{INDEX}" if name.endswith("/") or not name else name
    parts = path.split("/")
    return path if _are_public(parts) and media_type_of(parts[-1]) is not None else None


def headers_of(public: PublicStation, relative: Path) -> dict[str, str]:
    """Content type and caching, and for the feed the links to itself and its hub. Pure."""
    kind = media_type_of(relative.name) or "application/octet-stream"
    headers = {"Content-Type": kind, "Cache-Control": cache_of(relative)}
    if relative == Path(FEED):
        links = [(public.feed_url, "self"), (public.hub, "hub")]
        if header := ", ".join(f'<{url}>; rel="{name}"' for url, name in links if _is_plain(url)):
            headers["Link"] = header
    return headers


def cache_of(relative: Path) -> str:
    """
    The Cache-Control header of a file. Pure.

    Artwork, and the pages' style and script, are named after their content. An episode keeps its name and nearly
    always its sound, but a withdrawn story must leave caches within the hour, and a check costs a 304.
    """
    name = relative.name
    if _NAMED_BY_CONTENT.match(name):
        return "public, max-age=31536000, immutable"
    if name.partition(".")[0] in _LATEST:
        return "public, no-cache"
    if (
        relative.suffix in (".xml", ".html")
        or name in ("stories.json", "sw.js")
        or relative.parts[0] == "days"
    ):
        return "public, max-age=60"
    return "public, max-age=3600"


def _are_public(parts: Iterable[str]) -> bool:
    return all(
        part and not part.startswith((".", PART)) and not any(sign in part for sign in "\\:\0")
        for part in parts
    )


def _is_plain(url: str) -> bool:
    """Whether an address fits into a Link header: without any sign that ends it or the angle brackets."""
    return bool(url) and url.isascii() and url.isprintable() and not any(sign in url for sign in '<>", ')


def _not_found() -> Response:
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return Response("Not found\n", 404, headers, "text/plain; charset=utf-8")
