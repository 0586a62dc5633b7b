"""Killed or withdrawn story -> the published bulletins that contain it, withdrawn or corrected."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.search_aired_stories import KnownStory
from bulletin.archive.record_dataclasses import BulletinRecord, EpisodeRecord, Kill
from bulletin.errors import BulletinError, OutletError
from bulletin.model import Bulletin, Feed
from bulletin.pipeline.changes.make_corrected_bulletin import make_correction
from bulletin.pipeline.changes.unpublish_bulletins import (
    PublishedBulletins,
    WithdrawnDelivery,
    corrected_before,
    published_by,
)
from bulletin.pipeline.publish_and_record_bulletin import EVER, known_articles
from bulletin.publishing.move_standby_files_on_air import discard_stand_bys
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.station.build_station_object import Station
from bulletin.station.sign_bulletin_mp3s import SIGNED
from bulletin.stories.apply_kill_list import find_killed, has_killed_story, is_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """Result of withdrawing every bulletin with a killed story."""

    withdrawn: tuple[WithdrawnDelivery, ...] = ()
    """Newest first."""
    kept: tuple[tuple[WithdrawnDelivery, str], ...] = ()
    """Failed withdrawals, with the reason."""
    latest: EpisodeRecord | None = None
    """The newest remaining episode."""


def recall_story(station: Station, entry: str, *, now: datetime) -> Recalled:
    """
    Withdraw every bulletin with a story that matches the kill list entry, however old.

    All are marked in the archive before any file is written, so that no outlet replaces one by another. Waits for a
    run that is publishing; raises LockedError when that takes too long, and ArchiveError. A failure of one outlet
    does not stop the others. Idempotent: a second call finishes an interrupted one.
    """
    archive, name, published = station.archive, station.words.id, published_by(station)
    with station.publishing():
        discard_stand_bys(station.state, name)  # the service prepares new ones within a minute
        records = find_bulletins_with(entry, archive=archive, station=name, feeds=station.feeds)
        deliveries = _find_deliveries(entry, published, records=records)
        gone = {to["guid"] for record in records for to in record.went_to if "withdrawn" in to}
        new = [one for one in deliveries if one.guid not in gone and not archive.is_withdrawn(name, one.guid)]
        for delivery in deliveries:
            archive.withdraw_episode(name, delivery.guid, at=now)
        archive.recall_bulletins(name, [record.id for record in records], at=now)
        station.sender.take_back(delivery.guid for delivery in deliveries)
        kept = tuple(published.withdraw(deliveries))
        station.sender.note()
        failed = {delivery for delivery, _ in kept}
        episodes = archive.episodes(name, by_hour=True)
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

    First one transaction puts the story on the kill list under all its ids and marks its bulletins. From then
    on no bulletin, stand-by or feed contains it. Then each bulletin is remade without the story and replaced,
    or withdrawn where it cannot be remade. The publish lock is held only while files are replaced.
    Idempotent: a second call finishes an interrupted one. Raises LockedError and ArchiveError.
    """
    journal, name, published = RunJournal(station.archive), station.words.id, published_by(station)
    with station.publishing():
        records = journal.tellings(name, story.ids)
        all_records = station.archive.bulletins(name)
        strays = published.find_unrecorded(
            lambda episode: is_named(story.title, unescape(episode.description)), records=all_records
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
    done, by_id = journal.corrections(name), {record.id: record for record in records}
    results = []
    for record in reversed(records):
        out = () if record.id in done else published.still_out((record, *corrected_before(record, by_id)))
        if out:
            signed = station.state / SIGNED / name / str(record.id)
            with scratch_folder(station.state) as folder:
                remake = partial(
                    make_correction, station, record, without=story.ids, folder=folder, signed=signed
                )
                results.append(_correct(record, out, published=published, remake=remake, signed=signed))
    return (*results, *_withdraw_strays(strays, published=published, now=now))


def withdraw_bulletin(station: Station, number: int, *, now: datetime) -> Corrected:
    """
    Withdraw one bulletin from every outlet, with the versions that it corrected; its stories may air again.

    Idempotent, as `withdraw_story`. Raises OutletError for an unknown number, LockedError and ArchiveError.
    """
    archive, name, published = station.archive, station.words.id, published_by(station)
    by_id = {record.id: record for record in archive.bulletins(name)}
    later = {record.corrects_id: record for record in by_id.values() if record.corrects_id is not None}
    record = by_id.get(number)
    if record is None:
        raise OutletError(f"{name} has no bulletin {number}; `bulletin log --json` lists their ids")
    while record.id in later:
        record = later[record.id]
    versions = (record, *corrected_before(record, by_id))
    with station.publishing():
        RunJournal(archive).withdraw(
            name,
            bulletins=[version.id for version in versions],
            guids=[to["guid"] for version in versions for to in version.went_to],
            kills=(),
            at=now,
        )
        discard_stand_bys(station.state, name)
    out = published.still_out(versions)
    with published.changing(guid for _, guid in out):
        _, failed = published.replace(out, None)
    return Corrected(
        title=record.title,
        at=record.at,
        outlets=tuple(dict.fromkeys(outlet for outlet, _ in out)),
        is_made_again=False,
        problem="; ".join(failed),
        is_out=bool(failed),
    )


def _correct(
    record: BulletinRecord,
    out: Collection[tuple[str, str]],
    *,
    published: PublishedBulletins,
    remake: Callable[..., Bulletin],
    signed: Path,
) -> Corrected:
    """Replace a bulletin at the outlets where it is `out`, or withdraw it; record the correction when all succeeded."""
    problem, bulletin = "", None
    try:
        bulletin = remake(kinds={name for name, _ in out if name in published.outlets})
    except BulletinError as error:
        problem = str(error)
    with published.changing(guid for _, guid in out):
        episodes, failed = published.replace(out, bulletin)
        if bulletin is not None and not failed:
            # corrections sort right after the bulletins that they replace
            after, of = record.made_at + timedelta(milliseconds=1), record.id
            published.archive.record_bulletin(
                published.station, bulletin, episodes, made_at=after, timings={}, corrects_id=of
            )
            shutil.rmtree(signed, ignore_errors=True)  # the correction is complete
    return Corrected(
        title=record.title,
        at=record.at,
        outlets=tuple(dict.fromkeys(name for name, _ in out)),
        is_made_again=bulletin is not None,
        problem="; ".join(filter(None, (problem, *failed))),
        is_out=bool(failed),
    )


def _withdraw_strays(
    strays: Sequence[WithdrawnDelivery], *, published: PublishedBulletins, now: datetime
) -> Iterator[Corrected]:
    """Withdraw the deliveries that no run recorded; none is remade, because their words are not known."""
    with published.changing(delivery.guid for delivery in strays):
        failed = dict(published.withdraw(strays))
    for delivery in strays:
        yield Corrected(
            title=delivery.title,
            at=now,
            outlets=(delivery.outlet,),
            is_made_again=False,
            problem=failed.get(delivery, ""),
            is_out=delivery in failed,
        )


def find_bulletins_with(
    entry: str, *, archive: Archive, station: str, feeds: Iterable[Feed]
) -> tuple[BulletinRecord, ...]:
    """Recorded bulletins with a story that matches the kill list entry, withdrawn or not, as `archive.bulletins`."""
    aired = {memory.story_id: memory for memory in archive.aired(station, since=EVER).values()}
    articles = known_articles(archive, station, feeds)
    killed = find_killed(entry, aired=aired.values(), articles=articles)
    return tuple(
        record
        for record in archive.bulletins(station)
        if has_killed_story(entry, record.running_order, story_ids=killed)
    )


def _find_deliveries(
    entry: str, published: PublishedBulletins, *, records: Iterable[BulletinRecord]
) -> tuple[WithdrawnDelivery, ...]:
    """All deliveries of `records`, and of unrecorded bulletins that match the kill list entry, withdrawn or not."""
    recorded = (
        WithdrawnDelivery(outlet=to["outlet"], guid=to["guid"], title=record.title)
        for record in records
        for to in record.went_to
    )
    others = published.find_unrecorded(
        lambda episode: is_named(entry, episode.description),
        records=published.archive.bulletins(published.station),
    )
    return tuple(dict.fromkeys((*recorded, *others)))


def why_not_all(recalled: Recalled) -> OutletError | None:
    """The error that the command ends with when deliveries could not be withdrawn."""
    if not recalled.kept:
        return None
    return OutletError(f"{len(recalled.kept)} could not be withdrawn; run the same command again")
