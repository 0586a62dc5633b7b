"""Pin, drop, move, lengthen and shorten a story of the coming bulletin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bulletin.errors import NewsroomError, UnknownStoryError
from bulletin.model import Cut, Edit, EditAction, Left
from bulletin.newsroom.actions.edit_answer import EditAnswer, find_answer, record_story_edit
from bulletin.newsroom.choose_slot import SlotChoice, clock_time, with_open_slot
from bulletin.newsroom.coming_bulletin import ComingBulletin, ComingStory, coming_bulletin
from bulletin.newsroom.coming_bulletin_records import check_alive
from bulletin.newsroom.desk import Desk, new_key
from bulletin.newsroom.nearest_title import find_by_words
from bulletin.stories.ranking.limit_repeated_stories import tell_airings


def pin_story(desk: Desk, *, story: str, due: datetime | None = None, key: str = "") -> EditAnswer:
    """
    Keep a story in the bulletin, whatever its score; also one that a filter left out, by its article's id.

    `story` is its number on the list, its id, or words of its title. Raises UnknownStoryError, KilledStoryError,
    NewsroomError, ArchiveError, ConfigError; so do the other functions here.
    """
    if known := find_answer(desk, key):
        return known
    try:
        return record_story_edit(desk, EditAction.PIN, story, due=due, key=key)
    except UnknownStoryError:
        left = _find_left(coming_bulletin(desk, due), story)
        if left is None:
            raise
    return _pin_left_article(desk, left, due=due, key=key)


def drop_story(desk: Desk, *, story: str, due: datetime | None = None, key: str = "") -> EditAnswer:
    """Take a story out of the bulletin; later ones may have it."""
    return record_story_edit(desk, EditAction.DROP, story, due=due, key=key)


def move_story(
    desk: Desk, *, story: str, position: int, due: datetime | None = None, key: str = ""
) -> EditAnswer:
    """Move a story to a position in the running order, 0 for the lead."""
    if position < 0:
        raise NewsroomError(f"Position {position} is before the lead; the lead has position 0")

    def describe(coming: ComingBulletin, found: ComingStory) -> dict[str, Any]:
        others = [other for other in coming.stories if other.id != found.id]
        at = min(position, len(others))
        return {"position": at, "details": {"after": others[at - 1].id if at else ""}}

    return record_story_edit(desk, EditAction.MOVE, story, due=due, key=key, describe=describe)


def lengthen_story(desk: Desk, *, story: str, due: datetime | None = None, key: str = "") -> EditAnswer:
    """Let the longest cut of a story air, whatever the length of the others."""
    return record_story_edit(desk, EditAction.LENGTHEN, story, due=due, key=key, describe=_has_cuts)


def shorten_story(desk: Desk, *, story: str, due: datetime | None = None, key: str = "") -> EditAnswer:
    """Let the shortest cut of a story air."""
    return record_story_edit(desk, EditAction.SHORTEN, story, due=due, key=key, describe=_has_cuts)


def _has_cuts(coming: ComingBulletin, found: ComingStory) -> dict[str, Any]:
    """Raise NewsroomError for a story that has one length only, and has not been given it by an edit."""
    of_length = (EditAction.LENGTHEN, EditAction.SHORTEN)
    if len(found.cuts_s) == 1 and not any(item.edit.action in of_length for item in found.edits):
        only_s = next(iter(found.cuts_s.values()))
        why = "its source gives no more text"
        if found.times_aired:
            why = f"it has {tell_airings(found.times_aired)} already, and a repeat is short"
        raise NewsroomError(f'"{found.title}" has one length only, {only_s:.0f} s: {why}; reword it instead')
    return {"details": {"cuts": [Cut(cut).value for cut in found.cuts_s]}}


def _find_left(coming: ComingBulletin, name: str) -> Left | None:
    same = [item for item in coming.left if item.article_id == name] or find_by_words(name, coming.left)
    return same[0] if len(same) == 1 else None


def _pin_left_article(desk: Desk, left: Left, *, due: datetime | None, key: str) -> EditAnswer:
    check_alive(left)
    key = key or new_key()

    def record(choice: SlotChoice) -> EditAnswer:
        _check_embargo(desk, left, at=choice.due or desk.now())
        edit = Edit(
            station=desk.station,
            action=EditAction.PIN,
            editor=desk.editor,
            made_at=desk.now(),
            key=key,
            due=choice.due,
            story_id=left.article_id,
            story_title=left.title,
            article_ids=(left.article_id,),
        )
        recorded = desk.edits.record(edit, address=desk.address)
        note = " ".join(filter(None, (choice.note, f"It was left out: {left.reason}.")))
        return EditAnswer(edit=recorded, counts_for=recorded.due, note=note)

    return with_open_slot(desk, due, record)


def _check_embargo(desk: Desk, left: Left, *, at: datetime) -> None:
    """Raise NewsroomError for a story of the station's own whose embargo ends after the bulletin."""
    own = desk.archive.own_stories(desk.station, desk.now())
    until = next((story.not_before for story in own if story.id == left.article_id), None)
    if until and until > at:
        raise NewsroomError(
            f'"{left.title}" is under embargo until {clock_time(desk, until)}: pin it in a bulletin after that, or '
            "add it again with an earlier embargo"
        )
