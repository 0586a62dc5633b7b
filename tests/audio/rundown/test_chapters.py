from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bulletin.audio.choose_stories_that_fit import take_longest_cuts
from bulletin.audio.place_sounds_on_timeline import Pacing, Rundown, VoicedPassage, lay_out_rundown
from bulletin.audio.rundown.chapters import make_chapters, make_cues
from bulletin.model import Clip, RecordedClip, Role, Sentence, Spoken
from tests.audio.sounds import (
    VOICE,
    make_bulletin_script,
    make_story_script,
    make_tunes,
    seconds_of,
    time_script,
)
from tests.support.factories import make_passage, make_script

RATE_HZ = 44_100


def lay_out(script, spoken=None):
    choice = take_longest_cuts(script, spoken or time_script(script))
    return lay_out_rundown(choice, make_tunes(), pacing=Pacing(gap_s=0.6), rate_hz=RATE_HZ)


def test_headlines_stories_and_closing_are_chapters():
    script = make_bulletin_script(make_story_script("one"), make_story_script("two"))

    chapters = make_chapters(script, lay_out(script))

    assert [chapter.title for chapter in chapters] == ["Headlines", "Title of one", "Title of two", "Closing"]
    assert [chapter.link for chapter in chapters] == [
        "",
        "https://news.example/one",
        "https://news.example/two",
        "",
    ]
    assert [chapter.story_id for chapter in chapters] == ["", "one", "two", ""]


def test_a_chapter_starts_with_its_first_word_and_lasts_until_the_next():
    script = make_bulletin_script(make_story_script("one"), make_story_script("two"))
    rundown = lay_out(script)

    chapters = make_chapters(script, rundown)

    starts = [
        voiced.start / RATE_HZ
        for voiced in rundown.voiced
        if voiced.clip.passage.role in ("opening", "story", "closing")
    ]
    assert [chapter.start_s for chapter in chapters] == starts
    assert [chapter.end_s for chapter in chapters] == [*starts[1:], rundown.duration_s]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("a" * 120, "a" * 120),
        ("Ferry stops " * 25, "Ferry stops " * 9 + "Ferry stops…"),
        ("Ferry stops, " * 25, "Ferry stops, " * 8 + "Ferry stops…"),
        ("語" * 300, "語" * 119 + "…"),
    ],
)
def test_a_long_chapter_title_is_cut_after_a_word_but_not_the_passage_title(title, shown):
    story_script = make_story_script("one")
    story_script = replace(
        story_script, cuts=tuple(replace(cut, title=title.strip()) for cut in story_script.cuts)
    )
    script = make_bulletin_script(story_script)
    rundown = lay_out(script)

    (chapter,) = [chapter for chapter in make_chapters(script, rundown) if chapter.story_id == "one"]

    assert chapter.title == shown
    assert {
        voiced.clip.passage.title for voiced in rundown.voiced if voiced.clip.passage.role is Role.STORY
    } == {title.strip()}


def test_without_headlines_the_first_chapter_is_the_opening():
    script = make_bulletin_script(make_story_script("one", headline=False))

    assert make_chapters(script, lay_out(script))[0].title == "Opening"


def test_headlines_without_an_opening_start_with_the_first_headline():
    script = make_bulletin_script(make_story_script("one"), make_story_script("two"), ident=False)
    clips = tuple(clip for clip in time_script(script).clips if clip.passage.role is not Role.OPENING)
    rundown = lay_out(script, Spoken(clips=clips, voice=VOICE, attempts=()))

    chapters = make_chapters(script, rundown)

    assert [chapter.title for chapter in chapters] == ["Headlines", "Title of one", "Title of two", "Closing"]
    assert chapters[0].start_s == rundown.voiced[0].start / RATE_HZ


def test_every_sentence_is_a_cue_in_order():
    script = make_bulletin_script(make_story_script("one"), make_story_script("two"))
    rundown = lay_out(script)

    cues = make_cues(rundown)

    assert [cue.text for cue in cues] == [
        sentence.text for voiced in rundown.voiced for sentence in voiced.clip.passage.sentences
    ]
    assert all(cue.start_s < cue.end_s for cue in cues)
    assert all(earlier.end_s <= later.start_s + 1e-9 for earlier, later in pairwise(cues))
    assert {cue.story_id for cue in cues if cue.role is Role.STORY} == {"one", "two"}


def two_sentences(**changes):
    sentences = (
        Sentence(text="Short.", spoken="Short."),
        Sentence(text="A longer one.", spoken="Rather a longer one."),
    )
    opening = make_passage(role=Role.OPENING, sentences=sentences)
    script = make_script(opening=opening)
    clips = tuple(
        Clip(passage=passage, path=clip.path, duration_s=clip.duration_s, rate_hz=24_000, **changes)
        if (passage := clip.passage) == opening
        else clip
        for clip in time_script(script).clips
    )
    rundown = lay_out(script, Spoken(clips=clips, voice=VOICE, attempts=()))
    return rundown.voiced[0].start / RATE_HZ, make_cues(rundown)[:2], seconds_of(opening)


def test_measured_sentence_times_are_used():
    start_s, cues, _ = two_sentences(sentence_times=((0.0, 0.9), (1.2, 2.95)))

    assert [(cue.start_s - start_s, cue.end_s - start_s) for cue in cues] == [
        pytest.approx((0.0, 0.9)),
        pytest.approx((1.2, 2.95)),
    ]


@pytest.mark.parametrize("times", [(), ((0.0, 1.0),)], ids=["none", "too few"])
def test_sentences_without_times_share_the_clip_by_their_letters(times):
    start_s, cues, whole_s = two_sentences(sentence_times=times)

    first, second = ((cue.start_s - start_s, cue.end_s - start_s) for cue in cues)
    assert first == pytest.approx((0.0, whole_s * 7 / 28))
    assert second == pytest.approx((whole_s * 7 / 28, whole_s))


def test_a_cue_does_not_outlast_its_clip():
    start_s, cues, whole_s = two_sentences(sentence_times=((0.0, 0.9), (1.2, 99.0)))

    assert cues[1].end_s - start_s == pytest.approx(whole_s)


def test_sentences_are_stretched_with_their_clip():
    """Cues follow speech that is stretched by 5 %."""
    sentences = (Sentence(text="One.", spoken="One."), Sentence(text="Two.", spoken="Two."))
    passage = make_passage(role=Role.OPENING, sentences=sentences)
    clip = Clip(
        passage=passage,
        path=Path("nowhere.wav"),
        duration_s=3.0,
        rate_hz=24_000,
        sentence_times=((0.0, 1.0), (1.4, 3.0)),
    )
    voiced = VoicedPassage(clip=clip, start=0, end=round(3.15 * RATE_HZ), stretch=1.05)
    rundown = Rundown(
        rate_hz=RATE_HZ, frames=voiced.end, voiced=(voiced,), played=(), pacing=Pacing(gap_s=0.6)
    )

    cues = make_cues(rundown)

    assert [(cue.start_s, cue.end_s) for cue in cues] == [
        pytest.approx((0.0, 1.05)),
        pytest.approx((1.47, 3.15)),
    ]


def test_a_recorded_voice_has_a_chapter_with_its_speaker_from_its_first_word() -> None:
    words = "We waited. It opens in the spring."
    recording = RecordedClip(sha256="a" * 64, duration_s=8.0, words=words, speaker="Ann Fox, mayor")
    said = Sentence(text=words, spoken="", recording=recording)
    lead = Sentence(text="The mayor spoke.", spoken="The mayor spoke.")
    passage = make_passage(sentences=(lead, said), story_id="one", title="Bridge")
    times = ((0.0, 2.0), (2.4, 10.4))
    clip = Clip(passage=passage, path=Path(), duration_s=10.4, rate_hz=RATE_HZ, sentence_times=times)
    voiced = VoicedPassage(clip=clip, start=RATE_HZ, end=RATE_HZ * 11, stretch=1.05)
    rundown = Rundown(
        rate_hz=RATE_HZ, frames=RATE_HZ * 15, voiced=(voiced,), played=(), pacing=Pacing(gap_s=0.6)
    )

    story, voice = make_chapters(make_script(), rundown)

    assert (story.title, story.story_id, story.start_s) == ("Bridge", "one", 1.0)
    assert (voice.title, voice.story_id) == ("Ann Fox, mayor", "")
    assert (voice.start_s, voice.end_s) == (pytest.approx(1.0 + 2.4 * 1.05), 15.0)
    lead_cue, first, second = make_cues(rundown)
    assert (lead_cue.speaker, first.speaker, second.speaker) == ("", "Ann Fox, mayor", "Ann Fox, mayor")
    assert (first.text, second.text) == ("We waited.", "It opens in the spring.")
    assert (first.start_s, second.end_s) == (pytest.approx(voice.start_s), pytest.approx(11.0, abs=0.93))
    assert first.end_s == second.start_s


def test_a_recorded_voice_without_words_is_known_to_be_heard() -> None:
    said = Sentence(text="", spoken="", recording=RecordedClip(sha256="a" * 64, duration_s=8.0))
    lead = Sentence(text="The mayor spoke.", spoken="The mayor spoke.")
    passage = make_passage(sentences=(lead, said), story_id="one", title="Bridge")
    times = ((0.0, 2.0), (2.4, 10.4))
    clip = Clip(passage=passage, path=Path(), duration_s=10.4, rate_hz=RATE_HZ, sentence_times=times)
    voiced = VoicedPassage(clip=clip, start=0, end=round(10.4 * RATE_HZ), stretch=1.0)
    rundown = Rundown(
        rate_hz=RATE_HZ, frames=voiced.end, voiced=(voiced,), played=(), pacing=Pacing(gap_s=0.6)
    )

    cues = make_cues(rundown)

    assert [(cue.text, cue.start_s, cue.end_s) for cue in cues] == [
        ("The mayor spoke.", 0.0, 2.0),
        ("", 2.4, 10.4),
    ]
