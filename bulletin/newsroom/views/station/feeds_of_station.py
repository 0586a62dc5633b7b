"""Feeds of a station: state, last items, health over a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.feed_health import CELL_H, FeedAnswer, FeedHealth, FeedItem, HealthCell
from bulletin.config.load_profile import LoadedProfile
from bulletin.runtime.redact_secrets import hide
from bulletin.station.build_components_from_profile import feeds_of

ITEMS = 5
"""Entries shown of each feed."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class StripCell:
    """One cell of the strip."""

    begins: datetime
    """On the station's clock."""
    state: str
    """ "good", "partly", "failed" or "none"."""
    good: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """A feed as the station's page shows it."""

    name: str
    url: str
    """Without secrets."""
    credit: str
    category: str
    in_profile: bool
    """Has its own [[feeds]] table; others come from the OPML file."""
    answer: FeedAnswer | None
    items: tuple[FeedItem, ...]
    strip: tuple[StripCell, ...]

    @property
    def good(self) -> int:
        return sum(cell.good for cell in self.strip)

    @property
    def failed(self) -> int:
        return sum(cell.failed for cell in self.strip)


def read_feeds(loaded: LoadedProfile, archive: Archive, *, now: datetime) -> tuple[FeedStatus, ...]:
    """Every feed in the order of the profile. Raises ConfigError, ArchiveError."""
    ledger, zone = FeedHealth(archive), ZoneInfo(loaded.profile.time_zone)
    feeds = feeds_of(loaded)
    begin = _first_cell(now)
    cells = ledger.cells(loaded.id, since=begin)
    answers = ledger.last_answers(loaded.id)
    items = ledger.last_items([feed.url for feed in feeds], limit=ITEMS)
    own = {feed.url for feed in loaded.profile.feeds}
    return tuple(
        FeedStatus(
            name=feed.name,
            url=hide(hide.address(feed.url)),
            credit=feed.credit,
            category=feed.category,
            in_profile=feed.url in own or feed.recording is not None or "://" not in feed.url,
            answer=answers.get(feed.name),
            items=items.get(feed.url, ()),
            strip=_strip(cells.get(feed.name, ()), begin=begin, now=now, zone=zone),
        )
        for feed in feeds
    )


def _first_cell(now: datetime) -> datetime:
    """Beginning of the cell a week before `now`; cells begin at whole multiples of three hours, UTC."""
    hours = int((now.astimezone(UTC) - _WEEK).timestamp()) // 3600 // CELL_H * CELL_H
    return datetime.fromtimestamp(hours * 3600, UTC)


def _strip(
    cells: Sequence[HealthCell], *, begin: datetime, now: datetime, zone: ZoneInfo
) -> tuple[StripCell, ...]:
    known = {cell.begins: cell for cell in cells}
    strip: list[StripCell] = []
    at = begin
    while at <= now:
        cell = known.get(at)
        good, failed = (cell.good, cell.failed) if cell else (0, 0)
        state = "none" if not cell else "good" if not failed else "partly" if good else "failed"
        strip.append(StripCell(begins=at.astimezone(zone), state=state, good=good, failed=failed))
        at += timedelta(hours=CELL_H)
    return tuple(strip)
