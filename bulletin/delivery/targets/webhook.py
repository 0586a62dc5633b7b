"""Parcel -> POST request with JSON to an address of the station's."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from bulletin.config.tables.delivery_options import WebhookOptions
from bulletin.delivery.delivery_interface import Parcel, parcel_data
from bulletin.delivery.notification_base_classes import Action, HttpNotification
from bulletin.errors import ConfigError

_WANTS_LOGIN = dict.fromkeys((401, 407), "it wants a login: put user and password into its address")
_REFUSES = dict.fromkeys((401, 403, 404, 410), "correct url or secret")
_BROKEN = (500, 502, 503, 504)


class Webhook(WebhookOptions, HttpNotification):
    """
    JSON about a published or withdrawn bulletin, with the addresses of its files.

    `Idempotency-Key` is the same for every try of one piece. With a `secret`, `X-Bulletin-Signature` is
    "sha256=" and the HMAC of the body. Messages never hold the path of `url`: for many hooks it is the secret.
    """

    kind: Literal["webhook"] = "webhook"

    def model_post_init(self, _: object) -> None:
        if not _host_of(self.url):
            raise ConfigError(
                f'delivery "{self.name}": url is not a web address; write it as "https://example.org/hook"'
            )

    @property
    def _where(self) -> str:
        return f"delivery {self.name}: server {_host_of(self.url)}"

    def check(self) -> None:
        """
        Raise DeliveryError unless the server answers, wants no login, is not broken and has not moved.

        A HEAD request shows nothing more: many hooks answer it with 404 or 405.
        """
        answer = self.ask("HEAD", self.url, where=self._where)
        if answer.moved_to or answer.status in _WANTS_LOGIN or answer.status in _BROKEN:
            answer.require_success(
                self._where, remedies=_WANTS_LOGIN, otherwise="is the program behind it running?"
            )

    def notify(self, action: Action, parcel: Parcel) -> None:
        body = json.dumps(_describe(action, parcel), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": hashlib.sha256(f"{action} {parcel.guid}".encode()).hexdigest()[:32],
        }
        if self.secret:
            signature = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Bulletin-Signature"] = f"sha256={signature}"
        answer = self.ask("POST", self.url, where=self._where, headers=headers, content=body)
        answer.require_success(self._where, remedies=_REFUSES, otherwise="it is tried again")


def _host_of(url: str) -> str:
    """The host of a web address; empty for anything else."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "" if parts.scheme in ("http", "https") and parts.port != 0 else ""
    except ValueError:  # half an IPv6 address, a port of six figures
        return ""


def _describe(action: Action, parcel: Parcel) -> dict[str, Any]:
    """The JSON that a command gets, with public addresses in the place of paths."""
    base = str(parcel.facts.get("feed_url", "")).removesuffix("feed.xml")
    files = [{"name": item.name, "url": base + quote(item.name) if base else None} for item in parcel.items]
    return parcel_data(action, parcel) | {"files": files}
