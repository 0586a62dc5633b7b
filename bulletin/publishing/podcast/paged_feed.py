"""Episodes too old for the feed -> archive pages of the feed, one for each local day (RFC 5005, section 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.records import EpisodeRecord, EpisodeStore
from bulletin.publishing.atomic_files import Batch, size_of
from bulletin.publishing.podcast.rss import PodcastShow, build_feed, page_of
from bulletin.publishing.podcast_addresses import FEED

PAGES = "feed-????-??-??.xml"
"""For `glob`."""

IN_A_ROW = 6
"""Where so many consecutive episodes have lost their sound, all older ones have."""


def page_name(moment: datetime, *, zone: str) -> str:
    """File name of the page with the episodes of that local day."""
    return f"feed-{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d}.xml"


def page_span(name: str, *, zone: str) -> tuple[datetime, datetime] | None:
    """Start and end (exclusive) of a page's day, in UTC; None for another file name."""
    match = re.fullmatch(r"feed-(\d{4}-\d\d-\d\d)\.xml", name)
    try:
        day = date.fromisoformat(match[1]) if match else None
    except ValueError:
        day = None
    if day is None:
        return None
    local = ZoneInfo(zone)
    start, end = (datetime.combine(day + timedelta(days=more), time(), local) for more in (0, 1))
    return start.astimezone(UTC), end.astimezone(UTC)


def pages_in(folder: Path, episodes: Sequence[EpisodeRecord]) -> frozenset[str]:
    """File names of the episodes' HTML pages that exist."""
    return frozenset(name for name in map(page_of, episodes) if size_of(folder, name) is not None)


def read_newest(
    archive: EpisodeStore, station: str, *, keep: int, until: datetime
) -> tuple[EpisodeRecord, ...]:
    """
    The newest `keep` episodes and a few more by date, and those of the newest hours.

    Many corrections of old bulletins may be newer than the bulletin of the newest hour.
    """
    known = archive.episodes(station, limit=keep + IN_A_ROW, until=until)
    guids = {episode.guid for episode in known}
    newest = archive.episodes(station, limit=IN_A_ROW, until=until, by_hour=True)
    others = [episode for episode in newest if episode.guid not in guids]
    return (*known, *sorted(others, key=lambda record: record.published, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderFeedPages:
    """
    The pages of a feed: `feed-2026-11-24.xml` has all episodes of that day, and links to the day before.

    The page of a past day changes only when one of its episodes is withdrawn, so a run rewrites one page, however
    many there are.
    """

    folder: Path
    station: str
    zone: str
    archive: EpisodeStore
    is_there: Callable[[EpisodeRecord], bool]
    """Whether the sound of an episode exists."""

    def add(
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
        first = self._after(shown, known)
        days = {page_name(record.published, zone=self.zone) for record in changed}
        for day in sorted(days):
            if (self.folder / day).is_file():
                self._put(front, show, day)
        name = first
        while name and not (self.folder / name).is_file():
            name = self._put(front, show, name)
        return first

    def renew(self, front: Batch, show: PodcastShow) -> None:
        """Rewrite all existing pages from `show`."""
        for path in sorted(self.folder.glob(PAGES)):
            if self._of(path.name):
                self._put(front, show, path.name)

    def tidy(self, front: Batch, show: PodcastShow) -> list[str]:
        """Rewrite the oldest pages without deleted episodes; return the names of empty pages."""
        gone: list[str] = []
        kept = 0
        for path in sorted(self.folder.glob(PAGES)):
            if not self._of(path.name):
                gone.append(path.name)
                continue
            self._put(front, show, path.name)
            kept += 1
            if kept == 2:  # one that lost episodes, and one that linked to a deleted page
                break
        return gone

    def _put(self, front: Batch, show: PodcastShow, name: str) -> str:
        """Add a page; return the name of the next older one."""
        span = page_span(name, zone=self.zone)
        older = self._before(span[0]) if span else ""
        page = replace(show, feed=name, first_page=FEED, next_page=older)
        episodes = self._of(name)
        front.put(name, build_feed(page, episodes, pages=pages_in(self.folder, episodes)))
        return older

    def _of(self, name: str) -> tuple[EpisodeRecord, ...]:
        """The day's episodes whose sound exists, newest first."""
        span = page_span(name, zone=self.zone)
        if span is None:
            return ()
        episodes = self.archive.episodes(self.station, since=span[0], until=span[1])
        return tuple(episode for episode in episodes if self.is_there(episode))

    def _after(self, shown: Sequence[EpisodeRecord], known: Sequence[EpisodeRecord]) -> str:
        """The page of the newest episode that the feed does not show; queries the archive only if `known` has none."""
        if not shown:
            return ""
        guids = {episode.guid for episode in shown}
        older = [episode for episode in known if episode.guid not in guids]
        episode = next((episode for episode in older if self.is_there(episode)), None)
        oldest = min(episode.published for episode in shown)
        return page_name(episode.published, zone=self.zone) if episode else self._before(oldest)

    def _before(self, moment: datetime) -> str:
        """The page of the newest episode before a moment."""
        episodes = self.archive.episodes(self.station, until=moment, limit=IN_A_ROW)
        episode = next((episode for episode in episodes if self.is_there(episode)), None)
        return page_name(episode.published, zone=self.zone) if episode else ""
