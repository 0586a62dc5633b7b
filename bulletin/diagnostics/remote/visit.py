"""One look at one station: what its addresses answer, from the network or from a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from bulletin.articles.fetching.guarded_fetch import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import GuardedTarget

WORDS_MB, SOUND_MB, PICTURE_MB = 3.0, 60.0, 10.0


class VisitedSite(Protocol):
    """Where the station's addresses are answered."""

    @property
    def is_live(self) -> bool:
        """A web server answers, so how it does is looked at, too; else there are files only."""

    async def ask(
        self, url: str, *, method: Literal["GET", "HEAD"], headers: Mapping[str, str], limit_mb: float
    ) -> HttpResponse:
        """Raises FetchError where there is no answer, or where nobody may ask."""

    def also_at(self, base: str) -> None:
        """The station's own files name them below that address, with a slash at its end."""


class Network:
    """The internet, guarded; `private` allows the host of one address to be one of the station's network."""

    is_live = True

    def __init__(self, fetcher: Fetcher, *, private: GuardedTarget | None) -> None:
        self._fetcher, self._private = fetcher, private

    async def ask(
        self, url: str, *, method: Literal["GET", "HEAD"], headers: Mapping[str, str], limit_mb: float
    ) -> HttpResponse:
        return await self._fetcher.fetch(
            url, limit_mb=limit_mb, private=self._private, headers=headers, method=method
        )

    def also_at(self, base: str) -> None:
        """Every address is asked as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A site, and what has been found out there."""

    site: VisitedSite
    folder: Path
    """For what must be a file to be examined."""
    now: datetime
    told: set[str] = field(default_factory=set)
    """Addresses of which something was said already: one cause, one finding."""
    sums: set[str] = field(default_factory=set)
    """SHA-256 of the feed's newest episode as it came, in hex."""
    newest: set[str] = field(default_factory=set)
    """File names of what may be the newest episode: where the feed and latest.json disagree, of both."""

    async def get(self, url: str, *, limit_mb: float = WORDS_MB, **headers: str) -> HttpResponse:
        """Header names have "_" for "-"."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.site.ask(url, method="GET", headers=named, limit_mb=limit_mb)

    async def head(self, url: str) -> HttpResponse:
        headers = {"Accept-Encoding": "identity"}
        return await self.site.ask(url, method="HEAD", headers=headers, limit_mb=WORDS_MB)

    def keep(self, data: bytes, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path
