"""HTTP client of all deliveries: no redirects, no proxies of the environment, a limit to each answer."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.delivery.delivery_interface import LastingError
from bulletin.delivery.explain_connection_errors import UNTRUSTED, describe_connection_error, explain
from bulletin.errors import DeliveryError, explain_os_errors

_MOST_BYTES = 32_000_000
"""Size limit of an answer in bytes; a feed of a thousand episodes has three million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerResponse:
    """Answer of a server, of any status."""

    status: int
    body: bytes
    moved_to: str = ""
    """Host that a redirect names, never its path: for many hooks it is the secret. Nothing is sent there."""

    def require_success(
        self,
        where: str,
        *,
        good: Collection[int] = range(200, 300),
        remedies: Mapping[int, str] | None = None,
        option: str = "url",
        otherwise: str = "",
    ) -> None:
        """
        Raise DeliveryError unless the status is in `good`.

        `remedies` are for a status that another try does not change, `otherwise` is for all others; `option`
        is the one to correct when the server has moved. The message begins with `where`.
        """
        if self.status in good:
            return
        remedies = remedies or {}
        remedy = f"; {remedies.get(self.status, otherwise)}"
        if self.moved_to:
            remedy = f": it has moved to {self.moved_to}; correct {option}"
        is_lasting = bool(self.moved_to) or self.status in remedies
        raise DeliveryError(f"{where}: answered HTTP {self.status}{remedy}", is_lasting=is_lasting)

    @property
    def excerpt(self) -> str:
        """The beginning of the body in one line. It may repeat the address, so it is for no address with a secret."""
        return " ".join(self.body.decode("utf-8", "replace").split())[:160] or "nothing"


Ask = Callable[..., ServerResponse]
"""Method, address and httpx2's options of one request -> the answer."""


def _ask(client: Any, where: str, method: str, url: str, **request: Any) -> ServerResponse:
    """Answer of one request. Raises DeliveryError for no answer, or one without end."""
    with client.stream(method, url, **request) as answer:
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > _MOST_BYTES:
                raise LastingError(f"{where}: the server's answer is too long; correct the address")
        request_elsewhere = answer.next_request
        moved_to = (
            f"{request_elsewhere.url.scheme}://{request_elsewhere.url.host}" if request_elsewhere else ""
        )
        return ServerResponse(status=int(answer.status_code), body=bytes(body), moved_to=moved_to)


def trust_context(ca_file: str, *, where: str) -> ssl.SSLContext:
    """TLS context that trusts the authorities of the system, or of a PEM file. Raises DeliveryError."""
    with explain_os_errors(LastingError, f"{where}: ca_file {ca_file} cannot be read", "name a PEM file"):
        return ssl.create_default_context(cafile=ca_file or None)


@contextmanager
def open_client(
    limit: TimeLimit, *, where: str, timeout_s: float, ca_file: str = "", **options: Any
) -> Iterator[Ask]:
    """
    An HTTP client whose sockets `limit` watches; `options` are httpx2's.

    Its library's errors become DeliveryError, which begins with `where`.
    """
    import httpx2

    def watch_socket(request: Any) -> None:
        def trace(event: str, info: Mapping[str, Any]) -> None:
            if event == "connection.connect_tcp.complete":
                limit.watch(info["return_value"].get_extra_info("socket"))

        request.extensions["trace"] = trace

    context = trust_context(ca_file, where=where)
    try:
        with httpx2.Client(
            timeout=timeout_s,
            verify=context,
            trust_env=False,
            follow_redirects=False,
            event_hooks={"request": [watch_socket]},
            **options,
        ) as client:
            yield partial(_ask, client, where)
    except httpx2.InvalidURL as error:
        raise LastingError(f"{where}: is not a web address; correct the address") from error
    except httpx2.HTTPError as error:
        reason = describe_connection_error(error, timeout_s) or f"{type(error).__name__}: {error}"
        raise explain(where, reason, [UNTRUSTED], otherwise="is the server up, and the URL right?") from error
