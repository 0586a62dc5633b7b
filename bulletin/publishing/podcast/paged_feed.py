"""Episodes too old for the feed -> archive pages of the feed, one for each local day (RFC 5005, section 3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.model import StationWords
from bulletin.publishing.atomic_file_batch import Batch, has_size
from bulletin.publishing.podcast.rss import PodcastShow, build_feed, page_of

if TYPE_CHECKING:
    from bulletin.archive.contents.episodes import EpisodeArchive

PAGES = "feed-????-??-??.xml"
"""File name pattern of the pages, for `glob`."""

IN_A_ROW = 6
"""Consecutive episodes without sound after which all older ones have none either."""


def page_span(name: str, *, zone: str) -> tuple[datetime, datetime] | None:
    """Start and end (exclusive) of a page's day, in UTC; None for another file name."""
    match = re.fullmatch(r"feed-(\d{4}-\d\d-\d\d)\.xml", name)
    with suppress(ValueError):
        if match:
            day, local = date.fromisoformat(match[1]), ZoneInfo(zone)
            start, end = (datetime.combine(day + timedelta(days=more), time(), local) for more in (0, 1))
            return start.astimezone(UTC), end.astimezone(UTC)
    return None


def pages_in(folder: Path, episodes: Sequence[EpisodeRecord]) -> frozenset[str]:
    """File names of the episodes' HTML pages that exist."""
    return frozenset(name for name in map(page_of, episodes) if (folder / name).is_file())


@dataclass(kw_only=True, eq=False)
class PagedFeed:
    """
    The older pages of a feed: `feed-2026-11-24.xml` has all episodes of that day, and links to the day before.

    The page of a past day changes only when one of its episodes is withdrawn, so a run rewrites one page, however
    many there are.
    """

    folder: Path
    station: StationWords
    archive: EpisodeArchive

    def is_there(self, episode: EpisodeRecord) -> bool:
        """Whether the sound of an episode exists."""
        return has_size(self.folder / episode.audio, episode.bytes)

    def add_pages(
        self,
        front: Batch,
        show: PodcastShow,
        shown: Sequence[EpisodeRecord],
        *,
        known: Sequence[EpisodeRecord],
        changed: Sequence[EpisodeRecord],
    ) -> str:
        """
        Add the missing pages of episodes that the feed does not show, and the pages of `changed` episodes.

        Returns the name of the newest page, "" when there is none. `known` are the archive's newest episodes,
        `changed` those added or withdrawn.
        """
        for day in sorted({self._page_name(record) for record in changed}):
            if (self.folder / day).is_file():
                self._put(front, show, day)
        older = [episode for episode in known if episode not in shown]
        first = name = self._first_page(older) if shown else ""
        if shown and not first:
            first = name = self._before(min(episode.published for episode in shown))
        while name and not (self.folder / name).is_file():
            name = self._put(front, show, name)
        return first

    def renew_pages(self, front: Batch, show: PodcastShow) -> None:
        """Rewrite all existing pages from `show`."""
        for path in sorted(self.folder.glob(PAGES)):
            if self._of(path.name):
                self._put(front, show, path.name)

    def tidy_pages(self, front: Batch, show: PodcastShow) -> list[str]:
        """Rewrite the oldest pages without deleted episodes; return the names of empty pages."""
        pages = [path.name for path in sorted(self.folder.glob(PAGES))]
        kept = [name for name in pages if self._of(name)]
        for name in kept[:2]:  # the page that lost episodes, and the page that linked to a deleted one
            self._put(front, show, name)
        return [name for name in pages if name not in kept]

    def _put(self, front: Batch, show: PodcastShow, name: str) -> str:
        """Add a page; return the name of the next older one."""
        span = page_span(name, zone=self.station.time_zone)
        older = self._before(span[0]) if span else ""
        page = replace(show, feed=name, next_page=older)
        episodes = self._of(name)
        front.put(name, build_feed(page, episodes, pages=pages_in(self.folder, episodes)))
        return older

    def _of(self, name: str) -> tuple[EpisodeRecord, ...]:
        """The day's episodes whose sound exists, newest first."""
        span = page_span(name, zone=self.station.time_zone)
        if span is None:
            return ()
        episodes = self.archive.episodes(self.station.id, since=span[0], until=span[1])
        return tuple(filter(self.is_there, episodes))

    def _before(self, moment: datetime) -> str:
        """The page of the newest episode before a moment."""
        return self._first_page(self.archive.episodes(self.station.id, until=moment, limit=IN_A_ROW))

    def _first_page(self, episodes: Sequence[EpisodeRecord]) -> str:
        """The page of the first of the episodes whose sound exists; "" where there is none."""
        return next((self._page_name(episode) for episode in episodes if self.is_there(episode)), "")

    def _page_name(self, episode: EpisodeRecord) -> str:
        return f"feed-{episode.published.astimezone(ZoneInfo(self.station.time_zone)):%Y-%m-%d}.xml"
