"""File of a public folder -> HTTP response: media type, validators, ranges, caching."""

from __future__ import annotations

import asyncio
import os
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

TYPES: dict[str, str] = {
    ".xml": "application/rss+xml; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".opus": "audio/ogg; codecs=opus",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".chapters.json": "application/json+chapters; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
"""Media types by suffix; a file with another suffix is never public."""

_SMALL = 512 * 1024
"""Bytes of the largest cached file."""
_CACHED = 24
_BLOCK = 64 * 1024
"""Bytes of a block, which a client must read within the time limit of `connection_limits.py`."""
_OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag, Link",
    "X-Content-Type-Options": "nosniff",
}


def media_type_of(name: str) -> str | None:
    """The media type by suffix; None: not public."""
    lower = name.lower()
    for ending in (".chapters.json", Path(lower).suffix):
        if lower.endswith(ending) and ending in TYPES:
            return TYPES[ending]
    return None


def read_range(header: str, *, size: int) -> range | None:
    """
    Range header -> the bytes of a file; None: the whole file, an empty range: outside the file (416). Pure.

    A malformed header and several ranges get the whole file, as RFC 9110 allows.
    """
    match = re.fullmatch(r"\s*bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", header, re.IGNORECASE)
    if not match or match[1] + match[2] == "":
        return None
    if not match[1]:
        return range(size - min(int(match[2]), size), size)
    start = int(match[1])
    if match[2] and int(match[2]) < start:
        return None
    end = min(int(match[2]) + 1, size) if match[2] else size
    return range(start, max(start, end))


class SmallFileCache:
    """Cache of small files, by path, inode, time and size."""

    def __init__(self) -> None:
        self._cached: OrderedDict[tuple[str, int, int, int], bytes] = OrderedDict()

    def get(self, path: Path, file: BinaryIO, about: os.stat_result) -> bytes:
        """The bytes of a file, read once."""
        key = str(path), about.st_ino, about.st_mtime_ns, about.st_size
        data = self._cached.pop(key, None)
        if data is None:
            data = file.read()
        self._cached[key] = data
        while len(self._cached) > _CACHED:
            self._cached.popitem(last=False)
        return data


@dataclass(slots=True)
class FileResponse:
    """
    Response with an open file, which is sent to its end even when another one replaces it meanwhile.

    GET and HEAD; 304 by ETag or date, 206 and 416 by Range, the whole file where If-Range names an older one.
    """

    path: Path
    file: BinaryIO
    headers: Mapping[str, str]
    cache: SmallFileCache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.file as file:
            about = os.fstat(file.fileno())
            request = Request(scope)
            head = {**_OPEN_TO_ALL, "Accept-Ranges": "bytes", **_validators(about), **self.headers}
            span = _range_of(request, head, size=about.st_size)
            if is_unchanged(request.headers, head):
                head.pop("Content-Type", None)
                await Response(status_code=304, headers=head)(scope, receive, send)
            elif span is not None and not span:
                headers = {**_OPEN_TO_ALL, "Content-Range": f"bytes */{about.st_size}"}
                await Response(status_code=416, headers=headers)(scope, receive, send)
            else:
                await self._send(request, head, span, about, receive, send)

    async def _send(
        self,
        request: Request,
        head: dict[str, str],
        span: range | None,
        about: os.stat_result,
        receive: Receive,
        send: Send,
    ) -> None:
        part = range(about.st_size) if span is None else span
        head["Content-Length"] = str(len(part))
        if span is not None:
            head["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{about.st_size}"
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in head.items()]
        status = 200 if span is None else 206
        await send({"type": "http.response.start", "status": status, "headers": raw})
        if request.method == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        elif about.st_size <= _SMALL:
            data = self.cache.get(self.path, self.file, about)
            for start in range(part.start, part.stop, _BLOCK) or (part.start,):
                end = min(start + _BLOCK, part.stop)
                body = {"type": "http.response.body", "body": data[start:end], "more_body": end < part.stop}
                await send(body)
        else:
            # uvicorn sends nothing to a client that has hung up, and tells so here alone
            gone = asyncio.create_task(until_disconnected(receive))
            try:
                await self._send_blocks(part, send, gone)
            finally:
                gone.cancel()

    async def _send_blocks(self, part: range, send: Send, gone: asyncio.Task[None]) -> None:
        self.file.seek(part.start)
        left = len(part)
        while left > 0 and not gone.done():
            block = await run_in_threadpool(self.file.read, min(_BLOCK, left))
            if not block:
                raise OSError(f"{self.path}: became shorter while it was sent")
            left -= len(block)
            await send({"type": "http.response.body", "body": block, "more_body": left > 0})


async def until_disconnected(receive: Receive) -> None:
    """Return when the client has hung up, or its connection was closed."""
    while (await receive())["type"] != "http.disconnect":
        pass


def is_unchanged(request: Mapping[str, str], head: Mapping[str, str]) -> bool:
    """Whether the client has the file: by ETag where the request names one, else by date (RFC 9110, 13.2.2). Pure."""
    if (tags := request.get("if-none-match")) is not None:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return "*" in known or head["ETag"] in known
    if (date := request.get("if-modified-since")) is not None:
        try:
            return parsedate_to_datetime(head["Last-Modified"]) <= parsedate_to_datetime(date)
        except (ValueError, TypeError):
            return False
    return False


def _range_of(request: Request, head: Mapping[str, str], *, size: int) -> range | None:
    header = request.headers.get("range")
    named = request.headers.get("if-range")
    if header is None or (named is not None and named not in (head["ETag"], head["Last-Modified"])):
        return None
    return read_range(header, size=size)


def _validators(about: os.stat_result) -> dict[str, str]:
    # Files are replaced as a whole, so two versions never share time and size.
    return {
        "ETag": f'"{about.st_mtime_ns:x}-{about.st_size:x}"',
        "Last-Modified": formatdate(about.st_mtime, usegmt=True),
    }
