"""HTTP server on loopback for tests: it sends prepared replies and records the requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    """A request with this validator gets 304."""
    drip_s: float = 0.0
    """Seconds between two bytes."""
    after: threading.Event | None = None
    """The reply waits until this event is set."""


@dataclass(frozen=True, kw_only=True)
class RecordedRequest:
    path: str
    headers: Mapping[str, str]
    at_s: float
    """Monotonic clock."""


class Site:
    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[RecordedRequest] = []
        self.at_once = 0
        """Largest number of requests in progress at the same time."""
        self._under_way: set[int] = set()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def reply(self, path: str, body: bytes | str = b"", **changes: Any) -> str:
        raw = body.encode() if isinstance(body, str) else body
        self.replies[path] = Reply(body=raw, **changes)
        return self.url(path)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def begin(self, asked: RecordedRequest) -> None:
        with self._lock:
            self.asked.append(asked)
            self._under_way.add(id(asked))
            self.at_once = max(self.at_once, len(self._under_way))

    def end(self, asked: RecordedRequest) -> None:
        with self._lock:
            self._under_way.discard(id(asked))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = RecordedRequest(path=self.path, headers=headers, at_s=time.monotonic())
            site.begin(asked)
            try:
                self._answer(asked, site.replies.get(self.path, Reply(status=404)))
            except (ConnectionError, TimeoutError):
                self.close_connection = True
            finally:
                site.end(asked)

        def _answer(self, asked: RecordedRequest, reply: Reply) -> None:
            if reply.after:
                reply.after.wait(30)
            known = reply.etag and self.headers.get("If-None-Match") == reply.etag
            body = b"" if known else reply.body
            self.send_response(304 if known else reply.status)
            headers = {"Content-Type": "application/xml", "Content-Length": str(len(body))}
            for name, value in (headers | dict(reply.headers)).items():
                self.send_header(name, value)
            if reply.etag:
                self.send_header("ETag", reply.etag)
            self.end_headers()
            if reply.drip_s:
                for byte in body[:-1]:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(reply.drip_s)
                body = body[-1:]
            site.end(asked)  # before the last byte, since the client may send its next request after it
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    return Handler
