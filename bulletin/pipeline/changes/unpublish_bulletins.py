"""Published bulletins of a station, and the outlets, archive and deliveries from which they are taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from bulletin.archive.archive import Archive
from bulletin.archive.record_dataclasses import BulletinRecord, EpisodeRecord
from bulletin.delivery.send_deliveries import Sender
from bulletin.errors import BulletinError, OutletError
from bulletin.model import Bulletin, Episode
from bulletin.publishing.outlet_interface import Outlet
from bulletin.publishing.publish_bulletin import put_fronts_in_place
from bulletin.runtime.delay_interrupts import delay_interrupts
from bulletin.station.build_station_object import Station

_PODCAST, _PAGE = "podcast", "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnDelivery:
    """A bulletin at one outlet."""

    outlet: str
    guid: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedBulletins:
    """Published bulletins of a station, and the parts that a change of them needs."""

    station: str
    archive: Archive
    outlets: Mapping[str, Outlet]
    """Outlets by name."""
    sender: Sender
    publishing: Callable[[], AbstractContextManager[None]]
    """Holds the publish lock."""

    @contextmanager
    def changing(self, guids: Iterable[str]) -> Iterator[None]:
        """Hold the publish lock; take the deliveries of these bulletins back before, and note new ones after."""
        with self.publishing(), delay_interrupts("the story was being withdrawn"):
            self.sender.take_back(guids)
            yield
            self.sender.note()

    def still_out(self, versions: Iterable[BulletinRecord]) -> tuple[tuple[str, str], ...]:
        """Outlet and guid of each version of a bulletin that may still be fetched, a removed outlet's too."""
        outlets = self.outlets
        delivered = [(to["outlet"], to["guid"]) for version in versions for to in version.went_to]
        return tuple((name, id_) for name, id_ in delivered if name not in outlets or outlets[name].has(id_))

    def find_unrecorded(
        self, matches: Callable[[EpisodeRecord], bool], *, records: Iterable[BulletinRecord]
    ) -> list[WithdrawnDelivery]:
        """
        Episodes of runs that were killed between publishing and recording; only their show notes name the stories.

        `records` are all recorded bulletins. An unrecorded episode may also have a page, named by the same sound.
        """
        unrecorded: list[WithdrawnDelivery] = []
        known = {to["guid"] for record in records for to in record.went_to}
        for episode in self.archive.episodes(self.station):
            if episode.guid not in known and matches(episode):
                unrecorded.append(WithdrawnDelivery(outlet=_PODCAST, guid=episode.guid, title=episode.title))
                if _PAGE in self.outlets:
                    guid = f"{self.station}-{_PAGE}{episode.guid.removeprefix(self.station)}"
                    unrecorded.append(WithdrawnDelivery(outlet=_PAGE, guid=guid, title=episode.title))
        return unrecorded

    def withdraw(self, deliveries: Iterable[WithdrawnDelivery]) -> Iterator[tuple[WithdrawnDelivery, str]]:
        """Withdraw each delivery; yields each failed one with the reason."""
        for delivery in deliveries:
            try:
                self._find_outlet(delivery.outlet).withdraw(delivery.guid)
            except BulletinError as error:
                yield delivery, str(error)

    def replace(
        self, out: Collection[tuple[str, str]], bulletin: Bulletin | None
    ) -> tuple[tuple[Episode, ...], list[str]]:
        """Replace a bulletin by another at each outlet, or withdraw it; the new episodes, and the failures."""
        episodes: dict[str, Episode] = {}
        failed: list[str] = []
        for name, guid in out:
            try:
                outlet = self._find_outlet(name)
                if bulletin is not None:
                    episodes[name] = outlet.correct(guid, bulletin)
                else:
                    outlet.withdraw(guid)
            except BulletinError as error:
                failed.append(f"{name}: {error}")
        changed = dict.fromkeys(name for name, _ in out if name in self.outlets)
        not_shown = put_fronts_in_place(self.outlets[name] for name in changed)
        failed += [f"{name}: {error}" for name, error in not_shown.items()]
        return tuple(episodes.values()), failed

    def _find_outlet(self, name: str) -> Outlet:
        if name not in self.outlets:
            raise OutletError(f'output "{name}" is not in [outputs] make now; add it, or delete its files')
        return self.outlets[name]


def published_by(station: Station) -> PublishedBulletins:
    """The published bulletins of a station."""
    return PublishedBulletins(
        station=station.words.id,
        archive=station.archive,
        outlets={outlet.name: outlet for outlet in station.outlets},
        sender=station.sender,
        publishing=station.publishing,
    )


def corrected_before(
    record: BulletinRecord, by_id: Mapping[int, BulletinRecord]
) -> tuple[BulletinRecord, ...]:
    """The bulletins that a correction replaced: their addresses answer with its sound."""
    older: list[BulletinRecord] = []
    while record.corrects_id is not None and record.corrects_id in by_id:
        record = by_id[record.corrects_id]
        older.append(record)
    return tuple(older)
