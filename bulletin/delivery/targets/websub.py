"""New feed -> WebSub hubs, which notify the apps that have subscribed."""

from __future__ import annotations

from typing import ClassVar, Literal

from bulletin.config.tables.delivery_options import WebSubOptions
from bulletin.delivery.delivery_interface import LastingError, Parcel
from bulletin.delivery.http_client import ServerResponse
from bulletin.delivery.notification_base_classes import Action, HttpNotification
from bulletin.errors import DeliveryError

_REFUSES = (400, 401, 403, 404)


class WebSub(WebSubOptions, HttpNotification):
    """
    Request to each hub to fetch the feed, sent when the public feed names the bulletin.

    A hub that is asked earlier fetches the old feed and notifies no app. So the feed is read first; while
    another delivery has not uploaded it yet, this one fails and is tried again.
    """

    kind: Literal["websub"] = "websub"
    is_newest_only: ClassVar[bool] = True

    def check(self) -> None:
        """Raise DeliveryError for a hub that has moved or is broken; other answers to a GET mean nothing."""
        for hub in self.hub:
            answer = self._ask("GET", hub)
            if answer.moved_to or answer.status >= 500:
                answer.require_success(f"delivery {self.name}: {hub}", option="hub", otherwise="is it up?")

    def notify(self, action: Action, parcel: Parcel) -> None:
        topic = self.topic or str(parcel.facts.get("feed_url", ""))
        if not topic and action == "withdraw":
            return
        if not topic:
            raise LastingError(
                f'delivery {self.name}: no feed to announce; set topic, or add "podcast" to [outputs] make'
            )
        if action == "publish" and self.sees_feed:
            self._check_feed(topic, parcel.guid)
        for hub in self.hub:
            form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
            answer = self._ask("POST", hub, data=form)
            remedy = f"does it take feeds of this host? It says: {answer.excerpt}"
            answer.require_success(
                f"delivery {self.name}: {hub}",
                remedies=dict.fromkeys(_REFUSES, remedy),
                option="hub",
                otherwise=remedy,
            )

    def _check_feed(self, topic: str, guid: str) -> None:
        answer = self._ask("GET", topic)
        if answer.moved_to:
            where = f"delivery {self.name}: {topic}"
            answer.require_success(where, option="topic, or base_url in [outputs.podcast]")
        if answer.status != 200 or guid.encode() not in answer.body:
            raise DeliveryError(
                f"delivery {self.name}: the feed {topic} does not show the episode {guid} yet (HTTP {answer.status}); "
                "the hub is notified as soon as it does"
            )

    def _ask(self, method: str, url: str, data: dict[str, str] | None = None) -> ServerResponse:
        return self.ask(method, url, where=f"delivery {self.name}: {url}", data=data)
