"""Parcel -> a POST with JSON to an address of the station's."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote, urlsplit

from bulletin.delivery.delivery_port import Parcel, parcel_data
from bulletin.delivery.http_client import ServerResponse, open_client
from bulletin.delivery.time_limit import Limit
from bulletin.errors import ConfigError, DeliveryError

_LASTING = (401, 403, 404, 410)
_LOGIN, _BROKEN = (401, 407), (500, 502, 503, 504)


class Webhook:
    """
    Tells what has gone out and where it is to be had.

    `Idempotency-Key` is the same for every try of one piece. With a `secret`, `X-Bulletin-Signature` is
    "sha256=" and the HMAC of the body.
    """

    is_newest_only = False

    def __init__(
        self, *, name: str, url: str, secret: str = "", timeout_s: float = 20.0, within_s: float = 0.0
    ) -> None:
        self._host = _host_of(url)
        if not self._host:
            raise ConfigError(
                f'delivery "{name}": url is no web address; write it as "https://example.org/hook"'
            )
        self.name = name
        self._url, self._secret = url, secret
        self._timeout_s, self._within_s = timeout_s, within_s

    def check(self) -> None:
        """
        Somebody answers there, and neither wants a login nor is broken or elsewhere.

        Nothing more is known before something is posted: many hooks answer a HEAD with 404 or 405.
        """
        answer = self._ask("HEAD", {}, b"")
        told = f"{self.name}: {self._host} answered {answer.status} to a HEAD"
        if answer.moved_to:
            raise DeliveryError(f"{told}: it has moved to {answer.moved_to}; correct url", is_lasting=True)
        if answer.status in _LOGIN:
            raise DeliveryError(f"{told}: it wants a login; correct url", is_lasting=True)
        if answer.status in _BROKEN:
            raise DeliveryError(f"{told}; is the program behind it up?")

    def publish(self, parcel: Parcel) -> None:
        self._post("publish", parcel)

    def withdraw(self, parcel: Parcel) -> None:
        self._post("withdraw", parcel)

    def _post(self, action: str, parcel: Parcel) -> None:
        body = json.dumps(_data(action, parcel), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": hashlib.sha256(f"{action} {parcel.guid}".encode()).hexdigest()[:32],
        }
        if self._secret:
            signed = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Bulletin-Signature"] = f"sha256={signed}"
        answer = self._ask("POST", headers, body)
        if answer.is_good:
            return
        # never the path: for many hooks it is the secret
        told = f"{self.name}: {self._host} answered {answer.status}"
        if answer.moved_to:
            raise DeliveryError(
                f"{told}: it has moved to {answer.moved_to}; correct url, nothing is sent on", is_lasting=True
            )
        is_lasting = answer.status in _LASTING
        remedy = "correct url or secret" if is_lasting else "trying again"
        raise DeliveryError(f"{told}; {remedy}", is_lasting=is_lasting)

    def _ask(self, method: str, headers: dict[str, str], body: bytes) -> ServerResponse:
        with (
            Limit(self.name, timeout_s=self._timeout_s, within_s=self._within_s) as limit,
            open_client(limit, where=f"{self.name}: {self._host}", timeout_s=self._timeout_s) as client,
        ):
            return client.ask(method, self._url, headers=headers, content=body)


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and parts.port != 0
        return parts.hostname or "" if is_good else ""
    except ValueError:  # half an IPv6 address, a port of six figures
        return ""


def _data(action: str, parcel: Parcel) -> dict[str, Any]:
    """As for a command, with addresses in the place of paths."""
    base = str(parcel.facts.get("feed_url", "")).removesuffix("feed.xml")
    files = [{"name": item.name, "url": base + quote(item.name) if base else None} for item in parcel.items]
    return parcel_data(action, parcel) | {"files": files}
