"""Requests to the files of one station, answered by the network or by a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

from bulletin.articles.fetching.http_fetcher import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import GuardedTarget
from bulletin.errors import FetchError
from bulletin.publishing.media_types import media_type_of
from bulletin.service.http.serve_published_files import INDEX, open_public

WORDS_MB, SOUND_MB, PICTURE_MB = 3.0, 60.0, 10.0


Method = Literal["GET", "HEAD"]
Headers = Mapping[str, str]


class VisitedSite(Protocol):
    """Source of the answers."""

    @property
    def is_live(self) -> bool:
        """Whether a web server answers, so that its headers are examined too."""

    async def ask(self, url: str, method: Method, headers: Headers, limit_mb: float) -> HttpResponse:
        """Raises FetchError for no answer or a forbidden address."""

    def also_at(self, base: str) -> None:
        """Answer for addresses below `base` (with a slash at its end) too, which the station's files use."""


class Network:
    """The internet, behind the SSRF guard; `private` allows one host of the local network."""

    is_live = True

    def __init__(self, fetcher: Fetcher, *, private: GuardedTarget | None) -> None:
        self._fetch = partial(fetcher.fetch, private=private)

    async def ask(self, url: str, method: Method, headers: Headers, limit_mb: float) -> HttpResponse:
        return await self._fetch(url, limit_mb=limit_mb, headers=headers, method=method)

    def also_at(self, base: str) -> None:
        """Nothing to do: every address is requested as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A site, and the state of its examination."""

    site: VisitedSite
    folder: Path
    """Folder for downloaded files."""
    now: datetime
    reported: set[str] = field(default_factory=set)
    """Addresses that were reported already."""
    sums: set[str] = field(default_factory=set)
    """SHA-256 of the downloaded newest episode, in hex."""
    newest: set[str] = field(default_factory=set)
    """File names of the newest episode, by the feed and by latest.json."""

    async def get(self, url: str, *, limit_mb: float = WORDS_MB, **headers: str) -> HttpResponse:
        """Header names have "_" for "-"."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.site.ask(url, "GET", named, limit_mb)

    async def head(self, url: str) -> HttpResponse:
        return await self.site.ask(url, "HEAD", {"Accept-Encoding": "identity"}, WORDS_MB)

    def keep(self, data: bytes, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path


class Unpublished:
    """Answers for addresses below `url` (with a slash at its end) from the files of a folder."""

    is_live = False

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._bases = folder, [url]

    def also_at(self, base: str) -> None:
        """Answer below that address too, which the folder's files use."""
        self._bases.append(base)

    async def ask(self, url: str, method: Method, headers: Headers, limit_mb: float) -> HttpResponse:
        """Raises FetchError for addresses outside the folder."""
        base = next((base for base in self._bases if url.startswith(base)), None)
        if base is None:
            reason = f"is not below {self._bases[0]}; check [outputs.podcast] base_url and --as"
            raise FetchError(url, reason)
        name = unquote(urlsplit(url[len(base) :]).path)
        opened = open_public(self._folder, name)
        if opened is None:
            return HttpResponse(url=url, status=404, headers={"content-type": "text/plain"})
        with opened[1] as file:
            data = file.read(int(limit_mb * 1e6) + 1)
        if len(data) > limit_mb * 1e6:
            raise FetchError(url, f"is larger than {limit_mb:g} MB, so it was not checked; make it smaller")
        return _answer(url, name, data, wants_part="Range" in headers, has_body=method == "GET")


def _answer(url: str, name: str, data: bytes, *, wants_part: bool, has_body: bool) -> HttpResponse:
    kind = media_type_of(INDEX if not name or name.endswith("/") else name)
    headers = {
        "content-type": kind or "application/octet-stream",
        "content-length": str(len(data)),
        "access-control-allow-origin": "*",
    }
    if wants_part and len(data) >= 2:
        headers["content-range"] = f"bytes 0-1/{len(data)}"
        return HttpResponse(url=url, status=206, headers=headers, body=data[:2])
    return HttpResponse(url=url, status=200, headers=headers, body=data if has_body else b"")
