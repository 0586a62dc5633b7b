"""Killed or withdrawn story -> the published bulletins that contain it, withdrawn or corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape

from bulletin.archive.archive import Archive
from bulletin.archive.archive_records import BulletinRecord, EpisodeRecord, Kill
from bulletin.archive.ledgers.find_stories import KnownStory
from bulletin.archive.ledgers.run_journal import RunJournal
from bulletin.errors import BulletinError, OutletError
from bulletin.model import Bulletin, Episode
from bulletin.pipeline.changes.correction import forget_signed, make_correction
from bulletin.pipeline.release_bulletin import EVER, known_articles
from bulletin.publishing.outlet_interface import Outlet
from bulletin.publishing.publish_bulletin import put_fronts_in_place
from bulletin.publishing.swap_standby import discard_stand_bys
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.runtime.interrupts import delay_interrupts
from bulletin.station.station import Station
from bulletin.stories.apply_kill_list import find_killed, is_named, is_told

_PODCAST, _PAGE = "podcast", "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnDelivery:
    """A bulletin at one outlet."""

    outlet: str
    guid: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """Result of withdrawing every bulletin with a killed story."""

    withdrawn: tuple[WithdrawnDelivery, ...] = ()
    """Newest first."""
    kept: tuple[tuple[WithdrawnDelivery, str], ...] = ()
    """Those that could not be withdrawn, and why."""
    latest: EpisodeRecord | None = None
    """The newest remaining episode."""


def recall_story(station: Station, entry: str, *, now: datetime) -> Recalled:
    """
    Withdraw every bulletin with a story that matches the kill list entry, however old.

    All are marked in the archive before any file is written, so that no outlet replaces one by another. Waits for a
    run that is publishing; raises LockedError when that takes too long, and ArchiveError. A failure of one outlet
    does not stop the others. Idempotent: a second call finishes an interrupted one.
    """
    with station.publishing():
        discard_stand_bys(station.state, station.words.id)  # the service prepares new ones within a minute
        deliveries = find_deliveries(station, entry)
        new = [
            delivery
            for delivery in deliveries
            if not _is_withdrawn(station.archive, station.words.id, delivery)
        ]
        for delivery in deliveries:
            station.archive.withdraw_episode(station.words.id, delivery.guid, at=now)
        station.sender.take_back(delivery.guid for delivery in deliveries)
        kept = tuple(_withdraw(station, deliveries))
        station.sender.note()
        failed = {delivery for delivery, _ in kept}
        episodes = station.archive.episodes(station.words.id, by_hour=True)
    return Recalled(
        withdrawn=tuple(delivery for delivery in new if delivery not in failed),
        kept=kept,
        latest=next((episode for episode in episodes if (station.folder / episode.audio).is_file()), None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Result for one bulletin with a withdrawn story."""

    title: str
    at: datetime
    """Its hour."""
    outlets: tuple[str, ...]
    is_made_again: bool
    """False: it was withdrawn without a replacement."""
    problem: str = ""
    """Why it could not be remade, or which outlet failed."""
    is_out: bool = False
    """An outlet still has it; a second call finishes the work."""


def withdraw_story(station: Station, story: KnownStory, *, now: datetime) -> tuple[Corrected, ...]:
    """
    Remove one story from every published bulletin, newest first, and block it; report on each bulletin still out.

    First one transaction puts the story on the kill list under all its ids and marks its bulletins: from then on no
    bulletin, stand-by or feed contains it. Then each bulletin is remade without the story and replaced, or withdrawn
    where it cannot be remade. The publish lock is held only while files are replaced. Idempotent: a second call
    finishes an interrupted one. Raises LockedError and ArchiveError.
    """
    journal, name = RunJournal(station.archive), station.words.id
    with station.publishing():
        records = journal.tellings(name, story.ids)
        all_records = station.archive.bulletins(name)
        strays = tuple(
            _unrecorded_deliveries(
                station, all_records, lambda episode: is_named(story.title, unescape(episode.description))
            )
        )
        journal.withdraw(
            name,
            bulletins=[record.id for record in records],
            guids=[to["guid"] for record in records for to in record.went_to]
            + [stray.guid for stray in strays],
            kills=[Kill(entry=entry, added_at=now, note=story.title) for entry in sorted(story.ids)],
            at=now,
        )
        discard_stand_bys(station.state, name)
    done = journal.corrections(name)
    by_id = {record.id: record for record in records}
    results = [
        _correct(station, record, story, older=_corrected_before(record, by_id))
        for record in reversed(records)
        if record.id not in done
    ]
    with station.publishing():
        station.sender.take_back(delivery.guid for delivery in strays)
        failed = dict(_withdraw(station, strays))
        station.sender.note()
    results += [
        Corrected(
            title=delivery.title,
            at=now,
            outlets=(delivery.outlet,),
            is_made_again=False,
            problem=failed.get(delivery, ""),
            is_out=delivery in failed,
        )
        for delivery in strays
    ]
    return tuple(filter(None, results))


def _corrected_before(
    record: BulletinRecord, by_id: Mapping[int, BulletinRecord]
) -> tuple[BulletinRecord, ...]:
    """The bulletins that a correction replaced: their addresses answer with its sound."""
    older: list[BulletinRecord] = []
    while record.corrects_id is not None and record.corrects_id in by_id:
        record = by_id[record.corrects_id]
        older.append(record)
    return tuple(older)


def _correct(
    station: Station, record: BulletinRecord, story: KnownStory, *, older: Sequence[BulletinRecord]
) -> Corrected | None:
    """Replace a bulletin by one without the story; None when no outlet has it any more."""
    outlets = _outlets(station)
    delivered = [(to["outlet"], to["guid"]) for version in (record, *older) for to in version.went_to]
    out = [(name, guid) for name, guid in delivered if name not in outlets or outlets[name].has(guid)]
    if not out:
        return None
    kinds = {name for name, _ in out if name in outlets}
    problem, bulletin = "", None
    with scratch_folder(station.state) as folder:
        try:
            if not kinds & set(station.profile.outputs.make):
                raise OutletError("its sound has been deleted")
            bulletin = make_correction(station, record, without=story.ids, kinds=kinds, folder=folder)
        except BulletinError as error:
            problem = str(error)
        with station.publishing(), delay_interrupts("the story was being withdrawn"):
            station.sender.take_back(guid for _, guid in out)
            failed = _replace(station, record, out, bulletin)
            station.sender.note()
    return Corrected(
        title=record.title,
        at=record.at,
        outlets=tuple(dict.fromkeys(name for name, _ in out)),
        is_made_again=bulletin is not None,
        problem="; ".join(filter(None, (problem, *failed))),
        is_out=bool(failed),
    )


def _replace(
    station: Station, record: BulletinRecord, out: Sequence[tuple[str, str]], bulletin: Bulletin | None
) -> list[str]:
    """Correct or withdraw the bulletin at each outlet, record the correction when all succeeded; list the failures."""
    outlets = _outlets(station)
    episodes: dict[str, Episode] = {}
    failed: list[str] = []
    for name, guid in out:
        try:
            outlet = _find_outlet(outlets, name)
            if bulletin is not None:
                episodes[name] = outlet.correct(guid, bulletin)
            else:
                outlet.withdraw(guid)
        except BulletinError as error:
            failed.append(f"{name}: {error}")
    changed = dict.fromkeys(name for name, _ in out if name in outlets)
    not_shown = put_fronts_in_place(outlets[name] for name in changed)
    failed += [f"{name}: {error}" for name, error in not_shown.items()]
    if bulletin is not None and episodes and not failed:
        # corrections sort right after the bulletins that they replace
        after = record.made_at + timedelta(milliseconds=1)
        station.archive.record_bulletin(
            station.words.id,
            bulletin,
            tuple(episodes.values()),
            made_at=after,
            timings={},
            corrects_id=record.id,
        )
        forget_signed(station, record)
    return failed


def _unrecorded_deliveries(
    station: Station, records: Iterable[BulletinRecord], matches: Callable[[EpisodeRecord], bool]
) -> Iterator[WithdrawnDelivery]:
    """
    Episodes of runs that were killed between publishing and recording; only their show notes name the stories.

    `records` are all recorded bulletins. An unrecorded episode may also have a page, named by the same sound.
    """
    name = station.words.id
    known = {to["guid"] for record in records for to in record.went_to}
    for episode in station.archive.episodes(name):
        if episode.guid not in known and matches(episode):
            yield WithdrawnDelivery(outlet=_PODCAST, guid=episode.guid, title=episode.title)
            if any(outlet.name == _PAGE for outlet in station.outlets):
                guid = f"{name}-{_PAGE}{episode.guid.removeprefix(name)}"
                yield WithdrawnDelivery(outlet=_PAGE, guid=guid, title=episode.title)


def find_deliveries(station: Station, entry: str) -> tuple[WithdrawnDelivery, ...]:
    """All deliveries of bulletins with a story that matches the kill list entry, newest first, withdrawn or not."""
    archive, name = station.archive, station.words.id
    aired = {memory.story_id: memory for memory in archive.aired(name, since=EVER).values()}
    articles = known_articles(archive, name, station.feeds)
    killed = find_killed(entry, aired=aired.values(), articles=articles)
    records = archive.bulletins(name)
    recorded = (
        WithdrawnDelivery(outlet=to["outlet"], guid=to["guid"], title=record.title)
        for record in records
        if is_told(entry, record.running_order, story_ids=killed)
        for to in record.went_to
    )
    others = _unrecorded_deliveries(station, records, lambda episode: is_named(entry, episode.description))
    return tuple(dict.fromkeys((*recorded, *others)))


def _is_withdrawn(archive: Archive, station: str, delivery: WithdrawnDelivery) -> bool:
    episode = archive.find_episode(station, delivery.guid)
    return episode is not None and episode.withdrawn_at is not None


def _withdraw(
    station: Station, deliveries: Iterable[WithdrawnDelivery]
) -> Iterator[tuple[WithdrawnDelivery, str]]:
    """Withdraw each delivery; yields those that failed, and why."""
    for delivery in deliveries:
        try:
            _find_outlet(_outlets(station), delivery.outlet).withdraw(delivery.guid)
        except BulletinError as error:
            yield delivery, str(error)


def _outlets(station: Station) -> Mapping[str, Outlet]:
    return {outlet.name: outlet for outlet in station.outlets}


def _find_outlet(outlets: Mapping[str, Outlet], name: str) -> Outlet:
    if name not in outlets:
        raise OutletError(f"the station has no outlet {name} any more")
    return outlets[name]


def why_not_all(recalled: Recalled) -> OutletError | None:
    """The error that the command ends with when deliveries could not be withdrawn."""
    if not recalled.kept:
        return None
    return OutletError(f"{len(recalled.kept)} could not be withdrawn; run the same command again")
