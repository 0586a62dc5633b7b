"""Undo an edit; the undo is a record, and can be undone."""

from __future__ import annotations

from bulletin.archive.ledgers.editor_edits import find_undone
from bulletin.errors import NewsroomError, UnknownRecordError
from bulletin.model import EditAction
from bulletin.newsroom.actions.edit_answer import EditAnswer, find_answer
from bulletin.newsroom.choose_slot import choose_slot
from bulletin.newsroom.desk import Desk, new_key


def undo_edit(desk: Desk, *, number: int | None = None, key: str = "") -> EditAnswer:
    """
    Undo the edit with that number, or the editor's own last one; an own story is removed by it.

    Raises UnknownRecordError for an unknown edit, NewsroomError for one that is undone already, ArchiveError, ConfigError.
    """
    if known := find_answer(desk, key):
        return known
    if number is None:
        number = _last_own(desk)
    _check_own_story(desk, number)
    undo = desk.edits.undo(
        desk.station, number, editor=desk.editor, at=desk.now(), key=key or new_key(), address=desk.address
    )
    if _is_own_story(desk, number):
        desk.archive.remove_own_story(desk.station, undo.story_id, at=desk.now())
    choice = choose_slot(desk)
    note = choice.note
    if undo.due and choice.due and undo.due < choice.due:
        note = "The bulletin that it was for is being made, or has aired: the undo changes no later one."
    return EditAnswer(edit=undo, counts_for=undo.due or choice.due, note=note)


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
