"""Operations that correct the words of a story that has aired."""

from __future__ import annotations

from typing import Any

from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.published import correct_story
from bulletin.newsroom_web.api.models.corrections import AiredStoryItem, AiredStoryQuery, CorrectionBody
from bulletin.newsroom_web.api.models.requests import ConsequencesItem, RequestAnswerItem
from bulletin.newsroom_web.api.operation_table import Call, Operation, editor_change

_HERE = "stations/{station}/corrections"


def _show(call: Call) -> Any:
    return correct_story.aired_story(call.desk, story=call.query.story, bulletin=call.query.bulletin)


def _changes(call: Call) -> tuple[ChangedWords, ...]:
    return tuple(ChangedWords(**change.model_dump()) for change in call.body.changes)


def _consequences(call: Call) -> Any:
    return correct_story.consequences_of_correction(call.desk, story=call.body.story, changes=_changes(call))


def _correct(call: Call) -> Any:
    return correct_story.correct_story(call.desk, story=call.body.story, changes=_changes(call), key=call.key)


OPERATIONS = (
    Operation(
        method="GET",
        path=_HERE,
        name="show_aired_story",
        summary="The words of a story, as they aired.",
        role=Role.VIEWER,
        query=AiredStoryQuery,
        answer=AiredStoryItem,
        do=_show,
    ),
    editor_change(
        f"{_HERE}/consequences",
        "show_correction_consequences",
        "What a correction will do; nothing is changed.",
        _consequences,
        body=CorrectionBody,
        answer=ConsequencesItem,
    ),
    Operation(
        method="POST",
        path=_HERE,
        name="correct_story",
        summary="Correct the words of a story in every bulletin that carried them, and in later ones.",
        role=Role.EDITOR,
        body=CorrectionBody,
        answer=RequestAnswerItem,
        status=202,
        do=_correct,
    ),
)
