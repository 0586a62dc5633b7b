"""Hosts that asked to be left alone and feeds that crashed the parser, as the archive stores them beside the feeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bulletin.archive.record_dataclasses import Catalog, FeedMemory
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import publisher_of, read_url
from bulletin.articles.fetching.when_to_poll_feeds import after_failure, is_due
from bulletin.errors import FetchError


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTroubles:
    """
    Records of one archive; without one nothing is known. Other runs write into the same archive meanwhile.

    A host that answers 429 or 503 is asked for no feed and no page until the time that it names, or for ten
    minutes. A feed is a suspect from a crash of its parser until it has been read in full.
    """

    catalog: Catalog | None
    now: datetime

    def closed_until(self, url: str) -> datetime | None:
        """The end of the pause of an address's host; None when it may be asked."""
        memory = self._memory(_host_key(url))
        return None if memory is None or is_due(memory, now=self.now) else memory.next_poll_at

    def respect_retry_after(self, answer: HttpResponse) -> None:
        """Store the pause that an answer asks for."""
        if self.catalog and answer.status in (429, 503):
            memory = FeedMemory(url=_host_key(answer.url))
            memory = after_failure(memory, now=self.now, status=answer.status, headers=answer.headers)
            self.catalog.keep_feed(memory, ())

    def is_suspect(self, url: str) -> bool:
        """Whether the parser of the feed had to be killed last time."""
        memory = self._memory(_suspect_key(url))
        return memory is not None and memory.failures > 0

    def set_suspect(self, url: str, *, is_suspect: bool) -> None:
        if self.catalog and is_suspect != self.is_suspect(url):
            # with both dates, so that retention deletes it like an unused feed
            memory = FeedMemory(
                url=_suspect_key(url), checked_at=self.now, next_poll_at=self.now, failures=int(is_suspect)
            )
            self.catalog.keep_feed(memory, ())

    def _memory(self, key: str) -> FeedMemory | None:
        return self.catalog.feed_memory(key) if self.catalog else None


def _host_key(url: str) -> str:
    """Name in the catalog: no address has a space, so no feed has it."""
    try:
        return f"host {publisher_of(read_url(url))}"
    except FetchError:
        return ""


def _suspect_key(url: str) -> str:
    return f"killed {url}"
