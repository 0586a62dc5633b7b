"""Edits -> Script: the editor's words, the length of a story, and the stories that must not be dropped. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulletin.edits.apply_to_choice import find_pinned
from bulletin.edits.attach_clips import attach_clip
from bulletin.edits.find_edited_story import find_edited_story, split_replaced
from bulletin.edits.reword_passages import Say, Split, reword_story, split_english
from bulletin.model import AppliedEdit, Edit, EditAction, EditState, Left, Script, StoryScript

_KINDS = (
    EditAction.MOVE,
    EditAction.LENGTHEN,
    EditAction.SHORTEN,
    EditAction.REWORD,
    EditAction.CLIP,
)
_NOT_HERE = "the story is not in this bulletin"


def apply_to_script(
    script: Script, edits: Sequence[Edit], *, say: Say, split: Split = split_english
) -> tuple[Script, tuple[AppliedEdit, ...]]:
    """
    Reword, lengthen and shorten stories, and attach clips to them; report the result of each such edit, and of each move.

    `say` makes the spoken form of a text in a language, `split` its sentences. A story that was lengthened or shortened has one cut left. Pinned and
    lengthened stories are marked as required. A story whose every sentence an editor left out is left out.
    """
    if not edits:
        return script, ()
    held, applied = split_replaced([edit for edit in edits if edit.action in _KINDS])
    pinned = find_pinned(edits, [item.story for item in script.stories])
    stories = {
        item.story.id: replace(item, is_required=item.is_required or item.story.id in pinned)
        for item in script.stories
    }
    # words first: a length chooses among the reworded cuts
    for edit in sorted(held, key=lambda edit: edit.action is not EditAction.REWORD):
        story = find_edited_story(edit, [item.story for item in stories.values()])
        if story is None:
            applied.append(AppliedEdit(edit=edit, state=EditState.WAITING, reason=_why_missing(script, edit)))
            continue
        stories[story.id], result = _apply(stories[story.id], edit, say=say, split=split)
        applied.append(result)
    written = [item for item in stories.values() if item.cuts]
    emptied = tuple(
        Left(title=i.story.title, reason="an editor left out every sentence", article_id=i.story.best.id)
        for i in stories.values()
        if not i.cuts
    )
    script = replace(script, stories=tuple(written), left=(*script.left, *emptied))
    return script, tuple(sorted(applied, key=lambda item: item.edit.id))


def report_pins(
    applied: Sequence[AppliedEdit], script: Script, *, dropped: Sequence[Left] = ()
) -> tuple[AppliedEdit, ...]:
    """The results with pins refused whose story could not be written, or did not fit beside other pinned ones."""
    reported = []
    for item in applied:
        kept_out = next((left for left in (*script.left, *dropped) if _is_about(item.edit, left)), None)
        if kept_out and item.edit.action is EditAction.PIN and item.state is EditState.APPLIED:
            item = replace(item, state=EditState.REFUSED, reason=kept_out.reason)
        reported.append(item)
    return tuple(reported)


def keep_headlines(stories: Sequence[StoryScript], *, most: int) -> tuple[StoryScript, ...]:
    """
    Headlines of the first stories only; none of a single story.

    As `write_script` does, for a script whose stories have changed places since.
    """
    heard = most if len(stories) > 1 else 0
    return tuple(
        item if number < heard else replace(item, headline=None) for number, item in enumerate(stories)
    )


def _apply(item: StoryScript, edit: Edit, *, say: Say, split: Split) -> tuple[StoryScript, AppliedEdit]:
    if edit.action is EditAction.REWORD:
        return reword_story(item, edit, say=say, split=split)
    if edit.action is EditAction.CLIP:
        return attach_clip(item, edit, say=say)
    if edit.action is EditAction.LENGTHEN:
        item = replace(item, cuts=item.cuts[-1:])
    elif edit.action is EditAction.SHORTEN:
        item = replace(item, cuts=item.cuts[:1])
    return item, AppliedEdit(edit=edit, state=EditState.APPLIED)


def _why_missing(script: Script, edit: Edit) -> str:
    return next((left.reason for left in script.left if _is_about(edit, left)), _NOT_HERE)


def _is_about(edit: Edit, left: Left) -> bool:
    return left.article_id in {edit.story_id, *edit.article_ids}
