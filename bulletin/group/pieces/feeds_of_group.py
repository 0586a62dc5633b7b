"""Feeds of a group's stations: a feed of many stations is one piece of work, named without its secrets."""

from __future__ import annotations

import hashlib
import logging
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bulletin.archive.ledgers.group.pieces_of_work import (
    ClaimedPiece,
    MorePieces,
    Need,
    Piece,
    PieceState,
    host_key,
)
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.articles.feeds_for_all import PageToRead
from bulletin.articles.fetching.ssrf_guard import publisher_of, read_url
from bulletin.config.load_profile import LoadedProfile
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import BulletinError, FetchError
from bulletin.model import Feed
from bulletin.station import build_components_from_profile as components

log = logging.getLogger(__name__)

_TOGETHER = timedelta(minutes=10)
"""Slots due within the same ten minutes share a reading of their feeds."""


UNANSWERED = "unanswered"
"""Result of a feed's piece that failed, but may be read in a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFeed:
    """A feed that a station has, with that station's options for fetching."""

    feed: Feed
    options: FetchOptions
    id: str
    """Host and checksum: an address may hold a token."""

    def reading(
        self, key: str, *, due: datetime, deadline: datetime, pause: timedelta = timedelta()
    ) -> Piece:
        """The piece that reads it, while no other piece asks its host."""
        return Piece(
            kind="feed",
            key=key,
            due=due,
            deadline=deadline,
            pause=pause,
            limit_key=limit_of(self.feed.url),
        )


@dataclass(slots=True)
class GroupFeeds:
    """Feeds of stations by profile and by id, computed once for each profile; safe for several threads."""

    _known: dict[str, tuple[LoadedProfile, tuple[GroupFeed, ...]]] = field(default_factory=dict)
    _index: tuple[tuple[LoadedProfile, ...], Mapping[str, GroupFeed]] = ((), {})
    """Profiles of the last `find`, and their feeds by id."""

    def of(self, loaded: LoadedProfile) -> tuple[GroupFeed, ...]:
        """Feeds of a station that are fetched; a draft reads files itself. None of a station that cannot be built."""
        known = self._known.get(loaded.id)
        if known is None or known[0] is not loaded:
            known = self._known[loaded.id] = loaded, _read(loaded)
        return known[1]

    def of_draft(self, loaded: LoadedProfile, desk: LoadedProfile | None) -> tuple[GroupFeed, ...]:
        """
        Feeds that a station's draft waits for.

        Those of the `desk` whose running order it takes, too: the first station that takes it drafts it.
        """
        both = (loaded, desk) if desk else (loaded,)
        return tuple({one.id: one for each in both for one in self.of(each)}.values())

    def find(self, feed_id: str, stations: Mapping[str, LoadedProfile]) -> GroupFeed | None:
        """
        The feed with that id, of any station.

        Pages are fetched where one station of it wants them; a private feed of one is that of all. Another thread may
        change the stations meanwhile.
        """
        profiles = tuple(stations.values())  # in one step, which no other thread interrupts
        known, index = self._index
        if not _are_same(known, profiles):
            index = self._make_index(profiles)
            self._index = profiles, index
        return index.get(feed_id)

    def _make_index(self, profiles: tuple[LoadedProfile, ...]) -> Mapping[str, GroupFeed]:
        index: dict[str, GroupFeed] = {}
        for one in (one for loaded in profiles for one in self.of(loaded)):
            index[one.id] = max(index.get(one.id, one), one, key=_breadth)
        for gone in self._known.keys() - {loaded.id for loaded in profiles}:
            self._known.pop(gone, None)
        return index


def _are_same(some: tuple[LoadedProfile, ...], others: tuple[LoadedProfile, ...]) -> bool:
    return len(some) == len(others) and all(map(operator.is_, some, others))


def _breadth(one: GroupFeed) -> tuple[bool, bool]:
    """The feed that is read for all is that of the station which wants most of it."""
    return one.feed.fetches_pages, one.feed.is_private


def feed_key(feed_id: str, due: datetime) -> str:
    """Key of the piece that reads a feed for the slots of these ten minutes."""
    start = due - timedelta(seconds=due.timestamp() % _TOGETHER.total_seconds())
    return f"{feed_id} {start:%Y%m%dT%H%M}"


def read_again(
    work: WorkLedger,
    feeds: Iterable[GroupFeed],
    *,
    of: ClaimedPiece,
    due: datetime,
    pause: timedelta,
    deadline: datetime,
) -> MorePieces:
    """
    The feeds of a draft without news that were unanswered, to be read once more for it.

    They are new pieces, shared by all drafts at the same try: a draft that has news without them does not wait.
    """
    known = {one.id: one for one in feeds}
    keys = {name: feed_key(name, due) for name in known}
    tried = [_again_key(key, number) for key in keys.values() for number in range(of.attempts)]
    last = {feed_of(row.key): row for row in work.find_all("feed", tried)}
    pieces = tuple(
        known[name].reading(_again_key(keys[name], of.attempts), due=of.due, deadline=deadline, pause=pause)
        for name, row in last.items()
        if row.result == UNANSWERED or row.state is PieceState.FAILED
    )
    return MorePieces(pieces=pieces, needs=tuple(Need(of=of.name, needs=one.name) for one in pieces))


def _again_key(key: str, number: int) -> str:
    """Key of a further reading of a feed."""
    return f"{key} {number}" if number else key


def feed_of(key: str) -> str:
    """Id of the feed of such a key."""
    return key.partition(" ")[0]


def page_key(page: PageToRead, feed_key: str) -> str:
    """Key of the piece that reads an article's page, for the same slots as its feed."""
    return f"{_checksum(page.link)} {feed_key.partition(' ')[2]}"


def limit_of(address: str) -> str:
    """Limit key of the pieces that ask the host of an address; "" for an address that none can ask."""
    try:
        return host_key(publisher_of(read_url(address)))
    except FetchError:
        return ""


def _checksum(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _read(loaded: LoadedProfile) -> tuple[GroupFeed, ...]:
    profile, folder = loaded.profile, loaded.path.parent
    try:
        words = components.build_words(profile, station_id=loaded.id, folder=folder)
        feeds = components.build_feeds(profile.feeds, profile.opml, words=words, folder=folder)
    except BulletinError as error:  # its first piece of work reports it
        log.error("feeds of a station not known: station=%s: %s", loaded.id, error)
        return ()
    fetched = (feed for feed in feeds if "://" in feed.url and not feed.recording)
    return tuple(GroupFeed(feed=feed, options=profile.fetch, id=_feed_id(feed)) for feed in fetched)


def _feed_id(feed: Feed) -> str:
    return f"{urlsplit(feed.url).hostname}-{_checksum(feed.url)}"
