from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.audio.rundown.drop_incomplete_speech_clips import drop_incomplete_clips
from bulletin.model import Clip, Cut, Passage, Role, Sentence, Spoken
from tests.audio.sounds import VOICE

WORDS = "The county council said that the bridge over the river stays closed until the end of May"
SECONDS = 6.0


def spoken(*clips):
    return Spoken(clips=clips, voice=VOICE, attempts=())


def clip(number, *, seconds=(SECONDS,), times=True, **changes):
    """A clip with one sentence for each number of seconds."""
    sentences = tuple(Sentence(text=WORDS, spoken=f"{WORDS} {number}.") for _ in seconds)
    ends = [sum(seconds[: n + 1]) + 0.3 * n for n in range(len(seconds))]
    fields = {"role": Role.STORY, "story_id": str(number), "title": f"Story {number}", "sentences": sentences}
    return Clip(
        passage=Passage(**(fields | changes)),
        path=Path("nowhere.wav"),
        duration_s=ends[-1],
        rate_hz=24_000,
        sentence_times=tuple((end - s, end) for end, s in zip(ends, seconds, strict=True)) if times else (),
    )


def left_out(*clips):
    kept, notes = drop_incomplete_clips(spoken(*clips))
    return [clip.passage.story_id for clip in clips if clip not in kept.clips], notes


@pytest.mark.parametrize("times", [True, False])
def test_a_truncated_clip_is_dropped(times):
    clips = [clip(n, times=times) for n in range(5)]

    gone, notes = left_out(*clips, clip(9, seconds=(2.0,), times=times))

    assert gone == ["9"]
    assert notes == ('the normal cut of the story "Story 9" was cut short by the voice and is left out',)


def test_a_sentence_that_is_missing_in_a_long_story_is_found():
    clips = [clip(n, seconds=(SECONDS, SECONDS)) for n in range(4)]

    gone, _ = left_out(*clips, clip(9, seconds=(SECONDS, SECONDS, SECONDS, 0.1), cut=Cut.LONG))

    assert gone == ["9"]


def test_a_quick_sentence_is_no_fault():
    assert left_out(*[clip(n) for n in range(5)], clip(9, seconds=(3.5,))) == ([], ())


def test_each_reader_has_a_pace_of_his_own():
    slow = [clip(n, seconds=(12.0,), by_second=True) for n in range(6)]
    fast = [clip(n, seconds=(5.0,)) for n in range(6, 12)]

    assert left_out(*slow, *fast) == ([], ())


def test_a_few_sentences_give_no_pace():
    assert left_out(clip(1), clip(2), clip(9, seconds=(1.0,))) == ([], ())


def test_a_few_words_may_be_of_any_pace():
    short = replace(clip(9).passage, role=Role.OPENING, sentences=(Sentence(text="News.", spoken="News."),))
    quick = Clip(passage=short, path=Path("nowhere.wav"), duration_s=0.01, rate_hz=24_000)

    assert left_out(*[clip(n) for n in range(5)], quick) == ([], ())


def test_notes_name_the_role_of_the_stations_own_words():
    _, notes = left_out(
        *[clip(n) for n in range(5)], clip("", seconds=(1.0,), role=Role.CLOSING, title="", story_id="")
    )

    assert notes == ("the closing was cut short by the voice and is left out",)
