"""The coming bulletin heard before air."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bulletin.errors import UnknownStoryError
from bulletin.model import RecordedClip
from bulletin.newsroom.actions.attach_clips import attach_clip
from bulletin.newsroom.actions.respell_names import save_respelling
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.hear_coming import hear_coming_bulletin, hear_coming_story, hear_text
from bulletin.runtime.read_sound_file import write_wav
from bulletin.speech.clips.clip_folder import CLIPS, keep_clip
from tests.support.newsroom_desk import newsroom

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with newsroom(tmp_path) as desk:
        yield desk


def test_words_are_heard_with_the_names_of_now(desk: Desk) -> None:
    save_respelling(desk, name="Wexcombe", respelling="Wecks-kum")

    assert "Wecks-kum" in hear_coming_story(desk, story="bridge").spoken[0]
    assert hear_text(desk, "Wexcombe.").spoken == ("Wecks-kum.",)


def test_a_reworded_sentence_is_the_only_one_spoken(desk: Desk) -> None:
    before = hear_coming_story(desk, story="bridge")
    first = coming_bulletin(desk).find("bridge").sentences[0]
    reword_sentence(desk, story="bridge", sentence=first.original, text="Corn Bridge is shut.")

    after = hear_coming_story(desk, story="bridge")

    assert (after.spoken[0], after.spoken[1:], after.spoken_now) == (
        "Corn Bridge is shut.",
        before.spoken[1:],
        1,
    )


def test_the_whole_bulletin_is_heard_in_running_order(desk: Desk) -> None:
    heard = hear_coming_bulletin(desk)

    aired = coming_bulletin(desk).aired
    assert heard.spoken == tuple(s.spoken for p in aired for s in p.sentences if s.is_heard)
    assert hear_coming_bulletin(desk).spoken_now == 0


def test_a_candidate_is_heard_whole(desk: Desk) -> None:
    others = coming_bulletin(desk).others

    heard = hear_coming_story(desk, story=others[0].id)

    assert len(heard.spoken) == len(others[0].sentences)


def test_the_recording_of_a_candidate_is_heard_not_read(desk: Desk, tmp_path: Path) -> None:
    sound = tmp_path / "mayor.wav"
    write_wav(sound, 0.1 * np.sin(np.arange(48_000, dtype=np.float32) / 20), rate_hz=48_000)
    clip = RecordedClip(sha256="ab" * 32, duration_s=1.0, words="We are sorry.", speaker="the mayor")
    (desk.state / CLIPS).mkdir()
    keep_clip(sound, clip, folder=desk.state / CLIPS)
    candidate = coming_bulletin(desk).others[0].id
    attach_clip(desk, story=candidate, recording=clip)

    assert hear_coming_story(desk, story=candidate).voices[-1] == "recording: the mayor"


def test_a_story_that_is_not_there_is_named(desk: Desk) -> None:
    with pytest.raises(UnknownStoryError):
        hear_coming_story(desk, story="nothing")
