"""Base class of the deliveries that send a message and no files: a program, a webhook, WebSub hubs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bulletin.delivery.delivery_port import Parcel
from bulletin.delivery.http_client import ServerResponse, open_client
from bulletin.delivery.time_limit import TimeLimit

Action = Literal["publish", "withdraw"]


@dataclass(kw_only=True, repr=False, eq=False)
class Notification:
    """Message about a bulletin; a kind implements `notify` for both actions."""

    name: str
    timeout_s: float = 20.0
    """For each answer."""
    is_newest_only = False

    def publish(self, parcel: Parcel) -> None:
        self.notify("publish", parcel)

    def withdraw(self, parcel: Parcel) -> None:
        self.notify("withdraw", parcel)

    def notify(self, action: Action, parcel: Parcel) -> None:
        """Send the message. Raises DeliveryError."""
        raise NotImplementedError


@dataclass(kw_only=True, repr=False, eq=False)
class HttpNotification(Notification):
    """Message sent by HTTP, one connection for each request."""

    within_s: float = 0.0
    """For one request in all; 0 means two time-outs."""

    def ask(self, method: str, url: str, *, where: str, **request: Any) -> ServerResponse:
        """The answer of any status. Raises DeliveryError, which begins with `where`, when there is none."""
        with (
            TimeLimit(self.name, timeout_s=self.timeout_s, within_s=self.within_s) as limit,
            open_client(limit, where=where, timeout_s=self.timeout_s) as client,
        ):
            return client.ask(method, url, **request)
