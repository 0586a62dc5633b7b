"""A file of a public folder -> an answer over HTTP: its type, its validators, ranges, what caches may do with it."""

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
"""What is public at all, by how its name ends; nothing else is ever sent."""

_SMALL = 512 * 1024
"""Bytes; what is smaller is kept in memory, as long as it is the same file."""
_KEPT = 24
_BLOCK = 64 * 1024
"""Bytes that are handed on at a time: as much must be read within the server's time limit (`connections.py`)."""
_OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag, Link",
    "X-Content-Type-Options": "nosniff",
}


def media_type_of(name: str) -> str | None:
    """None for what is not public."""
    lower = name.lower()
    for ending in (".chapters.json", Path(lower).suffix):
        if lower.endswith(ending) and ending in TYPES:
            return TYPES[ending]
    return None


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file: `start` up to, and without, `end`."""

    start: int
    end: int


def read_range(header: str, *, size: int) -> Span | bool | None:
    """
    The part that a Range header asks for; None for the whole, False when there is no such part (416).

    What is no range, and several at once, get the whole: RFC 9110 lets a server do so. Pure.
    """
    match = re.fullmatch(r"\s*bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", header, re.IGNORECASE)
    if not match or match[1] + match[2] == "":
        return None
    if not match[1]:
        last = min(int(match[2]), size)
        return Span(size - last, size) if last else False
    start = int(match[1])
    if match[2] and int(match[2]) < start:
        return None
    end = min(int(match[2]) + 1, size) if match[2] else size
    return Span(start, end) if start < size else False


class SmallFileCache:
    """Small files that were sent lately, by what they were on the disk."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int, int], bytes] = OrderedDict()

    def get(self, path: Path, file: BinaryIO, about: os.stat_result) -> bytes:
        """What is in the file, read once."""
        key = str(path), about.st_ino, about.st_mtime_ns, about.st_size
        data = self._kept.pop(key, None)
        if data is None:
            data = file.read()
        self._kept[key] = data
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return data


@dataclass(slots=True)
class FileResponse:
    """
    One file, as it lies there when it is opened: replaced in the middle of an answer, it is sent to its end.

    GET and HEAD; 304 by ETag or date, 206 and 416 by Range, the whole where If-Range names an older file.
    """

    path: Path
    file: BinaryIO
    headers: Mapping[str, str]
    memory: SmallFileCache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.file as file:
            about = os.fstat(file.fileno())
            request = Request(scope)
            head = {**_OPEN_TO_ALL, "Accept-Ranges": "bytes", **_validators(about), **self.headers}
            span = _wanted(request, head, size=about.st_size)
            if is_unchanged(request.headers, head):
                await Response(status_code=304, headers=_without_type(head))(scope, receive, send)
            elif span is False:
                missing = {**_OPEN_TO_ALL, "Content-Range": f"bytes */{about.st_size}"}
                await Response(status_code=416, headers=missing)(scope, receive, send)
            else:
                await self._send(request, head, span, about, receive, send)

    async def _send(
        self,
        request: Request,
        head: dict[str, str],
        span: Span | bool | None,
        about: os.stat_result,
        receive: Receive,
        send: Send,
    ) -> None:
        part = span if isinstance(span, Span) else Span(0, about.st_size)
        head["Content-Length"] = str(part.end - part.start)
        if isinstance(span, Span):
            head["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{about.st_size}"
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in head.items()]
        status = 206 if isinstance(span, Span) else 200
        await send({"type": "http.response.start", "status": status, "headers": raw})
        if request.method == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        elif about.st_size <= _SMALL:
            data = self.memory.get(self.path, self.file, about)
            for start in range(part.start, part.end, _BLOCK) or (part.start,):
                end = min(start + _BLOCK, part.end)
                body = {"type": "http.response.body", "body": data[start:end], "more_body": end < part.end}
                await send(body)
        else:
            # to a client that is gone uvicorn sends nothing, and says so here alone
            gone = asyncio.create_task(until_disconnected(receive))
            try:
                await self._send_blocks(part, send, gone)
            finally:
                gone.cancel()

    async def _send_blocks(self, part: Span, send: Send, gone: asyncio.Task[None]) -> None:
        self.file.seek(part.start)
        left = part.end - part.start
        while left > 0 and not gone.done():
            block = await run_in_threadpool(self.file.read, min(_BLOCK, left))
            if not block:
                raise OSError(f"{self.path}: became shorter while it was sent")
            left -= len(block)
            await send({"type": "http.response.body", "body": block, "more_body": left > 0})


async def until_disconnected(receive: Receive) -> None:
    """Return when the client has hung up, or was closed."""
    while (await receive())["type"] != "http.disconnect":
        pass


def is_unchanged(asked: Mapping[str, str], head: Mapping[str, str]) -> bool:
    """Whether the asker has it already: by ETag where one is named, by date else (RFC 9110, 13.2.2). Pure."""
    if (tags := asked.get("if-none-match")) is not None:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return "*" in known or head["ETag"] in known
    if (date := asked.get("if-modified-since")) is not None:
        try:
            return parsedate_to_datetime(head["Last-Modified"]) <= parsedate_to_datetime(date)
        except (ValueError, TypeError):
            return False
    return False


def _wanted(request: Request, head: Mapping[str, str], *, size: int) -> Span | bool | None:
    header = request.headers.get("range")
    named = request.headers.get("if-range")
    if header is None or (named is not None and named not in (head["ETag"], head["Last-Modified"])):
        return None
    return read_range(header, size=size)


def _validators(about: os.stat_result) -> dict[str, str]:
    # Files come whole under new inodes, so time and size tell them apart; replaced ones never share both.
    return {
        "ETag": f'"{about.st_mtime_ns:x}-{about.st_size:x}"',
        "Last-Modified": formatdate(about.st_mtime, usegmt=True),
    }


def _without_type(head: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in head.items() if name != "Content-Type"}
