"""Web server of a folder on loopback, with types, ranges and validators as podcast hosts have them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.support.web_servers import Silent, served_by

_TYPES = {
    ".xml": "application/rss+xml",
    ".mp3": "audio/mpeg",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the folder while the block runs; yields its address with a slash at the end."""

    class Handler(Silent):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = folder / unquote(urlsplit(self.path).path).lstrip("/")
            if not path.is_file():
                self.answer(404, b"", {})
                return
            data = path.read_bytes()
            tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
            headers = {
                "Content-Type": _TYPES[path.suffix],
                "ETag": tag,
                "Accept-Ranges": "bytes",
                "Access-Control-Allow-Origin": "*",
            }
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if self.headers.get("If-None-Match") == tag:
                self.answer(304, b"", headers)
            elif wanted:
                first, last = int(wanted[1]), min(int(wanted[2] or len(data)), len(data) - 1)
                headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
                self.answer(206, data[first : last + 1], headers)
            else:
                self.answer(200, data, headers)

        do_HEAD = do_GET

    with served_by(Handler) as url:
        yield f"{url}/"
