"""Operations on names: unknown ones of the coming bulletin, respellings, to hear."""

from __future__ import annotations

from typing import Any

from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.respell_names import remove_respelling, save_respelling
from bulletin.newsroom.coming_names import coming_names, hear_name
from bulletin.newsroom.hear import MEDIA_TYPE
from bulletin.newsroom.hear_coming import open_voices
from bulletin.newsroom_web.api.models.names_and_clips import (
    NameBody,
    NamesAnswer,
    NamesQuery,
    NameToHear,
    Respelling,
    SavedNameItem,
)
from bulletin.newsroom_web.api.models.stories import Removed
from bulletin.newsroom_web.api.operation_table import Call, Operation, editor_change
from bulletin.newsroom_web.api.operations.sound_operations import to_sound

_NAMES = "stations/{station}/names"


def _list(call: Call) -> Any:
    return coming_names(call.desk, call.query.due)


def _save(call: Call) -> Any:
    return save_respelling(call.desk, name=call.body.name, respelling=call.body.respelling)


def _remove(call: Call) -> Any:
    remove_respelling(call.desk, name=call.body.name)
    return {"removed": call.body.name}


def _hear(call: Call) -> Any:
    return to_sound(hear_name(open_voices(call.desk), call.body.name, respelling=call.body.respelling))


OPERATIONS = (
    Operation(
        method="GET",
        path=_NAMES,
        name="list_names",
        summary="Unknown names of the coming bulletin, and saved respellings.",
        role=Role.VIEWER,
        query=NamesQuery,
        answer=NamesAnswer,
        do=_list,
    ),
    editor_change(
        _NAMES, "save_respelling", "Save how a name is said.", _save, body=Respelling, answer=SavedNameItem
    ),
    editor_change(
        f"{_NAMES}/remove",
        "remove_respelling",
        "Forget a respelling.",
        _remove,
        body=NameBody,
        answer=Removed,
    ),
    editor_change(
        f"{_NAMES}/hear",
        "hear_name",
        "A name as it is said now, then by a respelling; the answer is the sound.",
        _hear,
        body=NameToHear,
        answer=MEDIA_TYPE,
        asks_only=True,
    ),
)
