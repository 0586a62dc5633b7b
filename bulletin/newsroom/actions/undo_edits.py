"""Undo an edit; the undo is a record, and can be undone."""

from __future__ import annotations

from contextlib import suppress

from bulletin.archive.ledgers.editor_edits import SlotBegunError, find_undone
from bulletin.errors import NewsroomError, UnknownRecordError
from bulletin.model import Edit, EditAction
from bulletin.newsroom.actions.edit_answer import EditAnswer, explain_withdrawal, find_answer
from bulletin.newsroom.choose_slot import choose_slot, clock_time
from bulletin.newsroom.coming_bulletin import ComingBulletin, coming_bulletin
from bulletin.newsroom.desk import Desk, new_key


def undo_edit(desk: Desk, *, number: int | None = None, key: str = "") -> EditAnswer:
    """
    Undo the edit with that number, or the editor's own last one; an own story is removed by it.

    Raises UnknownRecordError for an unknown edit, NewsroomError for one that is undone already, ArchiveError, ConfigError.
    """
    known, before = find_answer(desk, key), _coming(desk)
    undo = known.edit if known else _undo(desk, _last_own(desk) if number is None else number, key)
    choice = choose_slot(desk)
    lost = explain_withdrawal(desk, before) if before else ""
    note = " ".join(filter(None, (choice.note, lost)))
    return EditAnswer(edit=undo, counts_for=undo.due or choice.due, note=note)


def _coming(desk: Desk) -> ComingBulletin | None:
    """None where no bulletin is prepared: an edit can be undone without one."""
    with suppress(NewsroomError):
        return coming_bulletin(desk)
    return None


def _undo(desk: Desk, number: int, key: str) -> Edit:
    _check_own_story(desk, number)
    _remove_own_story(desk, number)
    try:
        return desk.edits.undo(
            desk.station,
            number,
            editor=desk.editor,
            at=desk.now(),
            key=key or new_key(),
            address=desk.address,
        )
    except SlotBegunError as error:
        edit = desk.edits.edit(desk.station, number)
        time = clock_time(desk, edit.due) if edit and edit.due else "next"
        raise NewsroomError(
            f"The {time} bulletin is being made, or was made: its edits cannot be undone any more"
        ) from error


def _remove_own_story(desk: Desk, number: int) -> None:
    """Remove the own story of an edit before the undo is recorded; after a crash between the two the undo can be repeated."""
    held = desk.edits.edits(desk.station, after_id=number - 1)
    own = next((edit for edit in held if edit.id == number and edit.action is EditAction.OWN_STORY), None)
    if own:
        desk.archive.remove_own_story(desk.station, own.story_id, at=desk.now())


def _is_own_story(desk: Desk, number: int) -> bool:
    edit = desk.edits.edit(desk.station, number)
    return edit is not None and edit.action is EditAction.OWN_STORY


def _check_own_story(desk: Desk, number: int) -> None:
    """Raises NewsroomError for the undo of a removed own story: its text was deleted."""
    edit = desk.edits.edit(desk.station, number)
    if edit and edit.action is EditAction.UNDO and edit.undoes and _is_own_story(desk, edit.undoes):
        raise NewsroomError(f'"{edit.story_title}" was removed; add the story again')


def _last_own(desk: Desk) -> int:
    history = desk.edits.history(desk.station)
    undone = find_undone(history)
    own = (edit for edit in history if edit.editor == desk.editor and edit.id not in undone)
    last = next((edit.id for edit in own if edit.action is not EditAction.UNDO), None)
    if last is None:
        raise UnknownRecordError(
            f"{desk.editor} has no edit at {desk.station} to undo; `bulletin edits list` shows all"
        )
    return last
