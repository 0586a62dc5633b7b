"""Pauses of hosts that answered 429 or 503, in the archive beside the feeds."""

from __future__ import annotations

from datetime import datetime

from bulletin.archive.records import Catalog, FeedMemory
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.poll_policy import after_failure, is_due
from bulletin.articles.fetching.ssrf_guard import publisher_of, read_url
from bulletin.errors import FetchError

_LEAVE_ALONE = frozenset({429, 503})


class HostBackoff:
    """
    The pauses that one run knows; other runs, of this process or another, write theirs into the same archive.

    A host that answers 429 or 503 is asked for no feed and no page until the time that it names, or for ten
    minutes.
    """

    def __init__(self, catalog: Catalog | None, *, now: datetime) -> None:
        self._catalog = catalog
        self._now = now
        self._known: dict[str, FeedMemory] = {}

    def closed_until(self, url: str) -> datetime | None:
        """The end of the pause of an address's host; None when it may be asked."""
        key = _key(url)
        if self._catalog is None or not key:
            return None
        memory = self._known.get(key) or self._catalog.feed_memory(key)
        if memory is None or is_due(memory, now=self._now):
            return None  # and not stored: another run may start a pause meanwhile
        self._known[key] = memory
        return memory.next_poll_at

    def respect_retry_after(self, answer: HttpResponse) -> None:
        """Store the pause that an answer asks for."""
        key = _key(answer.url)
        if self._catalog is None or not key or answer.status not in _LEAVE_ALONE:
            return
        memory = after_failure(
            FeedMemory(url=key), now=self._now, status=answer.status, headers=answer.headers
        )
        self._known[key] = memory
        self._catalog.keep_feed(memory, ())


def _key(url: str) -> str:
    """Name in the catalog: no address has a space, so no feed has it."""
    try:
        return f"host {publisher_of(read_url(url))}"
    except FetchError:
        return ""
