"""Operations that answer with sound: a text, a story or the coming bulletin before air."""

from __future__ import annotations

from typing import Any

from bulletin.model import Sentence
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.hear import MEDIA_TYPE, Heard, hear_bulletin, hear_sentence, hear_story
from bulletin.newsroom_web.api.models.sounds import HearBody, SayBody
from bulletin.newsroom_web.api.operation_table import Call, Operation, SoundAnswer
from bulletin.station.station_voices import StationVoices, open_station_voices


def station_voices(call: Call) -> StationVoices:
    """Voices of the call's station."""
    desk = call.desk
    return open_station_voices(desk.loaded, output=desk.output, archive=desk.archive)


def _say(call: Call) -> Any:
    return to_sound(hear_sentence(station_voices(call), call.body.text))


def _hear(call: Call) -> Any:
    bulletin = coming_bulletin(call.desk)
    if not call.body.story:
        return to_sound(hear_bulletin(station_voices(call), bulletin.aired))
    story = bulletin.find(call.body.story)
    sentences = story.aired_sentences or story.sentences
    spoken = [Sentence(text=each.text, spoken=each.spoken) for each in sentences]
    return to_sound(hear_story(station_voices(call), spoken))


def to_sound(heard: Heard) -> SoundAnswer:
    """The file of a preview as an answer."""
    headers = {"X-Duration-S": f"{heard.duration_s:.2f}", "X-Spoken-Now": str(heard.spoken_now)}
    return SoundAnswer(path=heard.path, media_type=MEDIA_TYPE, headers=headers)


OPERATIONS = (
    Operation(
        method="POST",
        path="stations/{station}/say",
        name="say_text",
        summary="A text as the station would say it; the answer is the sound.",
        role=Role.EDITOR,
        body=SayBody,
        answer=MEDIA_TYPE,
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
        do=_hear,
    ),
)
