"""One door to servers that are asked by HTTP: no redirects, no proxies of the environment, an end to each answer."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bulletin.delivery.connection_errors import line_fault
from bulletin.delivery.time_limit import Limit
from bulletin.errors import DeliveryError

_MOST_BYTES = 32_000_000
"""Of an answer; a feed of a thousand episodes has three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerResponse:
    """What a server said."""

    status: int
    body: bytes
    moved_to: str = ""
    """Host of the address where it is now, if it says so; nothing is sent there."""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    def said(self, chars: int) -> str:
        """The beginning of its words, in one line."""
        return " ".join(self.body.decode("utf-8", "replace").split())[:chars]


class Client:
    """Asks; its lines are those that the limit watches."""

    def __init__(self, client: Any, where: str) -> None:
        self._client, self._where = client, where

    def ask(self, method: str, url: str, **more: Any) -> ServerResponse:
        """Raises DeliveryError when there is no answer."""
        with self._client.stream(method, url, **more) as answer:
            body = bytearray()
            for some in answer.iter_bytes():
                body += some
                if len(body) > _MOST_BYTES:
                    raise DeliveryError(
                        f"{self._where}: its answer has no end; is the address right?", is_lasting=True
                    )
            code, where = int(answer.status_code), str(answer.headers.get("location", ""))
            return ServerResponse(
                status=code, body=bytes(body), moved_to=_host_of(where) if 300 <= code < 400 else ""
            )


def _host_of(address: str) -> str:
    """Never the path: for many hooks it is the secret."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname}" if parts.hostname else "another address of that host"
    except ValueError:
        return "no address at all"


@contextmanager
def open_client(
    limit: Limit,
    *,
    where: str,
    timeout_s: float,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    ca_file: str = "",
) -> Iterator[Client]:
    """`where` stands in messages, which raise as DeliveryError."""
    import httpx2

    def follow(request: Any) -> None:
        def trace(event: str, told: Mapping[str, Any]) -> None:
            if event == "connection.connect_tcp.complete":
                limit.watch(told["return_value"].get_extra_info("socket"))

        request.extensions["trace"] = trace

    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        raise DeliveryError(
            f"{where}: ca_file {ca_file} cannot be read ({error.strerror or error}); name a PEM file",
            is_lasting=True,
        ) from error
    try:
        with httpx2.Client(
            headers=dict(headers or {}),
            auth=auth,
            timeout=timeout_s,
            verify=context,
            trust_env=False,
            follow_redirects=False,
            event_hooks={"request": [follow]},
        ) as client:
            yield Client(client, where)
    except httpx2.InvalidURL as error:
        raise DeliveryError(f"{where}: is no web address; correct it", is_lasting=True) from error
    except httpx2.HTTPError as error:
        untrusted = "CERTIFICATE_VERIFY_FAILED" in str(error)
        said = line_fault(error, timeout_s) or f"{type(error).__name__}: {error}"
        raise DeliveryError(
            f"{where}: its certificate is not trusted; name the authority in ca_file, or correct the address"
            if untrusted
            else f"{where}: {said}; is it up, and is the address right?",
            is_lasting=untrusted,
        ) from error
