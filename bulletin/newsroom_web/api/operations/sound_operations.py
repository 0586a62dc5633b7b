"""Operations that answer with sound: a text, a story or the coming bulletin before air."""

from __future__ import annotations

from typing import Any

from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.hear import MEDIA_TYPE, Heard
from bulletin.newsroom.hear_coming import hear_coming_bulletin, hear_coming_story, hear_text
from bulletin.newsroom_web.api.models.sounds import HearBody, SayBody
from bulletin.newsroom_web.api.operation_table import Call, FileAnswer, Operation


def _say(call: Call) -> Any:
    return to_sound(hear_text(call.desk, call.body.text))


def _hear(call: Call) -> Any:
    if not call.body.story:
        return to_sound(hear_coming_bulletin(call.desk))
    return to_sound(hear_coming_story(call.desk, story=call.body.story))


def to_sound(heard: Heard) -> FileAnswer:
    """The file of a preview as an answer."""
    headers = {"X-Duration-S": f"{heard.duration_s:.2f}", "X-Spoken-Now": str(heard.spoken_now)}
    return FileAnswer(path=heard.path, media_type=MEDIA_TYPE, headers=headers)


OPERATIONS = (
    Operation(
        method="POST",
        path="stations/{station}/say",
        name="say_text",
        summary="A text as the station would say it; the answer is the sound.",
        role=Role.EDITOR,
        body=SayBody,
        answer=MEDIA_TYPE,
        asks_only=True,
        do=_say,
    ),
    Operation(
        method="POST",
        path="stations/{station}/next/hear",
        name="hear_bulletin",
        summary="A story, or the whole coming bulletin, before air; only what is new is spoken.",
        role=Role.EDITOR,
        body=HearBody,
        answer=MEDIA_TYPE,
        asks_only=True,
        do=_hear,
    ),
)
