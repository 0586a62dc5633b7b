"""Rundown of a length that is hard or impossible to reach: stories left out, and the notes."""

from dataclasses import replace

import pytest

from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming
from bulletin.model import Spoken
from tests.audio.rundown.test_plan_rundown import make_day, plan, stories_of
from tests.audio.sounds import (
    VOICE,
    describe_passages,
    make_bulletin_script,
    make_story_script,
    make_tunes,
    time_script,
)


def test_a_target_shorter_than_opening_and_closing_still_has_the_lead():
    made = plan(make_day(), 10.0)

    assert describe_passages(made.aired) == ["opening", "story news0 short", "closing"]
    assert "opening, lead story and closing alone are longer" in made.notes[-1]


@pytest.mark.parametrize(
    ("target_s", "gone"),
    [(27.0, []), (22.5, ["the closing jingle"]), (18.0, ["the closing jingle", "the ident"])],
)
def test_a_short_bulletin_leaves_out_jingles_with_a_note(target_s, gone):
    made = plan(make_day(), target_s)

    assert list(made.notes) == [f"without {name}, for want of time" for name in gone]
    assert made.rundown.duration_s <= target_s + 0.1
    assert "story news0 short" in describe_passages(made.aired)


def test_a_voice_over_longer_than_its_ident_goes_first():
    tunes = make_tunes() | {JingleKind.IDENT: JingleTiming(length_s=1.0, talk_from_s=0.5, talk_until_s=1.0)}

    assert "ident" in describe_passages(plan(make_day(), 27.0, tunes=tunes).aired)
    made = plan(make_day(), 21.0, tunes=tunes)

    assert made.notes == ("without the ident's voice-over, for want of time",)
    assert "ident" not in describe_passages(made.aired)


def test_too_little_news_leaves_nothing_else_out():
    made = plan(make_bulletin_script(make_story_script("one"), make_story_script("two")), 300.0)

    assert describe_passages(made.aired)[0] == "ident"


def with_durations(script, **seconds):
    """The spoken script, with other durations for the clips of some stories."""
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


def read_slowly(script, *, story_s):
    """A spoken script whose opening and closing fill most of half a minute."""
    lasts_s = {"opening": 9.0, "closing": 10.0, "headline": 4.2, "story": story_s, "ident": 2.0}
    clips = tuple(
        replace(clip, duration_s=lasts_s[clip.passage.role] + 6.0 * (clip.passage.cut == "long"))
        for clip in time_script(script).clips
    )
    return Spoken(clips=clips, voice=VOICE, attempts=())


def test_only_headlines_air_where_nothing_else_hits_the_length():
    script = make_bulletin_script(*[make_story_script(f"news{n}") for n in range(8)])
    spoken = read_slowly(script, story_s=16.0)

    made = plan(script, 30.0, spoken=spoken, tunes={}, bend=0.05, bed="none")

    assert made.rundown.duration_s == pytest.approx(30.0, abs=0.001)
    assert [p.text for p in made.aired[1:-1]] == ["Headline of news0.", "Headline of news1."]
    assert made.notes == (
        'only the headline of "Title of news0" airs: no cut of it fits',
        'only the headline of "Title of news1" airs: no cut of it fits',
    )


@pytest.mark.parametrize(
    ("is_all", "reason"),
    [
        (True, "there is too little news"),
        (
            False,
            'comes nearer, with gaps and speech stretched; another length, or "up to" it, leaves more',
        ),
    ],
)
def test_a_bulletin_that_no_choice_makes_long_enough_says_why(is_all, reason):
    """There is too little news, or the remaining stories were not spoken."""
    script = make_bulletin_script(make_story_script("news0", headline=False))

    made = plan(script, 43.0, spoken=read_slowly(script, story_s=3.0), tunes={}, bed="none", is_all=is_all)

    assert made.rundown.duration_s < 43.0
    assert reason in made.notes[-1]


@pytest.mark.parametrize("is_up_to", [True, False])
def test_a_lead_longer_than_the_bulletin_airs_as_its_headline(is_up_to):
    script = make_day(6)

    made = plan(script, 60.0, bend=0.05, spoken=with_durations(script, news0=100.0), is_up_to=is_up_to)

    assert stories_of(made)[0] == "news0"
    assert [p.text for p in made.aired if p.story_id == "news0"] == ["Headline of news0."]
    assert made.notes == (
        "only the headline of the lead airs: its shortest cut is longer than the whole bulletin",
    )
    assert 45 < made.rundown.duration_s <= 60.0


def test_any_other_story_longer_than_the_bulletin_is_dropped():
    script = make_day(6)

    made = plan(script, 60.0, bend=0.05, spoken=with_durations(script, news1=100.0))

    assert "news1" not in stories_of(made)
    assert made.rundown.duration_s == pytest.approx(60.0, abs=0.001)


def test_a_story_with_a_truncated_cut_airs_in_another_cut():
    """A cut of 0.1 s is broken; another cut of the story airs."""
    script = make_bulletin_script(
        *[make_story_script(f"a story about number {n}", headline=False) for n in range(3)]
    )
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
    tunes = make_tunes(JingleKind.IDENT, JingleKind.CLOSING)
    script = make_bulletin_script(*[make_story_script(f"news{n}", cuts=1) for n in range(2)], ident=False)

    made = plan(script, 44.0, tunes=tunes, bend=0.05)

    assert made.notes == ("without headlines, for want of time",)
    assert len(stories_of(made)) == 2
    assert made.rundown.duration_s == pytest.approx(44.0, abs=0.001)


def make_required(count=3):
    """Stories of one cut each that must all air."""
    return make_bulletin_script(
        *[replace(make_story_script(f"news{n}", cuts=1), is_required=True) for n in range(count)]
    )


@pytest.mark.parametrize("target_s", [42.0, 44.0, 46.0])
def test_an_approved_headline_airs_where_the_stations_own_parts_can_give_way(target_s):
    usual = plan(make_required(), target_s, bend=0.05)
    approved = plan(replace(make_required(), is_approved=True), target_s, bend=0.05)

    assert "without headlines, for want of time" in usual.notes
    assert [name for name in describe_passages(approved.aired) if "headline" in name] == [
        "headline news0",
        "headline news1",
    ]
    assert not any("headlines" in note for note in approved.notes)
    assert approved.rundown.duration_s == pytest.approx(target_s, abs=0.05)


def test_an_approved_story_airs_where_headlines_and_the_stations_own_parts_can_give_way():
    usual = plan(make_required(), 54.0, bend=0.05)
    approved = plan(replace(make_required(), is_approved=True), 54.0, bend=0.05)
    later = plan(
        replace(make_required(), is_approved=True), 54.0, bend=0.05, only={"news0", "news1", "news2"}
    )

    assert [len(made.dropped) for made in (usual, approved, later)] == [1, 0, 1]
    assert approved.notes == ("without headlines, for want of time", "without the ident, for want of time")
    assert approved.rundown.duration_s == pytest.approx(54.0, abs=0.05)
