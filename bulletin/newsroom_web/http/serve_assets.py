"""Style sheets and scripts of the newsroom at /assets/: named by content, compressed once, cached for ever."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
    "wasm": "application/wasm",
}
_LONG = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, plain and compressed."""

    media_type: str
    plain: bytes
    compressed: bytes
    digest: str
    """First eight hex digits of its SHA-256."""


def asset_address(name: str) -> str:
    """Address of a file of assets/. Raises LookupError for a file that is not there: a mistake in a template."""
    asset = find_asset(name)
    if asset is None:
        raise LookupError(f"assets/{name}: no such file")
    return f"/assets/{name}?v={asset.digest}"


@lru_cache(maxsize=64)
def find_asset(name: str) -> Asset | None:
    """A file of assets/ by its path there; None: there is none, or it has another type."""
    media_type = _TYPES.get(name.rpartition(".")[2])
    file = dict(_files_below(resources.files("bulletin.newsroom_web").joinpath("assets"))).get(name)
    if media_type is None or file is None:
        return None
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:8]
    return Asset(media_type, data, gzip.compress(data, 9, mtime=0), digest)


def _files_below(folder: Traversable, path: str = "") -> Iterator[tuple[str, Traversable]]:
    """Path -> file of each file below a folder: an address is looked up, and never leads out of it."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files_below(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry


def asset_routes() -> list[BaseRoute]:
    return [Route("/assets/{name:path}", _send)]


async def _send(request: Request) -> Response:
    name = request.path_params["name"]
    asset = find_asset(name) if len(name) <= 100 else None
    if asset is None:
        return Response("Not found\n", 404, media_type="text/plain")
    is_named = request.query_params.get("v") == asset.digest
    headers = {
        "Cache-Control": _LONG if is_named else "no-cache",
        "ETag": f'"{asset.digest}"',
        "Vary": "Accept-Encoding",
        "Content-Type": asset.media_type,
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, headers=headers | {"Content-Encoding": "gzip"})
    return Response(asset.plain, headers=headers)
