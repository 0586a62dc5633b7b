"""Bulletin -> Episodes: published at the outlets and recorded in the archive."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.errors import BulletinError, NoStoryError
from bulletin.model import Article, Bulletin, Episode, Feed, Passage, Rendition
from bulletin.pipeline import describe_stage_results
from bulletin.pipeline.stage_timer import StageTimer
from bulletin.publishing.publish_bulletin import PublishError, publish_bulletin
from bulletin.runtime.delay_interrupts import delay_interrupts
from bulletin.station.build_station_object import Station
from bulletin.station.desk_of_station import feeds_of_desk, load_desk
from bulletin.stories.apply_kill_list import find_killed, has_killed_story

log = logging.getLogger(__name__)

OUT_ALREADY = "the new bulletin was out already"
"""Message of a Ctrl-C during or after publication."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Earlier than any bulletin."""

KillEntries = frozenset[tuple[str, str]]
"""Station whose kill list it is, and entry."""


def release_bulletin(
    station: Station, bulletin: Bulletin, *, now: datetime, timer: StageTimer
) -> tuple[Bulletin, tuple[Episode, ...]]:
    """
    Publish the bulletin under the station's publish lock; return it with the paths of the published files.

    Raises NoStoryError when an editor has killed one of its stories meanwhile, OutletError when an outlet
    failed (episodes of the others are recorded), LockedError when another run takes too long.
    """
    with station.publishing(), delay_interrupts(OUT_ALREADY, is_lasting=True):
        checked = check_kill_lists(station, bulletin)
        try:
            episodes = timer.run(
                "publish",
                lambda: publish_bulletin(bulletin, outlets=station.outlets),
                describe_stage_results.summarize_publication,
            )
        except PublishError as error:
            # the published episodes have aired, and must be recorded as such
            if error.episodes:
                _record(station, bulletin, error.episodes, now=now, timings=timer.seconds, checked=checked)
            raise
        published = _record(station, bulletin, episodes, now=now, timings=timer.seconds, checked=checked)
        return published, episodes


def check_kill_lists(
    station: Station, bulletin: Bulletin, *, checked: KillEntries = frozenset()
) -> KillEntries:
    """
    Raise NoStoryError if a story of the bulletin is by now on a kill list that holds for the station.

    An editor may kill a story while it is being spoken, and `bulletin kill` can withdraw only published bulletins.
    Returns the entries in force; those `checked` before are not searched for again, which in a transaction would be
    too long. The caller holds the publish lock.
    """
    listed = _listed(station)
    if killed := find_killed_passages(station, bulletin.aired, listed - checked):
        entry = next(iter(killed.values()))
        raise NoStoryError(f'a story of this bulletin was killed meanwhile ("{entry}"); make another')
    return listed


def kills_in_force(station: Station) -> KillEntries:
    """Entries of the kill lists of the station and of its desk, and of both profiles. Raises ArchiveError."""
    own = {(station.words.id, entry) for entry in station.profile.stories.kill}
    return _listed(station) | own | {(station.desk, entry) for entry in kills_of_desks_profile(station)}


def kills_of_desks_profile(station: Station) -> tuple[str, ...]:
    """Kill list in the profile of the station's desk, by which the desk has chosen; empty without the profile."""
    if not station.desk:
        return ()
    try:
        loaded = load_desk(station.desk, path=station.path, language=station.profile.language)
    except BulletinError:
        return ()  # `_find_desk_feeds` says so
    return tuple(loaded.profile.stories.kill)


def _listed(station: Station) -> KillEntries:
    return frozenset(
        (name, kill.entry) for name in station.kill_lists for kill in station.archive.kills(name)
    )


def find_killed_passages(
    station: Station, passages: Collection[Passage], entries: KillEntries
) -> dict[Passage, str]:
    """Those passages that tell a killed story, and by which of the `entries`. Raises ArchiveError."""
    if not entries:
        return {}
    feeds = (*station.feeds, *_find_desk_feeds(station))
    killed: dict[Passage, str] = {}
    for name in station.kill_lists:
        own = sorted(entry for whose, entry in entries if whose == name)
        for entry, ids in match_kills(own, passages, archive=station.archive, station=name, feeds=feeds):
            killed |= {p: entry for p in passages if has_killed_story(entry, (p,), story_ids=ids)}
    return killed


def _find_desk_feeds(station: Station) -> tuple[Feed, ...]:
    """Feeds of the desk, whose articles may hold a killed word that is not in the spoken ones; none without its profile."""
    if not station.desk:
        return ()
    try:
        return feeds_of_desk(station.desk, path=station.path, language=station.profile.language)
    except BulletinError as error:
        log.warning(
            "articles of the desk not searched for killed words: station=%s: %s", station.words.id, error
        )
        return ()


def find_kills(
    passages: Iterable[Passage],
    *,
    archive: Archive,
    station: str,
    feeds: Iterable[Feed],
    also: Iterable[str] = (),
) -> tuple[tuple[str, frozenset[str]], ...]:
    """
    Kill list of the station: each entry with the ids of the stories in `passages` that it matches.

    An entry matches by all articles of a story, not only by the sentences read, as in the choice of stories. `also`
    are entries from outside the archive. Raises ArchiveError.
    """
    entries = tuple(dict.fromkeys((*also, *(kill.entry for kill in archive.kills(station)))))
    return match_kills(entries, passages, archive=archive, station=station, feeds=feeds)


def match_kills(
    entries: Collection[str],
    passages: Iterable[Passage],
    *,
    archive: Archive,
    station: str,
    feeds: Iterable[Feed],
) -> tuple[tuple[str, frozenset[str]], ...]:
    """The same for given entries."""
    if not entries:
        return ()
    names: set[str] = set()
    for passage in passages:
        names |= {origin.article_id for sentence in passage.sentences for origin in sentence.origins}
        names |= {passage.story_id} - {""}
    aired = archive.aired_as(station, names)
    names |= {article_id for story in aired for article_id in story.article_ids}
    articles = known_articles(archive, station, feeds)
    near = [article for article in articles if names & {article.id, *article.aliases}]
    return tuple((entry, find_killed(entry, aired=aired, articles=near)) for entry in entries)


def known_articles(archive: Archive, station: str, feeds: Iterable[Feed]) -> list[Article]:
    """All articles that the archive has of these feeds, and the station's own stories."""
    articles = [article for feed in feeds for article in archive.articles_of(feed.url)]
    return [*articles, *archive.own_stories(station, EVER)]


def record_publication(
    station: Station,
    bulletin: Bulletin,
    episodes: Iterable[Episode],
    *,
    made_at: datetime,
    timings: Mapping[str, float],
    checked: KillEntries = frozenset(),
) -> None:
    """
    Record a bulletin whose files are written; in a group files and record become public at once, or not at all.

    `checked` are entries of the kill lists that match none of its stories. Raises NoStoryError where a story was
    killed on another machine meanwhile.
    """

    def write() -> None:
        if station.publication.is_shared:
            check_kill_lists(station, bulletin, checked=checked)
        station.archive.record_bulletin(
            station.words.id, bulletin, tuple(episodes), made_at=made_at, timings=dict(timings)
        )

    station.publication.record(bulletin, write)


def _record(
    station: Station,
    bulletin: Bulletin,
    episodes: tuple[Episode, ...],
    *,
    now: datetime,
    timings: Mapping[str, float],
    checked: KillEntries,
) -> Bulletin:
    """Record the bulletin with the paths at its outlets: the scratch folder is deleted after the run."""
    paths = {episode.outlet: episode.places for episode in episodes if not episode.kept_back}
    moved = tuple(_moved(made, paths.get(made.kind, {})) for made in bulletin.renditions)
    notes = (
        *bulletin.notes,
        *(note for episode in episodes for note in episode.notes),
        *describe_stage_results.describe_kept_back(episodes),
    )
    published = replace(bulletin, renditions=moved, notes=notes)
    record_publication(station, published, episodes, made_at=now, timings=timings, checked=checked)
    try:
        station.sender.note()
    except BulletinError as error:  # published here; the sender's next scan of the folder finds it
        log.error("deliveries not stored in the outbox yet: station=%s: %s", station.words.id, error)
    return published


def _moved(made: Rendition, paths: Mapping[str, Path | str]) -> Rendition:
    """The rendition with its published path; each story file has its own."""
    story_id = made.chapters[0].story_id if made.chapters else ""
    path = paths.get("audio") or paths.get(f"audio:{story_id}")
    return replace(made, path=Path(path)) if path else made
