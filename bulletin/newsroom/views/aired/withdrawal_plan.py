"""Story of the log -> what its withdrawal will do, said before anybody confirms it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.find_story_by_id import find_story_by_id
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Role
from bulletin.pipeline.changes.withdraw_story import find_bulletins_with
from bulletin.station.build_components_from_profile import feeds_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBulletin:
    """A bulletin with the story, and what happens to it."""

    id: int
    at: datetime
    """On the station's clock."""
    title: str
    outlets: tuple[str, ...]
    """Where it can still be fetched."""
    effect: str
    """ "remade", "withdrawn" or "unchanged"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalPlan:
    """What happens when a story is withdrawn."""

    story_id: str
    title: str
    bulletins: tuple[PlannedBulletin, ...]
    """Newest first."""
    destinations: tuple[str, ...]
    """Names of deliveries that get the corrections."""
    is_killed: bool
    """The story is on the kill list already."""

    @property
    def remade(self) -> int:
        return sum(bulletin.effect == "remade" for bulletin in self.bulletins)

    @property
    def withdrawn(self) -> int:
        return sum(bulletin.effect == "withdrawn" for bulletin in self.bulletins)


def plan_withdrawal(
    loaded: LoadedProfile, archive: Archive, story_id: str, *, output: Path
) -> WithdrawalPlan | None:
    """None for a story that the archive does not know. Raises ArchiveError."""
    story = find_story_by_id(archive, loaded.id, story_id)
    if story is None:
        return None
    journal, zone = RunJournal(archive), ZoneInfo(loaded.profile.time_zone)
    is_published = _published_names(loaded, archive, output)
    records = journal.tellings(loaded.id, story.ids)
    corrected = journal.corrections(loaded.id)
    newest = journal.newest_id(loaded.id)
    bulletins = []
    for record in reversed(records):
        out = () if record.id in corrected else _outlets(record, archive, is_published, newest=newest)
        outlets = tuple(out)
        others = {p.story_id for p in record.running_order if p.role is Role.STORY} - story.ids
        bulletins.append(
            PlannedBulletin(
                id=record.id,
                at=record.at.astimezone(zone),
                title=record.title,
                outlets=outlets,
                effect="unchanged" if not outlets else "remade" if others else "withdrawn",
            )
        )
    killed = {kill.entry for kill in archive.kills(loaded.id)}
    return WithdrawalPlan(
        story_id=story_id,
        title=story.title,
        bulletins=tuple(bulletins),
        destinations=tuple(options.title for options in loaded.profile.deliveries),
        is_killed=story.ids <= killed,
    )


def plan_block(
    loaded: LoadedProfile, archive: Archive, entry: str, *, output: Path
) -> tuple[PlannedBulletin, ...]:
    """
    The bulletins that are withdrawn when an entry of the kill list takes its stories off the air, newest first.

    Reads the whole archive. Raises ArchiveError.
    """
    journal, zone = RunJournal(archive), ZoneInfo(loaded.profile.time_zone)
    is_published = _published_names(loaded, archive, output)
    corrected, newest = journal.corrections(loaded.id), journal.newest_id(loaded.id)
    records = find_bulletins_with(entry, archive=archive, station=loaded.id, feeds=feeds_of(loaded))
    planned = (
        PlannedBulletin(
            id=record.id,
            at=record.at.astimezone(zone),
            title=record.title,
            outlets=tuple(_outlets(record, archive, is_published, newest=newest)),
            effect="withdrawn",
        )
        for record in sorted(records, key=lambda record: (record.at, record.made_at), reverse=True)
        if record.id not in corrected
    )
    return tuple(item for item in planned if item.outlets)


def _published_names(loaded: LoadedProfile, archive: Archive, output: Path) -> Callable[[str], bool]:
    """
    Whether listeners can fetch a file of that name.

    In a group the archive has the names: the folder of this machine may be empty, or older.
    """
    if loaded.profile.group.is_on and (names := PublishedFiles(archive).of_station(loaded.id)):
        return names.__contains__
    folder = output / loaded.id
    return lambda name: (folder / name).is_file()


def _outlets(
    record: BulletinRecord, archive: Archive, is_published: Callable[[str], bool], *, newest: int | None
) -> Iterator[str]:
    """Outlets where the bulletin can still be fetched, as far as files and archive tell."""
    for delivery in record.went_to:
        outlet, guid = delivery["outlet"], delivery["guid"]
        if outlet == "podcast":
            episode = archive.find_episode(record.station, guid)
            if episode is not None and is_published(episode.audio):
                yield outlet
        elif outlet == "page":
            podcast = next((to["guid"] for to in record.went_to if to["outlet"] == "podcast"), "")
            episode = archive.find_episode(record.station, podcast)
            if episode is not None and is_published(episode.audio):
                yield outlet
        elif outlet == "stories" or record.id == newest:
            yield outlet
