from dataclasses import replace

import pytest

from bulletin.audio.metering.quality_report import clock
from bulletin.audio.place_sounds_on_timeline import Pacing
from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget
from bulletin.audio.rundown.plan_rundown import plan_rundown
from bulletin.model import Spoken
from tests.audio.sounds import (
    VOICE,
    describe_passages,
    make_bulletin_script,
    make_story_script,
    make_tunes,
    time_script,
)


def plan(script, target_s, *, tunes=None, gap_s=0.6, **changes):
    tunes = make_tunes() if tunes is None else tunes
    spoken = changes.pop("spoken", None) or time_script(script)
    choice = {name: changes.pop(name) for name in ("only", "is_all") if name in changes}
    length = LengthTarget(target_s=target_s, gap_s=gap_s, rate_hz=44_100, **changes)
    return plan_rundown(script, spoken, tunes, length, **choice)


def make_day(count=9):
    return make_bulletin_script(
        *[make_story_script(f"news{n}", headline=n < 3) for n in range(count)],
        make_story_script("cat", light=True, headline=False),
        make_story_script("rain", category="weather", headline=False, cuts=1),
    )


@pytest.mark.parametrize("target_s", [60, 75, 90, 105, 120, 133.3, 150, 180, 240])
@pytest.mark.parametrize("with_music", [True, False])
def test_a_day_with_enough_news_hits_its_target(target_s, with_music):
    made = plan(make_day(), float(target_s), tunes=None if with_music else {})

    # The cuts of a story differ by six seconds; without music only gaps can fill the difference.
    assert made.rundown.duration_s == pytest.approx(target_s, abs=0.1 if with_music else 3.0)
    assert bool(made.notes) == (abs(made.rundown.duration_s - target_s) > 0.1)


# Stories with a single cut: gaps alone cannot fill the length of a whole story.
@pytest.mark.parametrize("target_s", [57.0, 62.5, 72.5, 76.5])
def test_stretched_speech_hits_the_length_where_gaps_cannot(target_s):
    script = make_bulletin_script(*[make_story_script(f"news{n}", cuts=1, headline=False) for n in range(6)])
    without = plan(script, target_s, tunes={})
    made = plan(script, target_s, tunes={}, bend=0.05)

    assert abs(without.rundown.duration_s - target_s) > 0.1
    assert made.rundown.duration_s == pytest.approx(target_s, abs=0.001)
    assert 0.95 <= made.rundown.pacing.stretch <= 1.05
    assert not [note for note in made.notes if "target" in note]


def test_speech_is_not_stretched_where_gaps_and_music_suffice():
    made = plan(make_day(), 120.0, bend=0.05)

    assert made.rundown.duration_s == pytest.approx(120.0, abs=0.001)
    assert made.rundown.pacing.stretch == 1.0


def test_too_little_news_airs_with_the_usual_gaps():
    made = plan(make_bulletin_script(make_story_script("one"), make_story_script("two")), 600.0, bend=0.05)

    assert (made.rundown.pacing.gap_s, made.rundown.pacing.stretch) == (0.6, 1.0)


def test_aired_stories_are_in_running_order_and_the_rest_is_dropped():
    made = plan(make_day(), 90.0)

    names = [name.split()[1] for name in describe_passages(made.aired) if name.startswith("story")]
    assert names[0] == "news0"
    assert names[-1] == "rain"
    assert len(names) + len(made.dropped) == 11


def test_too_little_news_is_noted():
    made = plan(make_bulletin_script(make_story_script("one"), make_story_script("two")), 300.0)

    assert len(made.notes) == 1
    assert "5:00.0: there is too little news" in made.notes[0]


def test_a_script_of_which_only_stories_were_spoken_can_be_planned():
    script = make_bulletin_script(make_story_script("one"), ident=False)
    clips = tuple(clip for clip in time_script(script).clips if clip.passage.role == "story")

    made = plan_rundown(
        script,
        Spoken(clips=clips, voice=VOICE, attempts=()),
        make_tunes(),
        LengthTarget(target_s=30.0, gap_s=0.6, rate_hz=44_100),
    )

    assert [passage.role for passage in made.aired] == ["story"]


def stories_of(made):
    return [passage.story_id for passage in made.aired if passage.role == "story"]


@pytest.mark.parametrize("target_s", [30, 45, 60, 75, 90, 105, 120, 133.3, 150, 180])
@pytest.mark.parametrize("bed", ["none", "headlines", "whole"])
def test_up_to_a_length_is_never_longer(target_s, bed):
    made = plan(make_day(), float(target_s), bend=0.05, is_up_to=True, bed=bed)

    assert target_s - 20 < made.rundown.duration_s <= target_s
    assert made.rundown.pacing == Pacing(gap_s=0.6)
    assert made.notes == ()


def test_up_to_a_length_uses_normal_cuts():
    """Ten minutes for a speaker: all stories air at their normal length."""
    made = plan(
        make_bulletin_script(make_story_script("one"), make_story_script("two")),
        600.0,
        is_up_to=True,
        bed="none",
    )

    assert [p.cut for p in made.aired if p.role == "story"] == ["normal", "normal"]


def test_up_to_a_length_holds_even_where_the_lead_hardly_fits():
    made = plan(make_day(), 16.0, bend=0.05, is_up_to=True, bed="none")

    assert stories_of(made) == ["news0"]
    assert made.rundown.duration_s <= 16.0


def test_a_dry_bulletin_has_no_jingles_and_no_ident_words():
    made = plan(make_day(), 90.0, bend=0.05, bed="none")

    assert made.rundown.played == ()
    assert "ident" not in describe_passages(made.aired)
    assert made.rundown.duration_s == pytest.approx(90.0, abs=0.001)


def test_with_too_little_news_the_bed_plays_on_and_a_note_says_so():
    made = plan(make_bulletin_script(make_story_script("one"), make_story_script("two")), 300.0, fills=True)

    assert made.rundown.frames == 300 * 44_100
    assert made.notes[0].startswith("there is too little news: the bed plays on for ")


def test_nothing_is_filled_with_enough_news():
    assert plan(make_day(), 120.0, bend=0.05, fills=True) == plan(make_day(), 120.0, bend=0.05)


def test_a_station_without_a_bed_cannot_fill():
    made = plan(make_bulletin_script(make_story_script("one")), 300.0, tunes={}, fills=True)

    assert made.notes[0].endswith("there is too little news, and no bed to fill the rest")


def test_a_second_rendition_has_the_stories_of_the_first():
    """Another opening and less music do not change the stories, only their cuts."""
    first = stories_of(plan(make_day(), 120.0, bend=0.05))

    for bed in ("none", "headlines", "whole"):
        for is_up_to in (True, False):
            other = plan(make_day(), 120.0, bend=0.05, bed=bed, is_up_to=is_up_to, only=first)
            assert stories_of(other) == first
            assert {left.reason for left in other.dropped} == {"is not in the first rendition"}


def test_a_story_in_the_middle_goes_when_only_that_hits_the_length():
    """The third story is far too long; stories are dropped from the end only if the length fits."""
    names = ["lead", "two", "huge", "four"]
    script = make_bulletin_script(
        *[make_story_script(name, cuts=1, headline=False) for name in names], ident=False
    )
    clips = [
        replace(clip, duration_s=200.0) if clip.passage.story_id == "huge" else clip
        for clip in time_script(script).clips
    ]
    spoken = Spoken(clips=tuple(clips), voice=VOICE, attempts=())

    made = plan(script, 51.0, tunes={}, bend=0.05, spoken=spoken)

    assert stories_of(made) == ["lead", "two", "four"]
    assert made.rundown.duration_s == pytest.approx(51.0, abs=0.001)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00.0"), (59.96, "1:00.0"), (117.3, "1:57.3"), (600, "10:00.0")]
)
def test_a_clock_reads_minutes_seconds_and_tenths(seconds, text):
    assert clock(seconds) == text
