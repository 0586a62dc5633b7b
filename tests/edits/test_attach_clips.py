"""Recordings that editors attach to stories."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bulletin.edits.apply_to_script import apply_to_script
from bulletin.edits.attach_clips import clip_to_details
from bulletin.model import (
    AttachedClip,
    Cut,
    Edit,
    EditAction,
    EditState,
    Origin,
    Passage,
    RecordedClip,
    Role,
    Script,
    Sentence,
)
from tests.support.factories import NOW, make_script, make_story, make_story_script


def sentence(text: str) -> Sentence:
    return Sentence(text=text, spoken=text, origins=(Origin(article_id="gazette:1", text=text),))


def script_of_two_cuts() -> Script:
    told = (sentence("The bridge closes."), sentence("It needs repairs."))
    cuts = tuple(
        Passage(role=Role.STORY, story_id="gazette:1", cut=cut, title="Bridge", sentences=told[:count])
        for cut, count in ((Cut.SHORT, 1), (Cut.NORMAL, 2))
    )
    return make_script(make_story_script(make_story(), cuts=cuts))


def edit(number: int, clip: AttachedClip, **changes: Any) -> Edit:
    fields: dict[str, Any] = {
        "station": "demo", "action": EditAction.CLIP, "editor": "ann", "made_at": NOW, "key": str(number),
        "id": number, "story_id": "gazette:1", "details": clip_to_details(clip),
    }  # fmt: skip
    return Edit(**(fields | changes))


def mayor(seconds: float = 8.0, **changes: Any) -> AttachedClip:
    recording = RecordedClip(sha256=f"{seconds:064.0f}", duration_s=seconds, words="We will mend it.")
    return AttachedClip(
        **({"recording": recording, "before": "The mayor said:", "after": "So he did."} | changes)
    )


def texts(script: Script) -> list[list[str]]:
    return [[each.text for each in cut.sentences] for cut in script.stories[0].cuts]


def test_every_cut_ends_with_the_recording_and_the_editors_words_around_it() -> None:
    script, (result,) = apply_to_script(
        script_of_two_cuts(), [edit(1, mayor())], say=lambda text, _: text.upper()
    )

    clip = ["The mayor said:", "We will mend it.", "So he did."]
    assert texts(script) == [
        ["The bridge closes.", *clip],
        ["The bridge closes.", "It needs repairs.", *clip],
    ]
    assert result.state is EditState.APPLIED
    before, recorded, _ = script.stories[0].cuts[0].sentences[1:]
    assert (before.spoken, before.editor) == ("THE MAYOR SAID:", "ann")
    assert recorded.recording
    assert (recorded.recording.duration_s, recorded.spoken, recorded.editor) == (8.0, "", "ann")


def test_a_later_clip_replaces_an_earlier_one_and_words_stay_reworded() -> None:
    reword = edit(
        3, mayor(), action=EditAction.REWORD, replaced="The bridge closes.", text="It shuts.", details={}
    )
    edits = [edit(1, mayor()), edit(2, mayor(5.0, before="", after="")), reword]

    script, results = apply_to_script(script_of_two_cuts(), edits, say=lambda text, _: text)

    assert texts(script)[0] == ["It shuts.", "We will mend it."]
    assert [(item.edit.id, item.state) for item in results] == [
        (1, EditState.REPLACED), (2, EditState.APPLIED), (3, EditState.APPLIED),
    ]  # fmt: skip


def test_a_record_that_cannot_be_read_is_refused_and_the_story_airs_as_it_was() -> None:
    broken = replace(edit(1, mayor()), details={"clip": {"recording": {}}})

    script, (result,) = apply_to_script(script_of_two_cuts(), [broken], say=lambda text, _: text)

    assert result.state is EditState.REFUSED
    assert texts(script) == texts(script_of_two_cuts())
