"""Script with editors' words -> the same without stories in which an editor wrote a blocked word. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulletin.edits.apply_to_choice import KILLED
from bulletin.edits.find_edited_story import find_edited_story
from bulletin.model import AppliedEdit, EditState, Left, Script, StoryScript
from bulletin.stories.apply_kill_list import has_killed_story


def drop_killed_words(
    script: Script, applied: tuple[AppliedEdit, ...], *, kills: Sequence[str]
) -> tuple[Script, tuple[AppliedEdit, ...]]:
    """
    Leave out each story whose edited words match the kill list; its edits are refused.

    The choice has searched the articles already, so only stories with words of an editor are searched here.
    """
    hits = {item.story.id: entry for item in script.stories if (entry := find_killed_words(item, kills))}
    if not hits:
        return script, applied
    reasons = {story_id: f'{KILLED}: "{entry}"' for story_id, entry in hits.items()}
    killed = [item for item in script.stories if item.story.id in hits]
    left = tuple(
        Left(title=item.story.title, reason=reasons[item.story.id], article_id=item.story.best.id)
        for item in killed
    )
    results = []
    for result in applied:
        story = find_edited_story(result.edit, [item.story for item in killed])
        if story:
            reason = f"the story is {reasons[story.id]}"
            result = replace(result, state=EditState.REFUSED, reason=reason)
        results.append(result)
    stories = tuple(item for item in script.stories if item.story.id not in hits)
    return replace(script, stories=stories, left=(*script.left, *left)), tuple(results)


def find_killed_words(item: StoryScript, kills: Sequence[str]) -> str:
    """The entry of the kill list that a story with an editor's words matches; "" for none."""
    passages = [*item.cuts, *([item.headline] if item.headline else [])]
    if not any(sentence.editor for passage in passages for sentence in passage.sentences):
        return ""
    return next((entry for entry in kills if has_killed_story(entry, passages)), "")
