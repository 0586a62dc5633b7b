"""Operations on the coming bulletin: see it, edit it, undo."""

from __future__ import annotations

from typing import Any

from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions import edit_stories
from bulletin.newsroom.actions.approve_bulletin import approve_bulletin
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom_web.api.models.bulletins import (
    ApproveBody,
    EditAnswerItem,
    EditList,
    EditsQuery,
    MoveEdit,
    NextBulletin,
    NextQuery,
    RewordEdit,
    StoryEdit,
    UndoEdit,
)
from bulletin.newsroom_web.api.operation_table import Call, Operation

_NEXT = "stations/{station}/next"


def _show(call: Call) -> Any:
    return coming_bulletin(call.desk, call.query.due)


def _pin(call: Call) -> Any:
    return edit_stories.pin_story(call.desk, story=call.body.story, due=call.body.due, key=call.key)


def _drop(call: Call) -> Any:
    return edit_stories.drop_story(call.desk, story=call.body.story, due=call.body.due, key=call.key)


def _move(call: Call) -> Any:
    body = call.body
    return edit_stories.move_story(
        call.desk, story=body.story, position=body.position, due=body.due, key=call.key
    )


def _lengthen(call: Call) -> Any:
    return edit_stories.lengthen_story(call.desk, story=call.body.story, due=call.body.due, key=call.key)


def _shorten(call: Call) -> Any:
    return edit_stories.shorten_story(call.desk, story=call.body.story, due=call.body.due, key=call.key)


def _reword(call: Call) -> Any:
    body = call.body
    version = call.version if call.version is not None else body.version
    return reword_sentence(
        call.desk, story=body.story, sentence=body.sentence, text=body.text, seen_id=version, key=call.key
    )


def _approve(call: Call) -> Any:
    body = call.body
    return approve_bulletin(call.desk, due=body.due, fingerprint=body.fingerprint, key=call.key)


def _undo(call: Call) -> Any:
    return undo_edit(call.desk, number=call.body.number, key=call.key)


def _edits(call: Call) -> Any:
    return {"edits": call.desk.edits.history(call.desk.station, limit=call.query.limit)}


def _edit(name: str, summary: str, body: type[Any], do: Any) -> Operation:
    return Operation(
        method="POST",
        path=f"{_NEXT}/{name.partition('_')[0]}",
        name=name,
        summary=summary,
        role=Role.EDITOR,
        body=body,
        answer=EditAnswerItem,
        has_version=body is RewordEdit,
        do=do,
    )


OPERATIONS = (
    Operation(
        method="GET",
        path=_NEXT,
        name="show_next_bulletin",
        summary="The coming bulletin as it stands.",
        role=Role.VIEWER,
        query=NextQuery,
        answer=NextBulletin,
        do=_show,
    ),
    _edit("pin_story", "Keep a story in the bulletin, whatever its score.", StoryEdit, _pin),
    _edit("drop_story", "Take a story out of the bulletin.", StoryEdit, _drop),
    _edit("move_story", "Move a story to a position in the running order.", MoveEdit, _move),
    _edit("lengthen_story", "Let the longest cut of a story air.", StoryEdit, _lengthen),
    _edit("shorten_story", "Let the shortest cut of a story air.", StoryEdit, _shorten),
    _edit("reword_sentence", "Let other words air instead of a sentence.", RewordEdit, _reword),
    _edit("approve_bulletin", "Let the bulletin air as it stands.", ApproveBody, _approve),
    _edit("undo_edit", "Undo an edit.", UndoEdit, _undo),
    Operation(
        method="GET",
        path="stations/{station}/edits",
        name="list_edits",
        summary="The last edits with their undos, newest first.",
        role=Role.VIEWER,
        query=EditsQuery,
        answer=EditList,
        do=_edits,
    ),
)
