"""Clips attached to a story: an edit that is kept, replaced, taken away and undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.edits.apply_to_script import apply_to_script
from bulletin.errors import NewsroomError, UnfitTextError, UnknownStoryError
from bulletin.model import AttachedClip, Edit, EditAction, EditState, RecordedClip, Sentence
from bulletin.newsroom.actions.attach_clips import ClipDetails, attach_clip, import_clip, remove_clip
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.speech.clips.clip_folder import CLIPS, keep_clip
from bulletin.speech.clips.recording_checks import RecordingError
from tests.support.factories import NOW, make_script, make_story_script
from tests.support.newsroom_desk import newsroom


def stored(desk: Desk, letter: str = "a", words: str = "We waited years.") -> RecordedClip:
    """A clip in the folder of clips; its sound is never read here."""
    folder = desk.state / CLIPS
    folder.mkdir(exist_ok=True)
    clip = RecordedClip(sha256=letter * 64, duration_s=6.0, words=words, speaker="Ann Fox")
    (folder / "part-new.wav").write_bytes(letter.encode())
    keep_clip(folder / "part-new.wav", clip, folder=folder)
    return clip


def last_sentences(desk: Desk, count: int) -> list[str]:
    return [sentence.text for sentence in coming_bulletin(desk).find("bridge").sentences[-count:]]


def test_a_clip_airs_after_the_text_between_the_editors_words(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        clip = stored(desk)
        answer = attach_clip(desk, story="bridge", recording=clip, before="The mayor said:", after="Ann Fox.")
        story = coming_bulletin(desk).find("bridge")
        said = last_sentences(desk, 3)

        undo_edit(desk)
        assert last_sentences(desk, 1) != ["Ann Fox."]

    assert (answer.edit.action, answer.edit.due, answer.edit.text) == (EditAction.CLIP, None, clip.words)
    assert said == ["The mayor said:", "We waited years.", "Ann Fox."]
    assert story.sentences[-2].recording == clip
    assert {sentence.editor for sentence in story.sentences[-3:]} == {"ann"}
    # nobody quotes the source in a recording
    assert not any(sentence.hints for sentence in story.sentences[-3:])


@pytest.mark.parametrize("from_end", [1, 2, 3])
def test_a_clip_and_the_words_around_it_are_changed_together(tmp_path: Path, from_end: int) -> None:
    with newsroom(tmp_path) as desk:
        attach_clip(desk, story="bridge", recording=stored(desk), before="The mayor said:", after="Ann Fox.")
        number = str(len(coming_bulletin(desk).find("bridge").sentences) + 1 - from_end)
        for text in ("The mayor told us:", ""):
            with pytest.raises(NewsroomError, match="ann attached this with the clip: attach the clip again"):
                reword_sentence(desk, story="bridge", sentence=number, text=text)


def test_a_later_clip_replaces_the_first_and_may_be_taken_away(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        attach_clip(desk, story="bridge", recording=stored(desk), before="The mayor said:")
        second = stored(desk, "b", "I object.")
        attach_clip(replace(desk, editor="ben"), story="bridge", recording=second.sha256)
        assert last_sentences(desk, 1) == ["I object."]
        assert "We waited years." not in last_sentences(desk, 9)

        remove_clip(desk, story="bridge")
        assert not any(s.recording for s in coming_bulletin(desk).find("bridge").sentences)


def test_a_clip_of_a_story_whose_every_sentence_is_left_out_can_be_taken_out(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        attach_clip(desk, story="bridge", recording=stored(desk))
        for sentence in coming_bulletin(desk).find("bridge").sentences:
            if not sentence.recording:
                reword_sentence(desk, story="bridge", sentence=sentence.original, text="")

        assert not remove_clip(desk, story="bridge").edit.details
        with pytest.raises(NewsroomError, match="has no clip to take out"):
            remove_clip(desk, story="bridge")


def test_the_same_request_sent_twice_is_one_edit(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        first, second = (
            attach_clip(desk, story="bridge", recording=stored(desk), key="k").edit for _ in range(2)
        )

    assert first.id == second.id


def test_what_cannot_air_is_refused(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        with pytest.raises(NewsroomError, match="has no clip to take out"):
            remove_clip(desk, story="bridge")
        with pytest.raises(RecordingError, match="upload it again"):
            attach_clip(desk, story="bridge", recording="../../etc/passwd")
        with pytest.raises(UnfitTextError, match="no word"):
            attach_clip(desk, story="bridge", recording=stored(desk), before="…")
        with pytest.raises(UnknownStoryError):
            attach_clip(desk, story="volcano", recording=stored(desk))
        with pytest.raises(RecordingError, match="the file is incomplete: 12 of 65,544"):
            import_clip(desk, b"RIFF\0\0\1\0WAVE", name="a.wav", details=ClipDetails())
        assert list((desk.state / CLIPS).glob("part-*")) == []


def edit_of(details: dict[str, object]) -> Edit:
    return Edit(
        id=1, station="demo", action=EditAction.CLIP, editor="ann", made_at=NOW, key="k",
        story_id="gazette:1", details=details,
    )  # fmt: skip


def test_the_clip_of_the_stations_own_story_gives_way_to_the_edit() -> None:
    own = AttachedClip(recording=RecordedClip(sha256="a" * 64, duration_s=2.0), before="He said:")
    item = make_story_script()
    story = replace(item.story, articles=(replace(item.story.best, clip=own),))
    tail = (
        Sentence(text="He said:", spoken="He said:"),
        Sentence(text="[x]", spoken="", recording=own.recording),
    )
    cuts = tuple(replace(cut, sentences=(*cut.sentences, *tail)) for cut in item.cuts)
    script = make_script(replace(item, story=story, cuts=cuts))

    reworded = Edit(
        id=2, station="demo", action=EditAction.REWORD, editor="ann", made_at=NOW, key="r",
        story_id="gazette:1", replaced="He said:", text="He told us:",
    )  # fmt: skip
    for edits in ([edit_of({})], [edit_of({}), reworded]):
        changed, results = apply_to_script(script, edits, say=lambda text, _: text)

        assert changed.stories[0].cuts == item.cuts
        assert {result.state for result in results} == {EditState.APPLIED}


def test_a_damaged_record_is_refused_and_changes_nothing() -> None:
    script = make_script()

    changed, (result,) = apply_to_script(
        script, [edit_of({"clip": {"recording": 7}})], say=lambda text, _: text
    )

    assert changed.stories == script.stories
    assert (result.state, "damaged" in result.reason) == (EditState.REFUSED, True)
