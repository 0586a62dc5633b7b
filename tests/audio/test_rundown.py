from dataclasses import replace

import pytest

from bulletin.audio.layout import Breath, Music, Tune
from bulletin.audio.rundown import clock, plan_rundown
from bulletin.model import Spoken
from tests.audio.sounds import VOICE, make_told, make_tunes, make_words, time_script, words_of


def plan(script, target_s, *, tunes=None, gap_s=0.6, **changes):
    tunes = make_tunes() if tunes is None else tunes
    spoken = changes.pop("spoken", None) or time_script(script)
    return plan_rundown(script, spoken, tunes, target_s=target_s, gap_s=gap_s, rate_hz=44_100, **changes)


def make_day(count=9):
    return make_words(
        *[make_told(f"news{n}", headline=n < 3) for n in range(count)],
        make_told("cat", light=True, headline=False),
        make_told("rain", category="weather", headline=False, cuts=1),
    )


@pytest.mark.parametrize("target_s", [60, 75, 90, 105, 120, 133.3, 150, 180, 240])
@pytest.mark.parametrize("with_music", [True, False])
def test_a_day_with_enough_news_hits_its_target(target_s, with_music):
    made = plan(make_day(), float(target_s), tunes=None if with_music else {})

    # Six seconds lie between the cuts of these stories; without music only gaps can make them good.
    assert made.rundown.duration_s == pytest.approx(target_s, abs=0.1 if with_music else 3.0)
    assert bool(made.notes) == (abs(made.rundown.duration_s - target_s) > 0.1)


# Stories that can be told at one length only: gaps cannot make good what one story more or less makes.
@pytest.mark.parametrize("target_s", [57.0, 62.5, 72.5, 76.5])
def test_speech_makes_good_what_gaps_cannot(target_s):
    script = make_words(*[make_told(f"news{n}", cuts=1, headline=False) for n in range(6)])
    without = plan(script, target_s, tunes={})
    made = plan(script, target_s, tunes={}, bend=0.05)

    assert abs(without.rundown.duration_s - target_s) > 0.1
    assert made.rundown.duration_s == pytest.approx(target_s, abs=0.001)
    assert 0.95 <= made.rundown.breath.stretch <= 1.05
    assert not [note for note in made.notes if "target" in note]


def test_speech_is_left_alone_where_gaps_and_music_suffice():
    made = plan(make_day(), 120.0, bend=0.05)

    assert made.rundown.duration_s == pytest.approx(120.0, abs=0.001)
    assert made.rundown.breath.stretch == 1.0


def test_too_little_news_is_told_with_the_usual_breath():
    made = plan(make_words(make_told("one"), make_told("two")), 600.0, bend=0.05)

    assert (made.rundown.breath.gap_s, made.rundown.breath.stretch) == (0.6, 1.0)


def test_what_airs_is_told_in_running_order_and_the_rest_is_dropped():
    made = plan(make_day(), 90.0)

    names = [name.split()[1] for name in words_of(made.aired) if name.startswith("story")]
    assert names[0] == "news0"
    assert names[-1] == "rain"
    assert len(names) + len(made.dropped) == 11


def test_too_little_news_is_said():
    made = plan(make_words(make_told("one"), make_told("two")), 300.0)

    assert len(made.notes) == 1
    assert "5:00.0: there is too little news" in made.notes[0]


def test_a_target_shorter_than_opening_and_closing_still_has_the_lead():
    made = plan(make_day(), 10.0)

    assert words_of(made.aired) == ["opening", "story news0 short", "closing"]
    assert "opening, lead story and closing alone are longer" in made.notes[-1]


@pytest.mark.parametrize(
    ("target_s", "gone"),
    [(27.0, []), (22.5, ["the closing jingle"]), (18.0, ["the closing jingle", "the ident"])],
)
def test_a_short_bulletin_does_without_luxuries_and_says_so(target_s, gone):
    made = plan(make_day(), target_s)

    assert list(made.notes) == [f"without {name}, for want of time" for name in gone]
    assert made.rundown.duration_s <= target_s + 0.1
    assert "story news0 short" in words_of(made.aired)


def test_a_voice_over_longer_than_its_ident_goes_first():
    tunes = make_tunes() | {Music.IDENT: Tune(length_s=1.0, talk_from_s=0.5, talk_until_s=1.0)}

    assert "ident" in words_of(plan(make_day(), 27.0, tunes=tunes).aired)
    made = plan(make_day(), 21.0, tunes=tunes)

    assert made.notes == ("without the ident's voice-over, for want of time",)
    assert "ident" not in words_of(made.aired)


def test_too_little_news_is_no_ground_to_leave_anything_out():
    made = plan(make_words(make_told("one"), make_told("two")), 300.0)

    assert words_of(made.aired)[0] == "ident"


def test_a_script_of_which_only_stories_were_spoken_can_be_planned():
    script = make_words(make_told("one"), ident=False)
    clips = tuple(clip for clip in time_script(script).clips if clip.passage.role == "story")

    made = plan_rundown(
        script,
        Spoken(clips=clips, voice=VOICE, attempts=()),
        make_tunes(),
        target_s=30.0,
        gap_s=0.6,
        rate_hz=44_100,
    )

    assert [passage.role for passage in made.aired] == ["story"]


def stories_of(made):
    return [passage.story_id for passage in made.aired if passage.role == "story"]


@pytest.mark.parametrize("target_s", [30, 45, 60, 75, 90, 105, 120, 133.3, 150, 180])
@pytest.mark.parametrize("bed", ["none", "headlines", "whole"])
def test_at_most_is_never_longer(target_s, bed):
    made = plan(make_day(), float(target_s), bend=0.05, is_up_to=True, bed=bed)

    assert target_s - 20 < made.rundown.duration_s <= target_s
    assert made.rundown.breath == Breath(gap_s=0.6)
    assert made.notes == ()


def test_at_most_needs_no_longer_telling_to_be_full():
    """Ten minutes for a speaker: what there is, as it is usually told."""
    made = plan(make_words(make_told("one"), make_told("two")), 600.0, is_up_to=True, bed="none")

    assert [p.cut for p in made.aired if p.role == "story"] == ["normal", "normal"]


def test_at_most_a_target_that_the_lead_hardly_fits_is_kept_all_the_same():
    made = plan(make_day(), 16.0, bend=0.05, is_up_to=True, bed="none")

    assert stories_of(made) == ["news0"]
    assert made.rundown.duration_s <= 16.0


def test_dry_is_without_jingles_and_without_their_words():
    made = plan(make_day(), 90.0, bend=0.05, bed="none")

    assert made.rundown.played == ()
    assert "ident" not in words_of(made.aired)
    assert made.rundown.duration_s == pytest.approx(90.0, abs=0.001)


def test_with_too_little_news_the_bed_plays_on_and_that_is_said():
    made = plan(make_words(make_told("one"), make_told("two")), 300.0, fills=True)

    assert made.rundown.frames == 300 * 44_100
    assert made.notes[0].startswith("there is too little news: the bed plays on for ")


def test_nothing_is_filled_where_news_fills_it():
    assert plan(make_day(), 120.0, bend=0.05, fills=True) == plan(make_day(), 120.0, bend=0.05)


def test_a_station_without_a_bed_cannot_fill():
    made = plan(make_words(make_told("one")), 300.0, tunes={}, fills=True)

    assert made.notes[0].endswith("there is too little news, and no bed to fill the rest")


def test_a_second_rendition_tells_the_stories_of_the_first():
    """A longer opening and less music: what it may tell is told, shorter where it must be."""
    first = stories_of(plan(make_day(), 120.0, bend=0.05))

    for bed in ("none", "headlines", "whole"):
        for is_up_to in (True, False):
            other = plan(make_day(), 120.0, bend=0.05, bed=bed, is_up_to=is_up_to, only=first)
            assert stories_of(other) == first
            assert {left.reason for left in other.dropped} == {"is not in the first rendition"}


def test_a_story_in_the_middle_goes_when_only_that_hits_the_length():
    """The third story is far too long; news drops from its end unless the length were missed."""
    names = ["lead", "two", "huge", "four"]
    script = make_words(*[make_told(name, cuts=1, headline=False) for name in names], ident=False)
    clips = [
        replace(clip, duration_s=200.0) if clip.passage.story_id == "huge" else clip
        for clip in time_script(script).clips
    ]
    spoken = Spoken(clips=tuple(clips), voice=VOICE, attempts=())

    made = plan(script, 51.0, tunes={}, bend=0.05, spoken=spoken)

    assert stories_of(made) == ["lead", "two", "four"]
    assert made.rundown.duration_s == pytest.approx(51.0, abs=0.001)


def lasting(script, **seconds):
    """The script spoken; the clips of some stories last otherwise."""
    return Spoken(
        clips=tuple(
            replace(clip, duration_s=seconds[clip.passage.story_id])
            if clip.passage.role == "story" and clip.passage.story_id in seconds
            else clip
            for clip in time_script(script).clips
        ),
        voice=VOICE,
        attempts=(),
    )


def slowly(script, *, story_s):
    """A dry read: opening and closing take most of half a minute."""
    lasts_s = {"opening": 9.0, "closing": 10.0, "headline": 4.2, "story": story_s, "ident": 2.0}
    clips = tuple(
        replace(clip, duration_s=lasts_s[clip.passage.role] + 6.0 * (clip.passage.cut == "long"))
        for clip in time_script(script).clips
    )
    return Spoken(clips=clips, voice=VOICE, attempts=())


def test_stories_are_told_by_their_headlines_where_only_that_hits_the_length():
    script = make_words(*[make_told(f"news{n}") for n in range(8)])
    spoken = slowly(script, story_s=16.0)

    made = plan(script, 30.0, spoken=spoken, tunes={}, bend=0.05, bed="none")

    assert made.rundown.duration_s == pytest.approx(30.0, abs=0.001)
    assert [p.text for p in made.aired[1:-1]] == ["Headline of news0.", "Headline of news1."]
    assert made.notes == (
        '"Title of news0" is told by its headline alone: no cut of it fits',
        '"Title of news1" is told by its headline alone: no cut of it fits',
    )


@pytest.mark.parametrize(
    ("is_all", "said"),
    [
        (True, "there is too little news"),
        (False, 'comes nearer, with gaps spread and speech bent; another length, or "up to" it, leaves more'),
    ],
)
def test_a_bulletin_that_no_choice_makes_long_enough_says_why(is_all, said):
    """News may be wanting, or there is some that seemed not worth speaking."""
    script = make_words(make_told("news0", headline=False))

    made = plan(script, 43.0, spoken=slowly(script, story_s=3.0), tunes={}, bed="none", is_all=is_all)

    assert made.rundown.duration_s < 43.0
    assert said in made.notes[-1]


@pytest.mark.parametrize("is_up_to", [True, False])
def test_a_lead_longer_than_the_whole_is_told_by_its_headline(is_up_to):
    script = make_day(6)

    made = plan(script, 60.0, bend=0.05, spoken=lasting(script, news0=100.0), is_up_to=is_up_to)

    assert stories_of(made)[0] == "news0"
    assert [p.text for p in made.aired if p.story_id == "news0"] == ["Headline of news0."]
    assert made.notes == (
        "the lead is told by its headline alone: it is longer than the whole bulletin may be",
    )
    assert 45 < made.rundown.duration_s <= 60.0


def test_any_other_story_longer_than_the_whole_is_dropped():
    script = make_day(6)

    made = plan(script, 60.0, bend=0.05, spoken=lasting(script, news1=100.0))

    assert "news1" not in stories_of(made)
    assert made.rundown.duration_s == pytest.approx(60.0, abs=0.001)


def test_a_cut_that_the_voice_broke_off_is_told_at_another_length():
    """A tenth of a second for a story: the other cuts of it are told."""
    script = make_words(*[make_told(f"a story about number {n}", headline=False) for n in range(3)])
    whole = plan(script, 66.0, bend=0.05)
    normal = script.stories[1].cuts[1]
    clips = tuple(
        replace(clip, duration_s=0.1) if clip.passage == normal else clip
        for clip in time_script(script).clips
    )

    made = plan(script, 66.0, bend=0.05, spoken=Spoken(clips=clips, voice=VOICE, attempts=()))

    assert normal in whole.aired
    assert normal not in made.aired
    assert len(stories_of(made)) == 3
    assert "was cut short by the voice" in made.notes[0]


def test_headlines_go_before_the_jingles_do():
    tunes = make_tunes(Music.IDENT, Music.CLOSING)
    script = make_words(*[make_told(f"news{n}", cuts=1) for n in range(2)], ident=False)

    made = plan(script, 44.0, tunes=tunes, bend=0.05)

    assert made.notes == ("without headlines, for want of time",)
    assert len(stories_of(made)) == 2
    assert made.rundown.duration_s == pytest.approx(44.0, abs=0.001)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00.0"), (59.96, "1:00.0"), (117.3, "1:57.3"), (600, "10:00.0")]
)
def test_a_clock_reads_minutes_seconds_and_tenths(seconds, text):
    assert clock(seconds) == text
