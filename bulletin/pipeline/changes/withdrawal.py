"""A story that must not be heard any more -> what is out already and tells it: taken back, or made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.run_journal import RunJournal
from bulletin.archive.ledgers.story_lookup import KnownStory
from bulletin.archive.records import BulletinRecord, EpisodeRecord, Kill
from bulletin.errors import BulletinError, OutletError
from bulletin.model import Bulletin, Episode
from bulletin.pipeline.changes.correction import forget_signed, make_correction
from bulletin.publishing.outlet_port import Outlet
from bulletin.publishing.publish import put_fronts_in_place
from bulletin.publishing.swap_standby import discard_stand_bys
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.runtime.interrupts import finish_first
from bulletin.station.station import Station
from bulletin.stories.apply_kill_list import find_killed, is_named, is_told

_PODCAST, _PAGE = "podcast", "page"
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnDelivery:
    """A bulletin that went to an outlet."""

    outlet: str
    guid: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What became of the bulletins that told a story."""

    withdrawn: tuple[WithdrawnDelivery, ...] = ()
    """Newest first."""
    kept: tuple[tuple[WithdrawnDelivery, str], ...] = ()
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
    with station.publishing():
        discard_stand_bys(station.state, station.words.id)  # a service prepares another one within a minute
        told = find_deliveries(station, entry)
        fresh = [one for one in told if not _is_withdrawn(station.archive, station.words.id, one)]
        for delivery in told:
            station.archive.withdraw_episode(station.words.id, delivery.guid, at=now)
        station.sender.take_back(delivery.guid for delivery in told)
        kept = tuple(_withdraw(station.outlets, told))
        station.sender.note()
        failed = {delivery for delivery, _ in kept}
        left = station.archive.episodes(station.words.id, by_hour=True)
    return Recalled(
        withdrawn=tuple(delivery for delivery in fresh if delivery not in failed),
        kept=kept,
        latest=next((episode for episode in left if (station.folder / episode.audio).is_file()), None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What became of one bulletin that told a story which was withdrawn."""

    title: str
    at: datetime
    """Its hour."""
    outlets: tuple[str, ...]
    is_made_again: bool
    """False: nothing took its place."""
    problem: str = ""
    """Why it could not be made again, or where it is still out."""
    is_out: bool = False
    """Some outlet still has it: the same command again finishes the work."""


def withdraw_story(station: Station, story: KnownStory, *, now: datetime) -> tuple[Corrected, ...]:
    """
    Take one story off the air for good, newest bulletin first; say what became of each that was still out.

    First, in one transaction, the story goes on the kill list under all its ids, and what told it is marked:
    from then on no bulletin, stand-by or feed that is made takes it up again, whatever happens. Then each
    bulletin is made again without the story and put in the place of the old one; where that cannot be, it is
    taken back. The station's lock is held only for the moments in which something goes out. Asking again
    finishes what was broken off, and changes nothing else. Raises LockedError and ArchiveError.
    """
    journal, name = RunJournal(station.archive), station.words.id
    with station.publishing():
        told = journal.tellings(name, story.ids)
        strays = _strays(station, story)
        journal.withdraw(
            name,
            bulletins=[record.id for record in told],
            guids=[to["guid"] for record in told for to in record.went_to] + [one.guid for one in strays],
            kills=[Kill(entry=entry, added_at=now, note=story.title) for entry in sorted(story.ids)],
            at=now,
        )
        discard_stand_bys(station.state, name)
    done = journal.corrections(name)
    before = {record.id: record for record in told}
    found = [
        _correct(station, record, story, older=_ancestors(record, before))
        for record in reversed(told)
        if record.id not in done
    ]
    with station.publishing():
        station.sender.take_back(delivery.guid for delivery in strays)
        failed = dict(_withdraw(station.outlets, strays))
        station.sender.note()
    found += [
        Corrected(
            title=one.title,
            at=now,
            outlets=(one.outlet,),
            is_made_again=False,
            problem=failed.get(one, ""),
            is_out=one in failed,
        )
        for one in strays
    ]
    return tuple(one for one in found if one is not None)


def _ancestors(record: BulletinRecord, told: Mapping[int, BulletinRecord]) -> tuple[BulletinRecord, ...]:
    """Those that a correction stands for: their addresses have its sound, and told this story too."""
    older: list[BulletinRecord] = []
    while record.corrects_id is not None and record.corrects_id in told:
        record = told[record.corrects_id]
        older.append(record)
    return tuple(older)


def _correct(
    station: Station, record: BulletinRecord, story: KnownStory, *, older: Sequence[BulletinRecord]
) -> Corrected | None:
    """Put a bulletin without the story in the place of one; None when nobody can get at that any more."""
    places = {outlet.name: outlet for outlet in station.outlets}
    went = [(to["outlet"], to["guid"]) for one in (record, *older) for to in one.went_to]
    out = [(name, guid) for name, guid in went if name not in places or places[name].has(guid)]
    if not out:
        return None
    able = {name for name, _ in out if name in places}
    problem, bulletin = "", None
    with scratch_folder(station.state) as folder:
        try:
            if not able & set(station.profile.outputs.make):
                raise OutletError("its sound is kept no more")
            bulletin = make_correction(station, record, without=story.ids, kinds=able, folder=folder)
        except BulletinError as error:
            problem = str(error)
        with station.publishing(), finish_first("the story was being withdrawn"):
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
    """The new one to each outlet that takes it, nothing to the others; what failed. Remembered when all is done."""
    places = {outlet.name: outlet for outlet in station.outlets}
    episodes: dict[str, Episode] = {}
    failed: list[str] = []
    for name, guid in out:
        outlet = places.get(name)
        try:
            if outlet is None:
                raise OutletError(f"the station has no outlet {name} any more")
            if bulletin is not None:
                episodes[name] = outlet.correct(guid, bulletin)  # in the archive only where it took its place
            else:
                outlet.withdraw(guid)
        except BulletinError as error:
            failed.append(f"{name}: {error}")
    touched = dict.fromkeys(name for name, _ in out if name in places)
    unshown = put_fronts_in_place(places[name] for name in touched)
    failed += [f"{name}: {error}" for name, error in unshown.items()]
    if bulletin is not None and episodes and not failed:
        after = record.made_at + timedelta(milliseconds=1)  # in the order of what they stand for
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


def _strays(station: Station, story: KnownStory) -> tuple[WithdrawnDelivery, ...]:
    """Episodes of runs that died before they were remembered; only their notes tell of the story."""
    name = station.words.id
    episodes = station.archive.episodes(name)
    known = {to["guid"] for record in station.archive.bulletins(name) for to in record.went_to}
    return tuple(
        delivery
        for episode in episodes
        if episode.guid not in known and is_named(story.title, unescape(episode.description))
        for delivery in _places_of(station, episode)
    )


def _places_of(station: Station, episode: EpisodeRecord) -> tuple[WithdrawnDelivery, ...]:
    """Where an episode may be that no run remembered: in the feed, and on its page, which goes by the same sound."""
    name = station.words.id
    podcast = WithdrawnDelivery(outlet=_PODCAST, guid=episode.guid, title=episode.title)
    if not any(outlet.name == _PAGE for outlet in station.outlets):
        return (podcast,)
    return (podcast, replace(podcast, outlet=_PAGE, guid=f"{name}-{_PAGE}{episode.guid.removeprefix(name)}"))


def find_deliveries(station: Station, entry: str) -> tuple[WithdrawnDelivery, ...]:
    """Where the bulletins went that tell a story which `entry` kills, newest first, withdrawn or not."""
    archive, name = station.archive, station.words.id
    aired = {memory.story_id: memory for memory in archive.aired(name, since=_EVER).values()}
    articles = [article for feed in station.feeds for article in archive.articles_of(feed.url)]
    articles += archive.own_stories(name, _EVER)
    killed = find_killed(entry, aired=aired.values(), articles=articles)
    found: list[WithdrawnDelivery] = []
    known: set[str] = set()
    for record in archive.bulletins(name):
        deliveries = [
            WithdrawnDelivery(outlet=to["outlet"], guid=to["guid"], title=record.title)
            for to in record.went_to
        ]
        known |= {delivery.guid for delivery in deliveries}
        if is_told(entry, record.running_order, story_ids=killed):
            found += deliveries
    # A run that died between publishing and remembering left an episode of which only the notes are known.
    found += [
        delivery
        for episode in archive.episodes(name)
        if episode.guid not in known and is_named(entry, episode.description)
        for delivery in _places_of(station, episode)
    ]
    return tuple(dict.fromkeys(found))


def _is_withdrawn(archive: Archive, station: str, delivery: WithdrawnDelivery) -> bool:
    episode = archive.find_episode(station, delivery.guid)
    return episode is not None and episode.withdrawn_at is not None


def _withdraw(
    outlets: Iterable[Outlet], told: Iterable[WithdrawnDelivery]
) -> Iterable[tuple[WithdrawnDelivery, str]]:
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
