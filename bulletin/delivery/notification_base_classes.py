"""Base class of the deliveries that send a message and no files: a program, a webhook, WebSub hubs."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal

from bulletin.config.tables.delivery_options import DeliveryOptions, FarOptions
from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.delivery.delivery_interface import Parcel
from bulletin.delivery.http_client import ServerResponse, open_client

Action = Literal["publish", "withdraw"]


class Notification(DeliveryOptions):
    """Message about a bulletin; a kind implements `notify` for both actions."""

    is_newest_only: ClassVar[bool] = False

    def publish(self, parcel: Parcel) -> None:
        self.notify("publish", parcel)

    def withdraw(self, parcel: Parcel) -> None:
        self.notify("withdraw", parcel)

    @abstractmethod
    def notify(self, action: Action, parcel: Parcel) -> None:
        """Send the message. Raises DeliveryError."""


class HttpNotification(FarOptions, Notification):
    """Message sent by HTTP, one connection and one time limit for each request."""

    def ask(self, method: str, url: str, *, where: str, **request: Any) -> ServerResponse:
        """The answer of any status. Raises DeliveryError, which begins with `where`, when there is none."""
        with (
            TimeLimit(self.name, timeout_s=self.timeout_s, within_s=self.within_s) as limit,
            open_client(limit, where=where, timeout_s=self.timeout_s) as ask,
        ):
            return ask(method, url, **request)
