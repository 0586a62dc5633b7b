"""`plan_shared_body`: stations with other openings get the same body, and each the exact length."""

from dataclasses import replace
from random import Random

import pytest

from bulletin.audio.formats.mp3_info_frame import FRAME
from bulletin.audio.place_sounds_on_timeline import JingleKind
from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget
from bulletin.audio.rundown.plan_shared_body import plan_shared_body
from bulletin.model import Role
from tests.audio.sounds import make_bulletin_script, make_story_script, make_tunes, time_script

RATE_HZ = 44_100
OWN = (Role.IDENT, Role.OPENING, Role.CLOSING)
SCRIPT = make_bulletin_script(*map(make_story_script, "abcdefgh"))


def plan_station(number, *, bed="headlines", target_s=120.0, script=SCRIPT, **length):
    """The plan of a station with words and an ident of its own lengths."""
    rng = Random(number)
    spoken = time_script(script)
    clips = [
        replace(clip, duration_s=rng.uniform(1.5, 4.5)) if clip.passage.role in OWN else clip
        for clip in spoken.clips
    ]
    tunes = make_tunes()
    tunes[JingleKind.IDENT] = replace(tunes[JingleKind.IDENT], length_s=rng.uniform(3.0, 7.0))
    target = LengthTarget(target_s=target_s, gap_s=0.6, rate_hz=RATE_HZ, bend=0.05, bed=bed, **length)
    return plan_shared_body(script, replace(spoken, clips=tuple(clips)), tunes, target)


@pytest.mark.parametrize("bed", ["headlines", "none"])
def test_stations_with_other_openings_share_bodies_and_last_exactly_as_long(bed):
    plans = [plan_station(number, bed=bed) for number in range(12)]

    assert {plan.plan.rundown.frames for plan in plans} == {120 * RATE_HZ}
    assert len({plan.opening for plan in plans}) == 12
    assert len({plan.body for plan in plans}) <= 5


def test_parts_begin_and_end_in_silence_on_whole_frames():
    plan = plan_station(1)

    for part in plan.parts[:2]:
        assert part.frames % FRAME == 0
        assert part.frames - max(sound.end for sound in (*part.voiced, *part.played)) >= 2 * FRAME
    for part in plan.parts[1:]:
        assert min(sound.start for sound in (*part.voiced, *part.played)) >= 2 * FRAME
    assert sum(part.frames for part in plan.parts) == plan.plan.rundown.frames


def test_the_headlines_are_those_of_the_stories_that_air():
    plan = plan_station(2, target_s=75.0)

    roles = [passage.role for passage in plan.plan.aired]
    heads = {passage.story_id for passage in plan.plan.aired if passage.role is Role.HEADLINE}
    stories = {passage.story_id for passage in plan.plan.aired if passage.role is Role.STORY}
    assert heads
    assert heads <= stories
    assert roles == sorted(roles, key=list(Role).index)
    assert {left.article_id for left in plan.plan.dropped}.isdisjoint(stories)


def test_with_too_little_news_the_body_is_shared_nevertheless():
    script = make_bulletin_script(*map(make_story_script, "ab"))

    plans = [plan_station(number, script=script) for number in range(4)]

    assert len({plan.body for plan in plans}) == 1
    assert all(plan.plan.rundown.duration_s < 110 for plan in plans)
    assert all("there is too little news" in plan.plan.notes[0] for plan in plans)


def test_a_bed_fills_a_bulletin_with_too_little_news():
    script = make_bulletin_script(*map(make_story_script, "ab"))

    plan = plan_station(1, script=script, fills=True)

    assert plan.plan.rundown.frames == 120 * RATE_HZ
    assert "the bed plays on" in plan.plan.notes[0]


def test_a_greatest_length_is_kept():
    plans = [plan_station(number, is_up_to=True) for number in range(4)]

    assert all(100 < plan.plan.rundown.duration_s <= 120 for plan in plans)


@pytest.mark.parametrize(("bed", "target_s"), [("whole", 120.0), ("headlines", 30.0)])
def test_without_silence_or_room_for_stories_there_is_no_plan_in_parts(bed, target_s):
    assert plan_station(1, bed=bed, target_s=target_s) is None
