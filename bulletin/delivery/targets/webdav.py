"""Parcel -> a WebDAV folder (Nextcloud, Apache, a NAS)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from bulletin.delivery.http_client import Client, ServerResponse, open_client
from bulletin.delivery.time_limit import Limit
from bulletin.delivery.upload import Far, Upload, parents_of, part_of
from bulletin.errors import DeliveryError

_OK_MKCOL = (201, 301, 405)
"""Made; there already."""
_MOVED = (200, 201, 204)
_OTHER_HOST = (400, 502)
"""A server behind a proxy that ends TLS takes our address for another server's; some take none but a whole address."""
_NO_LIST = (403, 404, 405, 501)
"""Answers of folders that are not there yet, and of servers that list nothing."""


class WebDav(Upload):
    """PUT under another name, then MOVE."""

    def __init__(
        self,
        *,
        name: str,
        url: str,
        user: str = "",
        password: str = "",
        ca_file: str = "",
        names: Sequence[str] = (),
        timeout_s: float = 30.0,
        within_s: float = 0.0,
    ) -> None:
        super().__init__(name=name, connect=self._open, names=names, timeout_s=timeout_s, within_s=within_s)
        self._url = url.rstrip("/") + "/"
        self._auth = (user, password) if user else None
        self._ca_file, self._timeout_s = ca_file, timeout_s

    @contextmanager
    def _open(self, limit: Limit) -> Iterator[Far]:
        with open_client(
            limit,
            where=f"{self.name}: {self._url}",
            timeout_s=self._timeout_s,
            auth=self._auth,
            ca_file=self._ca_file,
        ) as client:
            yield _WebDavFolder(client, self._url, self.name)


class _WebDavFolder:
    def __init__(self, client: Client, url: str, name: str) -> None:
        self._client, self._url, self._name = client, url, name
        self._made: set[str] = set()

    def read(self, name: str) -> bytes | None:
        answer = self._ask("GET", name, good=(200, 404))
        return None if answer.status == 404 else answer.body

    def put(self, name: str, source: Path) -> None:
        for folder in parents_of(name):
            if folder not in self._made:
                self._ask("MKCOL", f"{folder}/", good=_OK_MKCOL)
                self._made.add(folder)
        part = part_of(name)
        length = {"Content-Length": str(source.stat().st_size)}
        with source.open("rb") as content:
            self._ask("PUT", part, good=(200, 201, 204), content=content, headers=length)
        to = {"Destination": self._url + quote(name), "Overwrite": "T"}
        if self._ask("MOVE", part, good=(*_MOVED, *_OTHER_HOST), headers=to).status in _OTHER_HOST:
            to["Destination"] = urlsplit(self._url).path + quote(name)
            self._ask("MOVE", part, good=_MOVED, headers=to)

    def delete(self, name: str) -> None:
        self._ask("DELETE", name, good=(200, 204, 404))

    def names(self, folder: str) -> list[str]:
        answer = self._ask("PROPFIND", f"{folder}/" if folder else "", good=(207, *_NO_LIST), depth="1")
        found = re.findall(rb"<(?:\w+:)?href>\s*([^<\s]+)\s*<", answer.body) if answer.status == 207 else []
        return [unquote(urlsplit(one.decode("utf-8", "replace")).path).rpartition("/")[2] for one in found]

    def _ask(
        self, method: str, name: str, *, good: Sequence[int], depth: str = "", **more: Any
    ) -> ServerResponse:
        if depth:
            more["headers"] = {"Depth": depth}
        answer = self._client.ask(method, self._url + quote(name), **more)
        code = answer.status
        if code in good:
            return answer
        where = f"{self._name}: {method} {self._url}{name}: answered {code}"
        if answer.moved_to:
            raise DeliveryError(f"{where}: it has moved to {answer.moved_to}; correct url", is_lasting=True)
        if code in (401, 403):
            raise DeliveryError(f"{where}; correct user and password", is_lasting=True)
        if code in (413, 507):
            raise DeliveryError(f"{where}; it is full: free some space there")
        if code in (404, 409):
            raise DeliveryError(f"{where}; make the folder that url names, or correct url", is_lasting=True)
        raise DeliveryError(f"{where}; is there room? Its own log says why")
