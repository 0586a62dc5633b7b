"""Public folders of the stations -> `/`, the list of stations, and `/robots.txt`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bulletin.errors import BulletinError
from bulletin.publishing.pages.site.site_file_names import MANIFEST, NOW_FILE, robots_txt
from bulletin.service.http.serve_published_files import FEED, INDEX, PublicStation

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
"""Without scripts; tools such as Lighthouse read robots.txt from within the page (connect-src)."""
_MOST_BYTES = 100_000
_ICON = re.compile(r"icon-[0-9a-f]{8}\.png")
_CACHED = {"Cache-Control": "public, max-age=60"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """A station in the list."""

    url: str
    name: str
    about: str
    newest: str
    icon: str


def list_routes(folders: Callable[[], Sequence[PublicStation]]) -> list[BaseRoute]:
    """The routes; `folders` is called for each request, since profiles change."""

    def show(request: Request) -> Response:
        headers = {**_CACHED, "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
        cards = sorted(filter(None, map(_card, folders())), key=lambda card: card.name.casefold())
        return Response(_page(cards).encode("utf-8", "replace"), 200, headers, "text/html; charset=utf-8")

    def style(request: Request) -> Response:
        return Response(_packaged("stations.css"), 200, _CACHED, "text/css")

    def icon(request: Request) -> Response:
        return Response(_packaged("stations.svg"), 200, _CACHED, "image/svg+xml")

    def robots(request: Request) -> Response:
        feeds = [public.feed_url for public in folders() if public.feed_url]
        return Response(robots_txt(*feeds), 200, _CACHED, "text/plain")

    files = {"/stations.css": style, "/stations.svg": icon, "/robots.txt": robots}
    return [Route("/", show), *(Route(path, answer) for path, answer in files.items())]


def _card(public: PublicStation) -> _Card | None:
    """
    What the station's own files say about it; a station without pages has a link to its feed.

    None for a station that has published neither.
    """
    url = f"{quote(public.station)}/"
    shown = next((name for name in (INDEX, FEED) if _read(public, name) is not None), None)
    if shown is None:
        return None
    manifest, now = _read_json(public, MANIFEST), _read_json(public, NOW_FILE)
    icons = [str(icon.get("src")) for icon in manifest.get("icons", ()) if isinstance(icon, dict)]
    icon = next(filter(_ICON.fullmatch, icons), "")
    return _Card(
        url=url if shown == INDEX else f"{url}{shown}",
        name=str(manifest.get("name") or public.station),
        about=str(manifest.get("description") or ""),
        newest=str(now.get("title") or ""),
        icon=f"{url}{icon}" if icon else "",
    )


def _page(cards: Sequence[_Card]) -> str:
    items = "".join(
        f'<li><a href="{escape(card.url)}">'
        + (f'<img src="{escape(card.icon)}" alt="" width="64" height="64">' if card.icon else "")
        + f"<span><b>{escape(card.name)}</b><i>{escape(card.about)}</i>"
        + (f"<small>{escape(card.newest)}</small>" if card.newest else "")
        + "</span></a></li>"
        for card in cards
    )
    listed = f"<ul>{items}</ul>" if cards else "<p>No station has published a bulletin yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Radio news</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="description" content="News bulletins of these radio stations">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="stations.svg">'
        '<link rel="stylesheet" href="stations.css"></head>'
        f"<body><main><h1>Radio news</h1>{listed}</main></body></html>\n"
    )


def _packaged(name: str) -> bytes:
    return (resources.files(__package__) / name).read_bytes()


def _read(public: PublicStation, name: str) -> bytes | None:
    """The beginning of a published file; None where there is none, or it cannot be known now."""
    with suppress(BulletinError, OSError):
        if opened := public.open(name):
            with opened.file:
                return opened.file.read(_MOST_BYTES + 1)
    return None


def _read_json(public: PublicStation, name: str) -> Mapping[str, Any]:
    """A small JSON object; {} for anything else."""
    data = _read(public, name) or b""
    with suppress(ValueError, RecursionError):
        facts = json.loads(data) if len(data) <= _MOST_BYTES else None
        return facts if isinstance(facts, dict) else {}
    return {}
