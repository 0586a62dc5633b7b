"""A bulletin -> examined, out at its outlets, and remembered as it has gone out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bulletin.audio.quality.quality_gate import check_quality
from bulletin.errors import BulletinError, NoStoryError
from bulletin.model import Bulletin, Episode, Passage, Rendition
from bulletin.pipeline import stage_summaries
from bulletin.pipeline.stage_timer import Watch
from bulletin.publishing.publish import PublishError, publish_bulletin
from bulletin.runtime.interrupts import finish_first
from bulletin.station.signing import sign_bulletin
from bulletin.station.station import Station
from bulletin.stories.apply_kill_list import find_killed, is_told

log = logging.getLogger(__name__)

OUT_ALREADY = "the new bulletin was out already"
"""What a Ctrl-C is told that came while it went out, or later."""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_OTHERS_S = 60.0
"""How long another run of the same station may take to publish."""


def examine_bulletin(station: Station, bulletin: Bulletin, watch: Watch) -> Bulletin:
    """Nothing goes out unexamined. What was noticed while the mix was verified is counted here, not there."""
    outputs = station.profile.outputs
    options = {made.kind: outputs.rendition(made.kind) for made in bulletin.renditions}
    while_mixing_s = sum(made.quality.seconds for made in bulletin.renditions if made.quality)
    examined = watch.run(
        "examine",
        lambda: check_quality(bulletin, options=options, unfit=station.state / "unfit" / station.words.id),
        stage_summaries.tell_examined,
    )
    watch.seconds["mix"] -= while_mixing_s
    watch.seconds["examine"] += while_mixing_s
    return examined


def release_bulletin(
    station: Station, bulletin: Bulletin, *, now: datetime, watch: Watch
) -> tuple[Bulletin, tuple[Episode, ...]]:
    """
    Publish it, whole, one run at a time; the bulletin as it lies now, and its episodes.

    Raises NoStoryError when an editor has killed one of its stories meanwhile, OutletError when an outlet
    did not take it (what did go out is remembered), LockedError when another run takes too long.
    """
    with station.publishing(wait_s=_OTHERS_S), finish_first(OUT_ALREADY, stays_true=True):
        check_killed(station, bulletin)
        signed = sign_bulletin(bulletin, station.profile, folder=station.path.parent)
        return _publish(station, signed, now=now, watch=watch)


def check_killed(station: Station, bulletin: Bulletin) -> None:
    """
    An editor may have killed a story while it was being spoken; the command can only take back what is out.

    Raises NoStoryError. The caller holds the publish lock.
    """
    for entry, story_ids in find_kills(station, bulletin.aired):
        if is_told(entry, bulletin.aired, story_ids=story_ids):
            raise NoStoryError(f'a story with "{entry}" was killed while it was made; make another bulletin')


def find_kills(
    station: Station, passages: Iterable[Passage], *, also: Iterable[str] = ()
) -> tuple[tuple[str, frozenset[str]], ...]:
    """
    The station's kill list, each entry with the ids of those stories that it takes off among what was read out.

    Their articles count, whatever of them was said: so does the choice of stories count them. `also` are entries
    that stand elsewhere. Raises ArchiveError.
    """
    archive, name = station.archive, station.words.id
    entries = dict.fromkeys((*also, *(kill.entry for kill in archive.kills(name))))
    if not entries:
        return ()
    told = tuple(passages)
    names = {one.story_id for one in told} - {""}
    names |= {origin.article_id for one in told for sentence in one.sentences for origin in sentence.origins}
    aired = [
        memory
        for memory in archive.aired(name, since=_EVER).values()
        if names & {memory.story_id, *memory.article_ids}
    ]
    names |= {article_id for memory in aired for article_id in memory.article_ids}
    articles = [article for feed in station.feeds for article in archive.articles_of(feed.url)]
    articles += archive.own_stories(name, _EVER)
    near = [article for article in articles if names & {article.id, *article.aliases}]
    return tuple((entry, find_killed(entry, aired=aired, articles=near)) for entry in entries)


def _publish(
    station: Station, bulletin: Bulletin, *, now: datetime, watch: Watch
) -> tuple[Bulletin, tuple[Episode, ...]]:
    """Out it goes, and is remembered as it has gone out."""
    try:
        episodes = watch.run(
            "publish",
            lambda: publish_bulletin(bulletin, outlets=station.outlets),
            stage_summaries.tell_published,
        )
    except PublishError as error:
        # what did go out has aired, and must be remembered as such
        if error.episodes:
            _record(station, bulletin, error.episodes, now=now, timings=watch.seconds)
        raise
    return _record(station, bulletin, episodes, now=now, timings=watch.seconds), episodes


def _record(
    station: Station,
    bulletin: Bulletin,
    episodes: tuple[Episode, ...],
    *,
    now: datetime,
    timings: Mapping[str, float],
) -> Bulletin:
    """Remember what has gone out; the outlets keep the sound, where it was mixed is gone after the run."""
    places = {episode.outlet: episode.places for episode in episodes if not episode.kept_back}
    moved = tuple(_moved(made, places.get(made.kind, {})) for made in bulletin.renditions)
    noted = (
        *(note for episode in episodes for note in episode.notes),
        *stage_summaries.tell_kept_back(episodes),
    )
    out = replace(bulletin, renditions=moved, notes=(*bulletin.notes, *noted))
    station.archive.record_bulletin(station.words.id, out, episodes, made_at=now, timings=dict(timings))
    try:
        station.sender.note()
    except BulletinError as error:  # it is out here; the next look into the folder finds it
        log.error("not in the outbox yet: station=%s: %s", station.words.id, error)
    return out


def _moved(made: Rendition, places: Mapping[str, Path | str]) -> Rendition:
    """The rendition where it lies now; a story's file has a place of its own."""
    story_id = made.chapters[0].story_id if made.chapters else ""
    place = places.get("audio") or places.get(f"audio:{story_id}")
    return replace(made, path=Path(place)) if place else made
