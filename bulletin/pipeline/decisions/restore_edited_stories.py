"""Edited stories that have left the feeds since the editor saw them -> the choice with them again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from bulletin.archive.ledgers.editor_edits import HELD, names_of
from bulletin.edits.apply_to_choice import index_for
from bulletin.edits.find_edited_story import find_edited_story, names_of_story, split_replaced
from bulletin.model import AppliedEdit, Chosen, Edit, EditAction, EditState, Story
from bulletin.pipeline.decisions.preview_file import Preview, load_preview
from bulletin.pipeline.write_script_to_length import killed_entries
from bulletin.station.build_station_object import Station
from bulletin.stories.apply_kill_list import kill_stories
from bulletin.stories.ranking.running_order import say

_WANTED = (EditAction.PIN, EditAction.MOVE, EditAction.LENGTHEN, EditAction.SHORTEN)
"""Edits that want their story in the bulletin; a later drop takes it out again."""
_LOST = "its article has left the feeds since; it airs as the newsroom last saw it"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredStories:
    """The choice with the stories that left the feeds, and their ids."""

    chosen: Chosen
    story_ids: AbstractSet[str] = frozenset()

    def mark(self, results: Sequence[AppliedEdit]) -> tuple[AppliedEdit, ...]:
        """Results of edits whose story left the feeds need a look."""
        return mark_lost(results, self.story_ids)


def mark_lost(results: Sequence[AppliedEdit], story_ids: AbstractSet[str]) -> tuple[AppliedEdit, ...]:
    """The results with those of lost stories as needing a look; `story_ids` are ids and aliases of these stories."""
    return tuple(
        replace(item, state=EditState.NEEDS_LOOK, reason=item.reason or _LOST)
        if item.state is EditState.APPLIED and not story_ids.isdisjoint(names_of(item.edit))
        else item
        for item in results
    )


def restore_edited_stories(
    station: Station, chosen: Chosen, edits: Sequence[Edit], *, known: Collection[str], now: datetime
) -> RestoredStories:
    """
    Add each story that an editor wants in this bulletin and that has left the feeds, from the last preview.

    A busy feed drops a story within the hour. Stories of the station's own come back only from the archive, because
    somebody removed them, or they expired. A killed story stays off. `known` are the ids of this run's articles.
    """
    held, _ = split_replaced([edit for edit in edits if edit.action in (*_WANTED, EditAction.DROP)])
    wanted = [edit for edit in held if edit.action in _WANTED and names_of(edit).isdisjoint(known)]
    preview = load_preview(station.state, station.words.id) if wanted else None
    if preview is None or not now - HELD < preview.made_at:
        return RestoredStories(chosen=chosen)
    lost = tuple(_lost_stories(preview, wanted, feeds={feed.name for feed in station.feeds}))
    lost = tuple(kill_stories(lost, killed_entries(station))[0])
    stories = list(chosen.stories)
    for story in lost:
        restored = say(story, "editor", "kept from the last preview: it has left the feeds")
        stories.insert(index_for(restored, stories), restored)
    return RestoredStories(
        chosen=replace(chosen, stories=tuple(stories)),
        story_ids={name for story in lost for name in names_of_story(story)},
    )


def _lost_stories(preview: Preview, edits: Sequence[Edit], *, feeds: Collection[str]) -> Iterator[Story]:
    candidates = (*preview.chosen.stories, *preview.chosen.reserve, *preview.chosen.ranked)
    lost: dict[str, Story] = {}
    for edit in edits:
        story = find_edited_story(edit, candidates)
        if story and all(article.feed in feeds for article in story.articles):
            lost[story.id] = story
    yield from lost.values()
