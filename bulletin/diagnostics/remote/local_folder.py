"""Unpublished folder -> answers as our own web server would give at an address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.visit import Headers, Method
from bulletin.errors import FetchError
from bulletin.service.http.file_response import media_type_of
from bulletin.service.http.public_folders import INDEX, open_public


class Unpublished:
    """Answers for addresses below `url` (with a slash at its end) from the files of a folder."""

    is_live = False

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._bases = folder, [url]

    def also_at(self, base: str) -> None:
        """Answer below that address too, which the folder's files use."""
        if base not in self._bases:
            self._bases.append(base)

    async def ask(self, url: str, method: Method, headers: Headers, limit_mb: float) -> HttpResponse:
        """Raises FetchError for addresses outside the folder."""
        base = next((base for base in self._bases if url.startswith(base)), None)
        if base is None:
            reason = f"is not below {self._bases[0]}; is [outputs.podcast] base_url right, and --as?"
            raise FetchError(url, reason)
        name = unquote(urlsplit(url[len(base) :]).path)
        opened = open_public(self._folder, name)
        if opened is None:
            return HttpResponse(url=url, status=404, headers={"content-type": "text/plain"})
        with opened[1] as file:
            data = file.read(int(limit_mb * 1e6) + 1)
        if len(data) > limit_mb * 1e6:
            raise FetchError(url, f"has more than {limit_mb:g} MB")
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
