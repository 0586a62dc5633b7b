"""Episodes that have left the feed -> pages of it, one for each of the station's days (RFC 5005, 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.records import EpisodeRecord, EpisodeStore
from bulletin.outlets.addresses import FEED
from bulletin.outlets.files import Batch
from bulletin.outlets.rss import Show, build_feed

PAGES = "feed-????-??-??.xml"
"""For `glob`."""

_IN_A_ROW = 6


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderPages:
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

    def add(self, front: Batch, show: Show, shown: Sequence[EpisodeRecord], *, changed: EpisodeRecord) -> str:
        """
        Have the pages of what the feed does not show; the name of the newest, empty when there is none.

        From the newest back to the first that lies there already; and the page of the day of what has `changed`:
        an episode that the archive does not know yet, or one that was withdrawn.
        """
        new = None if changed.withdrawn_at else changed
        first = self._before(shown[-1].published, new) if shown else ""
        day = page_name(changed.published, zone=self.zone)
        if (self.folder / day).is_file():
            self._put(front, show, day, new)
        name = first
        while name and not (self.folder / name).is_file():
            name = self._put(front, show, name, new)
        return first

    def tidy(self, front: Batch, show: Show) -> list[str]:
        """Have the oldest pages again, without what is gone; the names of those that nothing is left of."""
        gone: list[str] = []
        kept = 0
        for path in sorted(self.folder.glob(PAGES)):
            if not self._of(path.name, None):
                gone.append(path.name)
                continue
            self._put(front, show, path.name, None)
            kept += 1
            if kept == 2:  # one that lost episodes, and one that led to a page which is gone
                break
        return gone

    def _put(self, front: Batch, show: Show, name: str, new: EpisodeRecord | None) -> str:
        """Have a page; the name of the next older one."""
        span = page_span(name, zone=self.zone)
        older = self._before(span[0], new) if span else ""
        page = replace(show, feed=name, first_page=FEED, next_page=older)
        front.put(name, build_feed(page, self._of(name, new)))
        return older

    def _of(self, name: str, new: EpisodeRecord | None) -> tuple[EpisodeRecord, ...]:
        """The day's episodes that are still to be heard, newest first."""
        span = page_span(name, zone=self.zone)
        if span is None:
            return ()
        found = self.archive.episodes(self.station, since=span[0], until=span[1])
        there = [episode for episode in found if self.is_there(episode)]
        if new and span[0] <= new.published < span[1] and new.guid not in {one.guid for one in there}:
            there = sorted([new, *there], key=lambda episode: episode.published, reverse=True)
        return tuple(there)

    def _before(self, moment: datetime, new: EpisodeRecord | None) -> str:
        """The page of the newest episode before a moment; where several in a row are gone, all older are."""
        found = self.archive.episodes(self.station, until=moment, limit=_IN_A_ROW)
        there = [episode.published for episode in found if self.is_there(episode)][:1]
        if new and new.published < moment:
            there.append(new.published)
        return page_name(max(there), zone=self.zone) if there else ""
