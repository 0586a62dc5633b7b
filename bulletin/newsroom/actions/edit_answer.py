"""EditAnswer: what an action of an editor did, and for which bulletin it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bulletin.model import Edit, EditAction
from bulletin.newsroom.choose_slot import SlotChoice, with_open_slot
from bulletin.newsroom.coming_bulletin import ComingBulletin, ComingStory, coming_bulletin
from bulletin.newsroom.desk import Desk, new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAnswer:
    """The recorded edit, and what the editor should know."""

    edit: Edit
    counts_for: datetime | None
    """The bulletin that it counts for; None: the next one of a station without slots."""
    note: str = ""
    """Why it is a later bulletin than asked for, because that one is being made; that the story does not air yet, or the approval no
    longer holds."""
    hints: tuple[str, ...] = ()
    """Hints on the editor's words."""


def record_story_edit(
    desk: Desk,
    action: EditAction,
    story: str,
    *,
    due: datetime | None,
    key: str,
    describe: Callable[[ComingBulletin, ComingStory], dict[str, Any]] = lambda coming, story: {},
) -> EditAnswer:
    """
    Record an edit of a story for one bulletin.

    `describe` returns further fields of the edit. Raises NewsroomError, ArchiveError, ConfigError.
    """
    if known := find_answer(desk, key):
        return known
    key = key or new_key()

    def record(choice: SlotChoice) -> EditAnswer:
        coming = coming_bulletin(desk, choice.due)
        found = coming.find(story)
        edit = Edit(
            station=desk.station,
            action=action,
            editor=desk.editor,
            made_at=desk.now(),
            key=key,
            due=choice.due,
            story_id=found.id,
            story_title=found.title,
            article_ids=article_names(found),
            **describe(coming, found),
        )
        recorded = desk.edits.record(edit, address=desk.address)
        lost = explain_withdrawal(desk, coming)
        note = " ".join(filter(None, (choice.note, _why_idle(found, action), lost)))
        return EditAnswer(edit=recorded, counts_for=recorded.due, note=note)

    return with_open_slot(desk, due, record)


def explain_withdrawal(desk: Desk, before: ComingBulletin) -> str:
    """What the editor should know if the edit withdrew the approval that held `before` it."""
    if not before.approval.holds or coming_bulletin(desk, before.due).approval.holds:
        return ""
    return f"The approval by {before.approval.editor} no longer holds: approve the bulletin again."


def _why_idle(story: ComingStory, action: EditAction) -> str:
    """What is missing to a place or a length of a story that does not air."""
    if story.airs or action in (EditAction.PIN, EditAction.DROP):
        return ""
    return f"It does not air yet ({story.why_not}): pin it, too."


def article_names(story: ComingStory) -> tuple[str, ...]:
    """Ids and aliases of the articles of a story, by which an edit finds it again."""
    return tuple(dict.fromkeys(name for a in story.sources for name in (a.id, *a.aliases)))


def find_answer(desk: Desk, key: str) -> EditAnswer | None:
    """The answer to a request that was recorded already, whatever has changed since; None: it was not."""
    known = desk.edits.of_request(desk.station, key)
    return EditAnswer(edit=known, counts_for=known.due) if known else None
