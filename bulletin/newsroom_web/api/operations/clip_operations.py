"""Operations on recorded clips: with a story of the coming bulletin, or with an own story."""

from __future__ import annotations

from typing import Any

from bulletin.model import AttachedClip, RecordedClip
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.attach_clips import ClipDetails, attach_clip, import_clip, remove_clip
from bulletin.newsroom.actions.own_stories import OwnStory, add_own_story
from bulletin.newsroom_web.api.models.bulletins import EditAnswerItem
from bulletin.newsroom_web.api.models.names_and_clips import ClipFields, OwnStoryWithClip, StoryClip
from bulletin.newsroom_web.api.models.stories import OwnStoryItem, StoryId
from bulletin.newsroom_web.api.operation_table import Call, Operation

_HERE = "stations/{station}"


def _attach(call: Call) -> Any:
    body = call.body
    recording = _import(call, body)
    return attach_clip(
        call.desk, story=body.story, recording=recording, before=body.before, after=body.after, key=call.key
    )


def _remove(call: Call) -> Any:
    return remove_clip(call.desk, story=call.body.story, key=call.key)


def _add(call: Call) -> Any:
    body = call.body
    clip = AttachedClip(recording=_import(call, body), before=body.before, after=body.after)
    story = OwnStory(title=body.title, text=body.text, hours=body.hours, credit=body.credit, clip=clip)
    return add_own_story(call.desk, story, key=call.key)


def _import(call: Call, body: ClipFields) -> RecordedClip:
    upload = call.form.upload("file")
    details = ClipDetails(
        before=body.before,
        after=body.after,
        words=body.words,
        speaker=body.speaker,
        credit=body.clip_credit,
        rights=body.rights,
        may_cut=body.may_cut == "true",
        reduces_noise=body.reduce_noise == "true",
        transcribes=body.transcribe == "true",
    )
    return import_clip(call.desk, upload.path, name=upload.name, details=details)


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{_HERE}/next/clip",
        name="attach_clip",
        summary="Let a recorded voice air at the end of a story.",
        role=Role.EDITOR,
        form=StoryClip,
        answer=EditAnswerItem,
        do=_attach,
    ),
    Operation(
        method="POST",
        path=f"{_HERE}/next/clip/remove",
        name="remove_clip",
        summary="Let a story air without its clip.",
        role=Role.EDITOR,
        body=StoryId,
        answer=EditAnswerItem,
        do=_remove,
    ),
    Operation(
        method="POST",
        path=f"{_HERE}/stories/with-clip",
        name="add_own_story_with_clip",
        summary="Add a story with a recorded voice at its end.",
        role=Role.EDITOR,
        form=OwnStoryWithClip,
        answer=OwnStoryItem,
        do=_add,
    ),
)
