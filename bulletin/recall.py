"""An entry of the kill list -> what is out already and tells of it: taken back, wherever it went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bulletin.archive.archive import Archive
from bulletin.archive.records import EpisodeRecord
from bulletin.errors import BulletinError, OutletError
from bulletin.lock import hold
from bulletin.outlets.outlet import Outlet
from bulletin.station import Station
from bulletin.stories.kill import find_killed, is_named, is_told

_OTHERS_S = 60.0
"""How long a run of the same station may take to publish."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A bulletin that went to an outlet."""

    outlet: str
    guid: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What became of the bulletins that told a story."""

    withdrawn: tuple[Delivery, ...] = ()
    """Newest first."""
    kept: tuple[tuple[Delivery, str], ...] = ()
    """Those that could not be taken back, and why."""
    latest: EpisodeRecord | None = None
    """The newest episode that is left."""


def recall_story(station: Station, entry: str, *, now: datetime) -> Recalled:
    """
    Take back every bulletin that tells a story which `entry` kills, however old.

    All are marked in the archive before anything is written, so that no outlet puts one in the place of
    another. Waits for a run that is publishing; raises LockedError when that takes too long, and
    ArchiveError. An outlet that fails does not keep the others from being asked. Asking twice is harmless:
    it finishes what was broken off.
    """
    with hold(station.publish_lock, wait_s=_OTHERS_S):
        told = find_deliveries(station, entry)
        fresh = [one for one in told if not _is_withdrawn(station.archive, station.words.id, one)]
        for delivery in told:
            station.archive.withdraw_episode(station.words.id, delivery.guid, at=now)
        kept = tuple(_withdraw(station.outlets, told))
        failed = {delivery for delivery, _ in kept}
        left = station.archive.episodes(station.words.id)
    return Recalled(
        withdrawn=tuple(delivery for delivery in fresh if delivery not in failed),
        kept=kept,
        latest=next((episode for episode in left if (station.folder / episode.audio).is_file()), None),
    )


def find_deliveries(station: Station, entry: str) -> tuple[Delivery, ...]:
    """Where the bulletins went that tell a story which `entry` kills, newest first, withdrawn or not."""
    archive, name = station.archive, station.words.id
    aired = {memory.story_id: memory for memory in archive.aired(name, since=_EVER).values()}
    articles = [article for feed in station.feeds for article in archive.articles_of(feed.url)]
    articles += archive.own_stories(name, _EVER)
    killed = find_killed(entry, aired=aired.values(), articles=articles)
    found: list[Delivery] = []
    known: set[str] = set()
    for record in archive.bulletins(name):
        deliveries = [
            Delivery(outlet=to["outlet"], guid=to["guid"], title=record.title) for to in record.went_to
        ]
        known |= {delivery.guid for delivery in deliveries}
        if is_told(entry, record.running_order, story_ids=killed):
            found += deliveries
    # A run that died between publishing and remembering left an episode of which only the notes are known.
    found += [
        Delivery(outlet="podcast", guid=episode.guid, title=episode.title)
        for episode in archive.episodes(name)
        if episode.guid not in known and is_named(entry, episode.description)
    ]
    return tuple(dict.fromkeys(found))


def _is_withdrawn(archive: Archive, station: str, delivery: Delivery) -> bool:
    episode = archive.find_episode(station, delivery.guid)
    return episode is not None and episode.withdrawn_at is not None


def _withdraw(outlets: Iterable[Outlet], told: Iterable[Delivery]) -> Iterable[tuple[Delivery, str]]:
    """Ask each outlet; what it could not take back, and why."""
    by_name = {outlet.name: outlet for outlet in outlets}
    for delivery in told:
        outlet = by_name.get(delivery.outlet)
        if outlet is None:
            yield delivery, f"the station has no outlet {delivery.outlet} any more"
            continue
        try:
            outlet.withdraw(delivery.guid)
        except BulletinError as error:
            yield delivery, str(error)


def why_not_all(recalled: Recalled) -> OutletError | None:
    """The error to end with, where something is still out."""
    if not recalled.kept:
        return None
    return OutletError(f"{len(recalled.kept)} could not be taken back; run the same command again")
