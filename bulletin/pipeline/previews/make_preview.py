"""Feeds -> Preview: the coming bulletin as the program would make it now, and its candidates, in a file for the newsroom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bulletin.archive.ledgers.editor_edits import without_undone
from bulletin.audio.music.load_jingles import read_timings
from bulletin.edits.apply_to_choice import apply_to_choice
from bulletin.edits.find_edited_story import names_of_story
from bulletin.model import Chosen, Edit, EditAction, FeedReport, Gathered, Section, Story
from bulletin.pipeline import describe_stage_results
from bulletin.pipeline.decisions.preview_file import FeedGlance, Preview
from bulletin.pipeline.decisions.read_edits_of_bulletin import edits_of_bulletin
from bulletin.pipeline.decisions.restore_edited_stories import restore_edited_stories
from bulletin.pipeline.pieces.gather_and_choose import choose, gather, known_names
from bulletin.pipeline.speak_script_to_length import length_aims
from bulletin.pipeline.stage_timer import SILENT, Listener, StageTimer
from bulletin.pipeline.write_script_to_length import WrittenScript, write_candidates, write_to_length
from bulletin.runtime.deadline import Deadline
from bulletin.station.build_station_object import Station

_CANDIDATES = 24
"""Stories beside the chosen ones that an editor may pin from the list, best first."""
_MOST_LEFT = 300
"""Omitted articles that are listed with their reasons."""


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
        lambda: choose(gathered, station, now=now),
        describe_stage_results.summarize_choice,
    )
    edits = without_undone(edits_of_bulletin(station, at=due, now=now))
    known = known_names(gathered, chosen)
    restored = restore_edited_stories(station, chosen, edits, known=known, now=now)
    chosen = restored.chosen
    written = timer.run(
        "write",
        lambda: write_to_length(station, chosen, at=due, deadline=deadline, progress=listener.progress),
        lambda written: describe_stage_results.summarize_script(written.whole),
    )
    candidates = tuple(_candidates(written.chosen, chosen, edits, gathered, due=due))
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
        feeds=tuple(map(_glance_at, gathered.reports)),
        missing=missing,
        names=frozenset(_names(candidates, chosen)),
        lost=frozenset(restored.story_ids),
    )


def _glance_at(report: FeedReport) -> FeedGlance:
    return FeedGlance(
        name=report.feed.name,
        state=report.state,
        articles=report.articles,
        newest=report.newest,
        reason=report.reason,
    )


def _candidates(
    final: Chosen, chosen: Chosen, edits: Sequence[Edit], gathered: Gathered, *, due: datetime
) -> Iterator[Story]:
    """Stories of the bulletin, those that edits pin, the reserve, and the best of the others; each once."""
    pinning = [edit for edit in edits if edit.action is not EditAction.DROP]
    pins = apply_to_choice(final, pinning, articles=gathered.articles, at=due)[0].stories
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
