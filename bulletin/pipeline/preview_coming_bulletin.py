"""Feeds -> Preview: the coming bulletin as the program would make it now, and its candidates, in a file for the newsroom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bulletin.archive.ledgers.editor_edits import without_undone
from bulletin.audio.music.load_jingles import read_timings
from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming
from bulletin.audio.rundown.predict_stories_that_will_fit import RenditionLength
from bulletin.edits.apply_to_choice import apply_to_choice
from bulletin.edits.find_edited_story import names_of_story
from bulletin.language.split_sentences import storable
from bulletin.model import Chosen, Edit, EditAction, FeedState, Gathered, Script, Section, Story
from bulletin.pipeline import describe_stage_results
from bulletin.pipeline.make_bulletin import choose, gather
from bulletin.pipeline.read_edits_of_bulletin import edits_of_bulletin
from bulletin.pipeline.speak_script_to_length import length_aims
from bulletin.pipeline.stage_timer import SILENT, Listener, StageTimer
from bulletin.pipeline.write_script_to_length import WrittenScript, write_candidates, write_to_length
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.station.build_station_object import Station

_CANDIDATES = 24
"""Stories beside the chosen ones that an editor may pin from the list, best first."""
_MOST_LEFT = 300
"""Omitted articles that are listed with their reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedGlance:
    """Result of a feed at the preview."""

    name: str
    state: FeedState
    articles: int = 0
    newest: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The coming bulletin without edits: they are applied whenever it is shown."""

    station: str
    due: datetime
    """The slot that it is for; for a station without slots the time of making."""
    made_at: datetime
    chosen: Chosen
    """Stories in running order; `reserve` fills a short bulletin, `ranked` holds the other candidates."""
    script: Script
    """Every candidate as the program writes it, with all its cuts and a headline, in no order."""
    headlines: int
    """Number of stories with a headline."""
    pace_wps: float
    letters_per_s: float
    lengths: tuple[RenditionLength, ...]
    timings: Mapping[JingleKind, JingleTiming]
    kills: tuple[str, ...] = ()
    """Kill list of the profile; that of the archive is read when the bulletin is shown."""
    feeds: tuple[FeedGlance, ...] = ()
    missing: str = ""
    """Why there is no bulletin: the feeds bring nothing."""
    names: frozenset[str] = frozenset()
    """Ids and aliases of all articles of the candidates, and ids of those that were left out."""


def preview_path(state: Path, station: str) -> Path:
    """The file of a station's preview; `state` is the private folder of the output folder."""
    return state / "newsroom" / station / "coming.json"


def make_preview(
    station: Station,
    *,
    now: datetime,
    due: datetime,
    sections: Sequence[Section] = tuple(Section),
    deadline: Deadline | None = None,
    listener: Listener = SILENT,
) -> Preview:
    """
    Gather, choose and write the bulletin of `due` without its edits, and write every story that an editor may pin.

    Raises ArchiveError, ConfigError.
    """
    timer = StageTimer(listener=listener)
    gathered = timer.run(
        "gather",
        lambda: gather(station, now=now, deadline=deadline, progress=listener.progress),
        describe_stage_results.summarize_gathering,
    )
    articles = tuple(article for article in gathered.articles if article.section in sections)
    gathered = replace(gathered, articles=articles)
    chosen = timer.run(
        "choose",
        lambda: choose(gathered, station.archive, station.words.id, station.profile, now=now),
        describe_stage_results.summarize_choice,
    )
    edits = without_undone(edits_of_bulletin(station, at=due, now=now))
    written = timer.run(
        "write",
        lambda: write_to_length(station, chosen, at=due, deadline=deadline, progress=listener.progress),
        lambda written: describe_stage_results.summarize_script(written.whole),
    )
    candidates = tuple(_candidates(written.chosen, chosen, edits, gathered))
    script = write_candidates(station, candidates, at=due, thresholds=written.thresholds)
    missing = "" if script.stories else describe_stage_results.explain_no_story(gathered, chosen)
    return Preview(
        station=station.words.id,
        due=due,
        made_at=now,
        chosen=_trimmed(written, candidates),
        script=script,
        headlines=station.profile.script.headlines,
        pace_wps=station.pace_wps(),
        letters_per_s=station.letters_per_s(),
        lengths=length_aims(station.profile),
        timings=read_timings(station.jingles),
        kills=station.profile.stories.kill,
        feeds=tuple(
            FeedGlance(
                name=report.feed.name,
                state=report.state,
                articles=report.articles,
                newest=report.newest,
                reason=report.reason,
            )
            for report in gathered.reports
        ),
        missing=missing,
        names=frozenset(_names(candidates, chosen)),
    )


def save_preview(state: Path, preview: Preview) -> Path:
    """Replace the station's preview file, whole or not at all. Raises OSError."""
    path = preview_path(state, preview.station)
    text = _file().dump_json(preview).decode("utf-8", "replace")
    write_atomically(path, storable(text))
    return path


def load_preview(state: Path, station: str) -> Preview | None:
    """The station's last preview, kept in memory until its file changes; None: there is none that can be read."""
    path = preview_path(state, station)
    with suppress(OSError):
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size, status.st_ino)
    return None


def delete_preview(state: Path, station: str) -> None:
    """Delete the station's preview: its profile has changed, or the station is gone."""
    with suppress(OSError):
        preview_path(state, station).unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _read(path: Path, *version: int) -> Preview | None:
    try:
        return _file().validate_json(path.read_bytes())
    except (OSError, ValidationError):  # of another version of Bulletin: the next preview replaces it
        return None


@cache
def _file() -> TypeAdapter[Preview]:
    return TypeAdapter(Preview)


def _candidates(final: Chosen, chosen: Chosen, edits: Sequence[Edit], gathered: Gathered) -> Iterator[Story]:
    """Stories of the bulletin, those that edits pin, the reserve, and the best of the others; each once."""
    pinning = [edit for edit in edits if edit.action is not EditAction.DROP]
    pins = apply_to_choice(final, pinning, articles=gathered.articles)[0].stories
    spare = (*final.reserve, *chosen.reserve, *final.ranked)
    known: set[str] = set()
    for number, story in enumerate((*final.stories, *pins, *spare)):
        if number >= len(final.stories) + len(pins) + _CANDIDATES:
            return
        if known.isdisjoint(names_of_story(story)):
            known |= names_of_story(story)
            yield story


def _names(candidates: Sequence[Story], chosen: Chosen) -> Iterator[str]:
    for story in candidates:
        yield from names_of_story(story)
    yield from (left.article_id for left in chosen.left)


def _trimmed(written: WrittenScript, candidates: Sequence[Story]) -> Chosen:
    """The choice with the stories that can air, and as candidates only those that were written."""
    chosen = written.chosen
    untold = {left.article_id for left in written.whole.left}
    stories = tuple(story for story in chosen.stories if story.best.id not in untold)
    known = {story.id for story in stories}
    written_ids = {story.id for story in candidates}
    reserve = tuple(s for s in chosen.reserve if s.id in written_ids and s.id not in known)
    known |= {story.id for story in reserve}
    return Chosen(
        stories=stories,
        left=(*written.whole.left, *chosen.left)[:_MOST_LEFT],
        ranked=tuple(story for story in candidates if story.id not in known),
        reserve=reserve,
        related={
            name: others & written_ids for name, others in chosen.related.items() if name in written_ids
        },
        notes=chosen.notes,
    )
