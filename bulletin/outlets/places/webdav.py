"""Parcel -> a WebDAV folder (Nextcloud, Apache, a NAS)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bulletin.errors import DeliveryError
from bulletin.outlets.upload import Far, Upload, parents_of, part_of

_OK_MKCOL = (201, 301, 405)
"""Made; there already."""


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
    ) -> None:
        super().__init__(name=name, connect=self._open, names=names)
        self._url = url.rstrip("/") + "/"
        self._auth = (user, password) if user else None
        self._ca_file, self._timeout_s = ca_file, timeout_s

    @contextmanager
    def _open(self) -> Iterator[Far]:
        import httpx2

        context = ssl.create_default_context(cafile=self._ca_file or None)
        try:
            with httpx2.Client(
                auth=self._auth,
                timeout=self._timeout_s,
                verify=context,
                trust_env=False,
                follow_redirects=False,
            ) as client:
                yield _Folder(client, self._url, self.name)
        except httpx2.HTTPError as error:
            said = f"{type(error).__name__}: {error}"
            raise DeliveryError(
                f"{self.name}: {self._url}: {said}; is it up, and is the address right?"
            ) from error


class _Folder:
    def __init__(self, client: Any, url: str, name: str) -> None:
        self._client, self._url, self._name = client, url, name
        self._made: set[str] = set()

    def read(self, name: str) -> bytes | None:
        answer = self._ask("GET", name, good=(200, 404))
        return None if answer.status_code == 404 else bytes(answer.content)

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
        self._ask("MOVE", part, good=(200, 201, 204), headers=to)

    def delete(self, name: str) -> None:
        self._ask("DELETE", name, good=(200, 204, 404))

    def _ask(self, method: str, name: str, *, good: Sequence[int], **more: Any) -> Any:
        answer = self._client.request(method, self._url + quote(name), **more)
        code = answer.status_code
        if code in good:
            return answer
        where = f"{self._name}: {method} {self._url}{name}: answered {code}"
        if code in (401, 403):
            raise DeliveryError(f"{where}; correct user and password", is_lasting=True)
        if code == 507:
            raise DeliveryError(f"{where}; it is full: free some space there")
        if code in (404, 409):
            raise DeliveryError(f"{where}; make the folder that url names, or correct url", is_lasting=True)
        raise DeliveryError(f"{where}; trying again")
