"""Rundowns for many kinds of news days, paces of voices and lengths."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bulletin.audio.place_sounds_on_timeline import Bed, JingleKind, JingleTiming
from bulletin.model import Clip, Passage, Role, Spoken, StoryScript
from tests.audio.rundown.test_rundown_exact_length import HIT_S, Day, check_sense, plan, say
from tests.audio.sounds import VOICE, make_bulletin_script, make_story_script

pytestmark = pytest.mark.slow

LENGTHS_S = (30.0, 37.3, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0)
TUNES = {
    JingleKind.IDENT: JingleTiming(length_s=6.5, talk_from_s=2.1, talk_until_s=4.5),
    JingleKind.BED: JingleTiming(length_s=24.0, talk_from_s=0.0, talk_until_s=24.0),
    JingleKind.STING: JingleTiming(length_s=1.55, talk_from_s=0.85, talk_until_s=1.55),
    JingleKind.CLOSING: JingleTiming(length_s=6.0, talk_from_s=3.75, talk_until_s=6.0),
}


def make_day(kind: str, pace: float) -> Day:
    """A day with stories of these durations at a newsreader's pace, read `pace` times as fast."""
    dice = Random(3)
    seconds: dict[Passage, float] = {}

    def story(name: str, *lasts_s: float, headline: bool = False, light: bool = False) -> StoryScript:
        story_script = make_story_script(name, cuts=len(lasts_s), headline=headline, light=light)
        head = say(story_script.headline, 2.0 / pace, seconds) if story_script.headline else None
        cuts = tuple(say(cut, s / pace, seconds) for cut, s in zip(story_script.cuts, lasts_s, strict=True))
        return replace(story_script, cuts=cuts, headline=head)

    def usual(name: str, **changes: bool) -> StoryScript:
        return story(name, dice.uniform(6, 9), dice.uniform(11, 16), dice.uniform(18, 26), **changes)

    stories = {
        "much": lambda: [usual(f"news{n}", headline=n < 3) for n in range(40)],
        "tiny": lambda: [story(f"news{n}", dice.uniform(1.5, 4)) for n in range(250)],
        "long lead": lambda: [
            story("lead", 25.0, 45.0, 120.0, headline=True),
            *(usual(f"n{n}") for n in range(40)),
        ],
        "little": lambda: [usual("one", headline=True), usual("two", headline=True)],
    }[kind]()
    script = make_bulletin_script(*stories, story("cat", 7.0, 11.0, light=True))
    own = {
        "ident": say(script.ident, 4.0 / pace, seconds) if script.ident else None,
        "opening": say(script.opening, 5.0 / pace, seconds),
        "closing": say(script.closing, 7.0 / pace, seconds),
    }
    clips = tuple(
        Clip(passage=passage, path=Path("nowhere.wav"), duration_s=lasts_s, rate_hz=24_000)
        for passage, lasts_s in seconds.items()
    )
    spoken = Spoken(clips=clips, voice=VOICE, attempts=())
    return Day(script=replace(script, **own), spoken=spoken, tunes=TUNES)


beds = pytest.mark.parametrize("bed", ["headlines", "whole"])
paces = pytest.mark.parametrize("pace", [0.8, 1.0, 1.25])


@pytest.mark.parametrize("bed", ["headlines", pytest.param("whole", marks=pytest.mark.slow), "none"])
@pytest.mark.parametrize(
    "pace", [0.7, *(pytest.param(pace, marks=pytest.mark.slow) for pace in (0.8, 1.0, 1.25)), 1.4]
)
@pytest.mark.parametrize("kind", ["much", "tiny", "long lead"])
def test_every_length_is_hit_by_every_voice_on_a_day_with_news(kind: str, pace: float, bed: Bed) -> None:
    day = make_day(kind, pace)

    for target_s in LENGTHS_S:
        made = plan(day, target_s, bed=bed)

        check_sense(day, made)
        assert made.rundown.duration_s == pytest.approx(target_s, abs=HIT_S), target_s
        assert not [note for note in made.notes if "target" in note]
        assert all(left.reason == "no room" for left in made.dropped)


@beds
@paces
def test_with_little_news_it_is_shorter_or_filled_as_the_station_wishes(pace: float, bed: Bed) -> None:
    day = make_day("little", pace)

    for target_s in (120.0, 180.0, 300.0, 600.0):
        shorter, filled = plan(day, target_s, bed=bed), plan(day, target_s, bed=bed, fills=True)

        assert shorter.rundown.duration_s < target_s
        assert shorter.notes[-1].endswith("there is too little news")
        assert filled.rundown.duration_s == pytest.approx(target_s, abs=HIT_S)
        assert filled.notes[-1].startswith("there is too little news: the bed plays on")
        for made in (shorter, filled):  # and speech is never stretched too far
            assert (made.rundown.pacing.gap_s, made.rundown.pacing.stretch) == (0.6, 1.0)


@beds
def test_the_light_story_ends_nearly_every_bulletin_of_a_minute_and_more(bed: Bed) -> None:
    """Other news is dropped to keep the light story at the end."""
    day = make_day("much", 1.0)
    lasts = []
    for target_s in range(60, 600, 15):
        aired = [p.story_id for p in plan(day, float(target_s), bed=bed).aired if p.role is Role.STORY]
        lasts.append(aired[-1])

    assert lasts.count("cat") >= 0.8 * len(lasts)


def test_own_words_longer_than_the_target_still_leave_room_for_the_lead() -> None:
    """An opening of a minute in half a minute: no music, the lead airs, and a note says why."""
    day = make_day("much", 1.0)
    seconds: dict[Passage, float] = {}
    opening = say(day.script.opening, 60.0, seconds)
    (clip,) = (
        Clip(passage=p, path=Path("nowhere.wav"), duration_s=s, rate_hz=24_000) for p, s in seconds.items()
    )
    day = replace(
        day,
        script=replace(day.script, opening=opening),
        spoken=replace(day.spoken, clips=(*day.spoken.clips, clip)),
    )

    made = plan(day, 30.0)

    assert [p.story_id for p in made.aired if p.role is Role.STORY] == ["news0"]
    assert "opening, lead story and closing alone are longer" in made.notes[-1]
    assert len(made.dropped) == len(day.script.stories) - 1
