"""Parcel -> WebDAV folder (Nextcloud, Apache, a NAS)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

from bulletin.config.tables.delivery_options import WebDavOptions
from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.delivery.http_client import Ask, ServerResponse, open_client
from bulletin.delivery.remote_folder_base_classes import RemoteFolder, RenamingFolder, Upload

_OK_MKCOL = (201, 301, 405)
"""Made (201), or it exists (301, 405)."""
_MOVED = (200, 201, 204)
_OTHER_HOST = (400, 502)
"""Answers of a server behind a TLS proxy, which takes Destination for another host: retried by path."""
_NO_LIST = (403, 404, 405, 501)
"""Answers for missing folders, and of servers that list nothing."""
_REMEDIES = {
    **dict.fromkeys((401, 403), "correct user and password"),
    **dict.fromkeys((404, 409), "make the folder that url names, or correct url"),
}
_FULL = (413, 507)


class WebDav(WebDavOptions, Upload):
    """PUT under another name, then MOVE."""

    kind: Literal["webdav"] = "webdav"

    @contextmanager
    def connect(self, limit: TimeLimit) -> Iterator[RemoteFolder]:
        url = self.url.rstrip("/") + "/"
        with open_client(
            limit,
            where=f"delivery {self.name}: {url}",
            timeout_s=self.timeout_s,
            auth=(self.user, self.password) if self.user else None,
            ca_file=self.ca_file,
        ) as ask:
            yield _WebDavFolder(ask, url, self.name)


class _WebDavFolder(RenamingFolder):
    def __init__(self, ask: Ask, url: str, name: str) -> None:
        super().__init__()
        self._send, self._url, self._name = ask, url, name

    def read(self, name: str) -> bytes | None:
        answer = self._ask("GET", name, good=(200, 404))
        return None if answer.status == 404 else answer.body

    def make_folder(self, folder: str) -> None:
        self._ask("MKCOL", f"{folder}/", good=_OK_MKCOL)

    def upload(self, part: str, source: Path) -> None:
        length = {"Content-Length": str(source.stat().st_size)}
        with source.open("rb") as content:
            self._ask("PUT", part, good=(200, 201, 204), content=content, headers=length)

    def rename(self, part: str, name: str) -> None:
        headers = {"Destination": self._url + quote(name), "Overwrite": "T"}
        if self._ask("MOVE", part, good=(*_MOVED, *_OTHER_HOST), headers=headers).status in _OTHER_HOST:
            headers["Destination"] = urlsplit(self._url).path + quote(name)
            self._ask("MOVE", part, good=_MOVED, headers=headers)

    def delete(self, name: str) -> None:
        self._ask("DELETE", name, good=(200, 204, 404))

    def names(self, folder: str) -> list[str]:
        path = f"{folder}/" if folder else ""
        answer = self._ask("PROPFIND", path, good=(207, *_NO_LIST), headers={"Depth": "1"})
        hrefs = re.findall(rb"<(?:\w+:)?href>\s*([^<\s]+)\s*<", answer.body) if answer.status == 207 else []
        return [unquote(urlsplit(href.decode("utf-8", "replace")).path).rpartition("/")[2] for href in hrefs]

    def _ask(self, method: str, name: str, *, good: Collection[int], **request: Any) -> ServerResponse:
        answer = self._send(method, self._url + quote(name), **request)
        full = "it is full: free some space there"
        answer.require_success(
            f"delivery {self._name}: {method} {self._url}{name}",
            good=good,
            remedies=_REMEDIES,
            otherwise=full if answer.status in _FULL else "is there room? Its own log says why",
        )
        return answer
