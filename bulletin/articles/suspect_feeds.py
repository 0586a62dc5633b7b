"""Feeds that broke their reader, or had it killed: remembered in the archive, and read after all the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bulletin.archive.records import Catalog, FeedMemory


class SuspectFeeds:
    """One run's view of them. A feed is one until it has been read in full."""

    def __init__(self, catalog: Catalog | None, *, now: datetime) -> None:
        self._catalog = catalog
        self._now = now

    def is_one(self, url: str) -> bool:
        """Whether the feed had to be killed when it was read last."""
        return self._failures(url) > 0

    def blame(self, url: str) -> None:
        """It had to be killed."""
        self._note(url, self._failures(url) + 1)

    def clear(self, url: str) -> None:
        """It has been read."""
        if self.is_one(url):
            self._note(url, 0)

    def _failures(self, url: str) -> int:
        memory = self._catalog.feed_memory(_key(url)) if self._catalog else None
        return memory.failures if memory else 0

    def _note(self, url: str, failures: int) -> None:
        if self._catalog:
            # with both times it is forgotten when it is old, as a feed is that nobody reads any more
            memory = FeedMemory(url=_key(url), checked_at=self._now, next_poll_at=self._now)
            self._catalog.keep_feed(replace(memory, failures=failures), ())


def _key(url: str) -> str:
    """No address begins with this and a space, so no feed has this name."""
    return f"killed {url}"
