"""Episodes that have left the feed -> pages of it, one for each of the station's days (RFC 5005, 3)."""

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
"""Episodes; where so many, one after the other, are gone, all older are."""


def page_name(moment: datetime, *, zone: str) -> str:
    """Of the page that an episode of that moment stands on: by the station's own day."""
    return f"feed-{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d}.xml"


def page_span(name: str, *, zone: str) -> tuple[datetime, datetime] | None:
    """From when to before when its episodes were published; None for what is no page."""
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
    """Names of those episodes' pages that lie there: a feed must not name another."""
    return frozenset(name for name in map(page_of, episodes) if size_of(folder, name) is not None)


def read_newest(
    archive: EpisodeStore, station: str, *, keep: int, until: datetime
) -> tuple[EpisodeRecord, ...]:
    """
    The newest `keep` episodes and a few more, by their dates; and those of the newest hours.

    Any number of corrections of old bulletins may have come out since the bulletin of the newest hour.
    """
    known = archive.episodes(station, limit=keep + IN_A_ROW, until=until)
    guids = {episode.guid for episode in known}
    newest = archive.episodes(station, limit=IN_A_ROW, until=until, by_hour=True)
    others = [episode for episode in newest if episode.guid not in guids]
    return (*known, *sorted(others, key=lambda one: one.published, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderFeedPages:
    """
    The pages of a feed: `feed-2026-11-24.xml` has all episodes of that day, and leads to the day before it.

    A day whose episodes have all been made gets the same bytes ever after, unless one of them is withdrawn; so
    an hour's work touches one page, however many there are.
    """

    folder: Path
    station: str
    zone: str
    archive: EpisodeStore
    is_there: Callable[[EpisodeRecord], bool]
    """Whether its sound still is."""

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
        Have the pages of what the feed does not show; the name of the newest, empty when there is none.

        From the newest back to the first that lies there already; and the pages of the days of what has
        `changed`: episodes that have come, or that were withdrawn. `known` are the archive's newest.
        """
        first = self._after(shown, known)
        days = {page_name(one.published, zone=self.zone) for one in changed}
        for day in sorted(days):
            if (self.folder / day).is_file():
                self._put(front, show, day)
        name = first
        while name and not (self.folder / name).is_file():
            name = self._put(front, show, name)
        return first

    def renew(self, front: Batch, show: PodcastShow) -> None:
        """Have all pages that lie there again, as `show` describes the station now."""
        for path in sorted(self.folder.glob(PAGES)):
            if self._of(path.name):
                self._put(front, show, path.name)

    def tidy(self, front: Batch, show: PodcastShow) -> list[str]:
        """Have the oldest pages again, without what is gone; the names of those that nothing is left of."""
        gone: list[str] = []
        kept = 0
        for path in sorted(self.folder.glob(PAGES)):
            if not self._of(path.name):
                gone.append(path.name)
                continue
            self._put(front, show, path.name)
            kept += 1
            if kept == 2:  # one that lost episodes, and one that led to a page which is gone
                break
        return gone

    def _put(self, front: Batch, show: PodcastShow, name: str) -> str:
        """Have a page; the name of the next older one."""
        span = page_span(name, zone=self.zone)
        older = self._before(span[0]) if span else ""
        page = replace(show, feed=name, first_page=FEED, next_page=older)
        episodes = self._of(name)
        front.put(name, build_feed(page, episodes, pages=pages_in(self.folder, episodes)))
        return older

    def _of(self, name: str) -> tuple[EpisodeRecord, ...]:
        """The day's episodes that are still to be heard, newest first."""
        span = page_span(name, zone=self.zone)
        if span is None:
            return ()
        found = self.archive.episodes(self.station, since=span[0], until=span[1])
        return tuple(episode for episode in found if self.is_there(episode))

    def _after(self, shown: Sequence[EpisodeRecord], known: Sequence[EpisodeRecord]) -> str:
        """The page of the newest one that the feed does not show: the archive is asked only if it must be."""
        if not shown:
            return ""
        guids = {episode.guid for episode in shown}
        older = [episode for episode in known if episode.guid not in guids]
        there = next((episode for episode in older if self.is_there(episode)), None)
        oldest = min(episode.published for episode in shown)
        return page_name(there.published, zone=self.zone) if there else self._before(oldest)

    def _before(self, moment: datetime) -> str:
        """The page of the newest episode before a moment; where several in a row are gone, all older are."""
        found = self.archive.episodes(self.station, until=moment, limit=IN_A_ROW)
        there = next((episode for episode in found if self.is_there(episode)), None)
        return page_name(there.published, zone=self.zone) if there else ""
