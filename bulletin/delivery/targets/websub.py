"""A new feed -> WebSub hubs, which tell the apps that have subscribed."""

from __future__ import annotations

from typing import Any

from bulletin.delivery.delivery_port import Parcel
from bulletin.delivery.http_client import ServerResponse, open_client
from bulletin.delivery.time_limit import Limit
from bulletin.errors import DeliveryError


class WebSub:
    """
    Asks each hub to fetch the feed, but not before the feed names the bulletin where listeners get it.

    A hub that comes too early sees the old feed and tells nobody; so the feed is read first, and when another
    delivery has still to bring it there, the hub is asked later.
    """

    is_newest_only = True

    def __init__(
        self,
        *,
        name: str,
        hub: str | tuple[str, ...],
        topic: str = "",
        sees_feed: bool = True,
        timeout_s: float = 20.0,
        within_s: float = 0.0,
    ) -> None:
        self.name = name
        self._hubs = (hub,) if isinstance(hub, str) else tuple(hub)
        self._topic, self._sees_feed = topic, sees_feed
        self._timeout_s, self._within_s = timeout_s, within_s

    def check(self) -> None:
        """Each hub answers and is neither broken nor elsewhere; what else it says to a mere GET does not matter."""
        for hub in self._hubs:
            answer = self._ask("GET", hub)
            if answer.moved_to or answer.status >= 500:
                why = f"it has moved to {answer.moved_to}; correct hub" if answer.moved_to else "is it up?"
                raise DeliveryError(
                    f"{self.name}: {hub} answered {answer.status}: {why}", is_lasting=bool(answer.moved_to)
                )

    def publish(self, parcel: Parcel) -> None:
        topic = self._topic_of(parcel)
        if self._sees_feed:
            answer = self._ask("GET", topic)
            if answer.moved_to:
                raise DeliveryError(
                    f"{self.name}: {topic} has moved to {answer.moved_to}; correct topic, or base_url in "
                    "[outputs.podcast]",
                    is_lasting=True,
                )
            if answer.status != 200 or parcel.guid.encode() not in answer.body:
                raise DeliveryError(
                    f"{self.name}: {topic} does not name {parcel.guid} yet (answered {answer.status}); "
                    "the hub is asked as soon as it does"
                )
        self._notify(topic)

    def withdraw(self, parcel: Parcel) -> None:
        """The feed has changed; that is all that a hub can tell."""
        if topic := self._topic or str(parcel.facts.get("feed_url", "")):
            self._notify(topic)

    def _topic_of(self, parcel: Parcel) -> str:
        topic = self._topic or str(parcel.facts.get("feed_url", ""))
        if not topic:
            raise DeliveryError(f"{self.name}: which feed? Set topic, or make a podcast", is_lasting=True)
        return topic

    def _notify(self, topic: str) -> None:
        for hub in self._hubs:
            answer = self._ask(
                "POST", hub, data={"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
            )
            if not answer.is_good:
                raise DeliveryError(
                    f"{self.name}: {hub} answered {answer.status} {answer.said(120)}; does it take feeds of this host?",
                    is_lasting=bool(answer.moved_to) or answer.status in (400, 401, 403, 404),
                )

    def _ask(self, method: str, url: str, **more: Any) -> ServerResponse:
        with (
            Limit(self.name, timeout_s=self._timeout_s, within_s=self._within_s) as limit,
            open_client(limit, where=f"{self.name}: {url}", timeout_s=self._timeout_s) as client,
        ):
            return client.ask(method, url, **more)
