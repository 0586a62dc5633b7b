"""File of a public folder -> HTTP response: media type, validators, ranges, caching."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from typing import BinaryIO

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

_BLOCK = 64 * 1024
"""Bytes of a block, which a client must read within the time limit of `limit_http_connections.py`."""
_SMALL = 512 * 1024
"""Bytes."""
_CONDITIONS = StaticFiles()
"""Decides whether the client has the file: by ETag if the request has one, else by date (RFC 9110, 13.2.2)."""
_OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag, Link",
    "X-Content-Type-Options": "nosniff",
}


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


def file_response(request: Request, file: BinaryIO, headers: Mapping[str, str]) -> Response:
    """
    Response with an open file, which is sent to its end even when another one replaces it meanwhile; closes it.

    GET and HEAD; 304 by ETag or date, 206 and 416 by Range, the whole file where If-Range names an older one.
    """
    about = os.fstat(file.fileno())
    head = {
        **_OPEN_TO_ALL,
        "Accept-Ranges": "bytes",
        # files are replaced as a whole, so two versions never share time and size
        "ETag": f'"{about.st_mtime_ns:x}-{about.st_size:x}"',
        "Last-Modified": formatdate(about.st_mtime, usegmt=True),
        **headers,
    }
    span = _range_of(request, head, size=about.st_size)
    part = range(about.st_size) if span is None else span
    answer: Response
    if _CONDITIONS.is_not_modified(Headers(head), request.headers):
        head.pop("Content-Type", None)
        answer = Response(status_code=304, headers=head)
    elif span is not None and not span:
        answer = Response(
            status_code=416, headers={**_OPEN_TO_ALL, "Content-Range": f"bytes */{about.st_size}"}
        )
    else:
        head["Content-Length"] = str(len(part))
        if span is not None:
            head["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{about.st_size}"
        status = 200 if span is None else 206
        if request.method == "HEAD":
            answer = Response(status_code=status, headers=head)
        elif len(part) <= _SMALL:
            # a feed, for instance, needs no thread and no listener for the end of the connection: half the CPU time
            file.seek(part.start)
            answer = Response(file.read(len(part)), status, head)
        else:
            return _FileStream(file, part, status, head)
    file.close()
    return answer


class _FileStream(StreamingResponse):
    """Sends a part of a file until the client hangs up, and closes it."""

    def __init__(self, file: BinaryIO, part: range, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(_blocks(file, part), status, headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file:
            await super().__call__(scope, receive, send)


def _blocks(file: BinaryIO, part: range) -> Iterator[bytes]:
    file.seek(part.start)
    for start in range(part.start, part.stop, _BLOCK):
        yield file.read(min(_BLOCK, part.stop - start))


def _range_of(request: Request, head: Mapping[str, str], *, size: int) -> range | None:
    header = request.headers.get("range")
    named = request.headers.get("if-range")
    if header is None or (named is not None and named not in (head["ETag"], head["Last-Modified"])):
        return None
    return read_range(header, size=size)
