"""Feeds that crashed the parser process or had it killed: stored in the archive, read after all others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bulletin.archive.records import Catalog, FeedMemory


class SuspectFeeds:
    """The suspects that one run knows. A feed is one until it has been read in full."""

    def __init__(self, catalog: Catalog | None, *, now: datetime) -> None:
        self._catalog = catalog
        self._now = now

    def is_suspect(self, url: str) -> bool:
        """Whether the parser of the feed had to be killed last time."""
        return self._failures(url) > 0

    def blame(self, url: str) -> None:
        """Make the feed a suspect."""
        self._note(url, self._failures(url) + 1)

    def clear(self, url: str) -> None:
        """Clear the feed: it has been read."""
        if self.is_suspect(url):
            self._note(url, 0)

    def _failures(self, url: str) -> int:
        memory = self._catalog.feed_memory(_key(url)) if self._catalog else None
        return memory.failures if memory else 0

    def _note(self, url: str, failures: int) -> None:
        if self._catalog:
            # with both dates, so that retention deletes it as a feed that is not read any more
            memory = FeedMemory(url=_key(url), checked_at=self._now, next_poll_at=self._now)
            self._catalog.keep_feed(replace(memory, failures=failures), ())


def _key(url: str) -> str:
    """Name in the catalog: no address begins with this and a space, so no feed has it."""
    return f"killed {url}"
