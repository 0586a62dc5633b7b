from itertools import pairwise

import pytest

from bulletin.audio.choose_stories_that_fit import take_longest_cuts
from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming, Pacing, lay_out_rundown
from bulletin.model import Role
from tests.audio.sounds import (
    describe_passages,
    make_bulletin_script,
    make_story_script,
    make_tunes,
    seconds_of,
    time_script,
)

RATE_HZ = 44_100


def make_choice(*stories, ident=True):
    script = make_bulletin_script(
        *(stories or (make_story_script("one"), make_story_script("two"), make_story_script("three"))),
        ident=ident,
    )
    return take_longest_cuts(script, time_script(script))


def lay_out(choice=None, tunes=None, *, bed="headlines", **changes):
    tunes = make_tunes() if tunes is None else tunes
    breath = Pacing(**({"gap_s": 0.6} | changes))
    return lay_out_rundown(choice or make_choice(), tunes, pacing=breath, rate_hz=RATE_HZ, bed=bed)


def starts(rundown, role):
    return [voiced.start / RATE_HZ for voiced in rundown.voiced if voiced.clip.passage.role is role]


def ends(rundown, role):
    return [voiced.end / RATE_HZ for voiced in rundown.voiced if voiced.clip.passage.role is role]


def played(rundown, music):
    return [
        (played_music.start / RATE_HZ, played_music.end / RATE_HZ)
        for played_music in rundown.played
        if played_music.jingle is music
    ]


def test_the_running_order():
    rundown = lay_out(make_choice(make_story_script("one"), make_story_script("two", headline=False)))

    assert describe_passages([voiced.clip.passage for voiced in rundown.voiced]) == [
        "ident",
        "opening",
        "headline one",
        "story one long",
        "story two long",
        "closing",
    ]


def test_no_two_clips_overlap():
    rundown = lay_out()

    for earlier, later in pairwise(rundown.voiced):
        assert later.start - earlier.end >= 0.3 * RATE_HZ


def test_a_passage_is_as_long_as_its_clip():
    for voiced in lay_out().voiced:
        assert voiced.end - voiced.start == round(seconds_of(voiced.clip.passage) * RATE_HZ)


def test_the_voice_over_starts_at_the_idents_mix_point():
    assert starts(lay_out(), Role.IDENT) == [1.5]


def test_the_bed_plays_from_the_idents_end_to_after_the_last_headline():
    rundown = lay_out()

    ((start_s, end_s),) = played(rundown, JingleKind.BED)
    ((_, ident_ends_s),) = played(rundown, JingleKind.IDENT)
    assert ident_ends_s - 1.5 <= start_s < ident_ends_s
    assert start_s + 0.5 <= starts(rundown, Role.OPENING)[0]
    assert end_s == pytest.approx(ends(rundown, Role.HEADLINE)[-1] + 1.2, abs=1e-3)


def test_without_headlines_the_bed_ends_after_the_opening():
    rundown = lay_out(make_choice(make_story_script("one", headline=False)))

    assert played(rundown, JingleKind.BED)[0][1] == pytest.approx(
        ends(rundown, Role.OPENING)[0] + 1.2, abs=1e-3
    )


def test_a_sting_before_each_story_and_the_voice_over_its_ring():
    rundown = lay_out()

    assert [start for start, _ in played(rundown, JingleKind.STING)] == pytest.approx(
        [start - 0.8 for start in starts(rundown, Role.STORY)], abs=1e-3
    )


def test_after_a_sting_without_mix_point_the_voice_waits_for_its_end():
    tunes = make_tunes() | {JingleKind.STING: JingleTiming(length_s=1.5, talk_from_s=1.5, talk_until_s=1.5)}

    rundown = lay_out(tunes=tunes)

    for (_, sting_ends_s), start_s in zip(
        played(rundown, JingleKind.STING), starts(rundown, Role.STORY), strict=True
    ):
        assert start_s >= sting_ends_s + 0.2


def make_choice_in_sections():
    sections = ("news", "news", "sport", "sport", "travel", "weather", "weather", "news")
    return make_choice(
        *(make_story_script(f"{number}", category=name) for number, name in enumerate(sections))
    )


def test_a_section_opens_with_its_own_sting_and_goes_on_with_the_usual_one():
    rundown = lay_out(make_choice_in_sections())

    stings = [
        played_music.jingle
        for played_music in rundown.played
        if played_music.jingle not in (JingleKind.IDENT, JingleKind.BED, JingleKind.CLOSING)
    ]
    assert stings == ["sting", "sting", "sport", "sting", "travel", "weather", "sting", "sting"]
    sport_s = starts(rundown, Role.STORY)[2]
    assert played(rundown, JingleKind.SPORT) == [
        (pytest.approx(sport_s - 1.6, abs=1e-3), pytest.approx(sport_s + 0.7, abs=1e-3))
    ]


def test_a_section_without_a_sting_opens_with_the_usual_one():
    tunes = make_tunes(JingleKind.STING, JingleKind.WEATHER)

    rundown = lay_out(make_choice_in_sections(), tunes=tunes)

    assert [played_music.jingle for played_music in rundown.played] == [
        *["sting"] * 5,
        "weather",
        "sting",
        "sting",
    ]


def test_a_section_sting_plays_without_a_usual_sting():
    rundown = lay_out(make_choice_in_sections(), tunes=make_tunes(JingleKind.SPORT))

    assert [played_music.jingle for played_music in rundown.played] == ["sport"]
    assert len(rundown.voiced) == len(lay_out(make_choice_in_sections()).voiced)


def test_without_music_there_is_a_gap_between_stories():
    rundown = lay_out(tunes={})

    stories = [voiced for voiced in rundown.voiced if voiced.clip.passage.role is Role.STORY]
    assert [later.start - earlier.end for earlier, later in pairwise(stories)] == [round(0.6 * RATE_HZ)] * 2
    assert 0 < rundown.voiced[0].start < 0.5 * RATE_HZ
    assert rundown.frames - rundown.voiced[-1].end == pytest.approx(0.3 * RATE_HZ, abs=1)


def test_the_closing_words_go_over_the_jingle_where_it_has_room():
    roomy = make_tunes() | {JingleKind.CLOSING: JingleTiming(length_s=8.0, talk_from_s=1.0, talk_until_s=6.0)}

    rundown = lay_out(tunes=roomy)

    ((music_s, end_s),) = played(rundown, JingleKind.CLOSING)
    assert starts(rundown, Role.CLOSING)[0] == pytest.approx(music_s + 1.0, abs=1e-3)
    assert rundown.duration_s == pytest.approx(end_s, abs=1e-3)


def test_the_closing_words_come_first_where_it_has_none():
    rundown = lay_out()

    ((music_s, _),) = played(rundown, JingleKind.CLOSING)
    assert 0 < music_s - ends(rundown, Role.CLOSING)[0] < 1.0


@pytest.mark.parametrize("missing", list(JingleKind))
def test_any_jingle_may_be_missing(missing):
    tunes = make_tunes()
    del tunes[missing]

    rundown = lay_out(tunes=tunes)

    assert missing not in {played_music.jingle for played_music in rundown.played}
    assert len(rundown.voiced) == len(lay_out().voiced)


def test_a_short_ident_makes_no_clips_overlap():
    """The voice-over runs long after a jingle of 0.1 s, and must end before the opening."""
    tunes = make_tunes() | {JingleKind.IDENT: JingleTiming(length_s=0.1, talk_from_s=0.03, talk_until_s=0.1)}

    rundown = lay_out(tunes=tunes)

    assert starts(rundown, Role.OPENING)[0] > ends(rundown, Role.IDENT)[0]


def test_a_dry_bulletin_is_words_and_gaps():
    rundown = lay_out(bed="none")

    assert rundown.played == ()
    assert not starts(rundown, Role.IDENT)
    assert starts(rundown, Role.OPENING)[0] <= 0.5
    for earlier, later in pairwise(rundown.voiced):
        assert later.start - earlier.end == pytest.approx(0.6 * RATE_HZ, abs=1)
    assert rundown.duration_s - ends(rundown, Role.CLOSING)[0] <= 0.5


def test_a_bed_under_everything_ends_after_the_last_word():
    rundown = lay_out(bed="whole")

    ((start_s, end_s),) = played(rundown, JingleKind.BED)
    ((closing_s, _),) = played(rundown, JingleKind.CLOSING)
    assert start_s < starts(rundown, Role.OPENING)[0]
    assert end_s == pytest.approx(ends(rundown, Role.CLOSING)[0] + 1.2, abs=1e-3)
    assert end_s - 0.6 <= closing_s < end_s
    (bed,) = (played_music for played_music in rundown.played if played_music.jingle is JingleKind.BED)
    assert 0 < bed.fade_out_s < 1.2


def test_a_bed_under_everything_leaves_the_stings_where_they_were():
    rundown = lay_out(make_choice_in_sections(), bed="whole")

    stings = [
        played_music.jingle
        for played_music in rundown.played
        if played_music.jingle not in (JingleKind.IDENT, JingleKind.BED, JingleKind.CLOSING)
    ]
    assert stings == ["sting", "sting", "sport", "sting", "travel", "weather", "sting", "sting"]


def test_a_bed_under_everything_without_a_closing_jingle_is_the_end():
    rundown = lay_out(tunes=make_tunes(JingleKind.BED), bed="whole")

    assert rundown.duration_s == pytest.approx(ends(rundown, Role.CLOSING)[0] + 1.2, abs=1e-3)


def test_a_station_without_a_bed_can_ask_for_one_under_everything():
    tunes = make_tunes(JingleKind.IDENT, JingleKind.STING, JingleKind.CLOSING)

    assert lay_out(tunes=tunes, bed="whole") == lay_out(tunes=tunes)


@pytest.mark.parametrize("bed", ["headlines", "whole"])
def test_a_bed_that_fills_comes_up_after_the_closing_words(bed):
    rundown = lay_out(bed=bed, fill_s=7.0)

    start_s, end_s = played(rundown, JingleKind.BED)[-1]
    ((closing_s, closed_s),) = played(rundown, JingleKind.CLOSING)
    spoken_s = ends(rundown, Role.CLOSING)[0]
    assert start_s < starts(rundown, Role.CLOSING)[0]
    assert end_s == pytest.approx(spoken_s + 7.0 + (1.2 if bed == "whole" else 0.0), abs=1e-3)
    assert closing_s == pytest.approx(end_s - 0.5, abs=1e-3)
    assert rundown.duration_s == pytest.approx(closed_s, abs=1e-3)
    assert len(played(rundown, JingleKind.BED)) == (1 if bed == "whole" else 2)


@pytest.mark.parametrize("stretch", [0.95, 1.0, 1.05])
@pytest.mark.parametrize("closing_cut_s", [0.0, 2.0, 5.5])
def test_a_cut_closing_jingle_still_outlasts_the_words_over_it(closing_cut_s, stretch):
    tunes = make_tunes() | {JingleKind.CLOSING: JingleTiming(length_s=8.0, talk_from_s=1.0, talk_until_s=6.0)}

    rundown = lay_out(tunes=tunes, closing_cut_s=closing_cut_s, stretch=stretch)

    ((start_s, end_s),) = played(rundown, JingleKind.CLOSING)
    (words_end_s,) = ends(rundown, Role.CLOSING)
    assert end_s >= words_end_s + 0.79
    assert end_s - start_s == pytest.approx(max(8.0 - closing_cut_s, words_end_s + 0.8 - start_s), abs=0.001)


def test_a_small_stretch_never_moves_the_words_off_the_jingle():
    """Closing words of 3 s in 3 s of music would not fit when stretched, so they come before the jingle."""
    tunes = make_tunes() | {
        JingleKind.CLOSING: JingleTiming(length_s=8.0, talk_from_s=1.0, talk_until_s=4.01)
    }

    for stretch in (0.95, 1.0, 1.05):
        rundown = lay_out(tunes=tunes, stretch=stretch)
        assert ends(rundown, Role.CLOSING)[0] < played(rundown, JingleKind.CLOSING)[0][0]
