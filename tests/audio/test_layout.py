from itertools import pairwise

import pytest

from bulletin.audio.choice import offer_all
from bulletin.audio.layout import LEAST_GAP_S, MOST_GAP_S, Breath, Music, Tune, fit, lay_out, make_budget
from bulletin.model import Role
from tests.audio.sounds import make_told, make_tunes, make_words, seconds_of, time_script, words_of

RATE_HZ = 44_100


def offer(*told, ident=True):
    script = make_words(*(told or (make_told("one"), make_told("two"), make_told("three"))), ident=ident)
    return offer_all(script, time_script(script))


def place(choice=None, tunes=None, **changes):
    tunes = make_tunes() if tunes is None else tunes
    return lay_out(choice or offer(), tunes, breath=Breath(**({"gap_s": 0.6} | changes)), rate_hz=RATE_HZ)


def starts(rundown, role):
    return [one.start / RATE_HZ for one in rundown.voiced if one.clip.passage.role is role]


def ends(rundown, role):
    return [one.end / RATE_HZ for one in rundown.voiced if one.clip.passage.role is role]


def played(rundown, music):
    return [(one.start / RATE_HZ, one.end / RATE_HZ) for one in rundown.played if one.music is music]


def test_the_running_order():
    rundown = place(offer(make_told("one"), make_told("two", headline=False)))

    assert words_of([one.clip.passage for one in rundown.voiced]) == [
        "ident",
        "opening",
        "headline one",
        "story one long",
        "story two long",
        "closing",
    ]


def test_nobody_speaks_while_another_does():
    rundown = place()

    for earlier, later in pairwise(rundown.voiced):
        assert later.start - earlier.end >= 0.3 * RATE_HZ


def test_a_place_is_as_long_as_its_clip():
    for one in place().voiced:
        assert one.end - one.start == round(seconds_of(one.clip.passage) * RATE_HZ)


def test_the_voice_over_starts_at_the_idents_mix_point():
    assert starts(place(), Role.IDENT) == [1.5]


def test_the_bed_lies_from_the_idents_end_to_after_the_last_headline():
    rundown = place()

    ((start_s, end_s),) = played(rundown, Music.BED)
    ((_, ident_ends_s),) = played(rundown, Music.IDENT)
    assert ident_ends_s - 1.5 <= start_s < ident_ends_s
    assert start_s + 0.5 <= starts(rundown, Role.OPENING)[0]
    assert end_s == pytest.approx(ends(rundown, Role.HEADLINE)[-1] + 1.2, abs=1e-3)


def test_without_headlines_the_bed_ends_after_the_opening():
    rundown = place(offer(make_told("one", headline=False)))

    assert played(rundown, Music.BED)[0][1] == pytest.approx(ends(rundown, Role.OPENING)[0] + 1.2, abs=1e-3)


def test_a_sting_before_each_story_and_the_voice_over_its_ring():
    rundown = place()

    assert [start for start, _ in played(rundown, Music.STING)] == pytest.approx(
        [start - 0.8 for start in starts(rundown, Role.STORY)], abs=1e-3
    )


def test_after_a_sting_without_mix_point_the_voice_waits_for_its_end():
    tunes = make_tunes() | {Music.STING: Tune(length_s=1.5, talk_from_s=1.5, talk_until_s=1.5)}

    rundown = place(tunes=tunes)

    for (_, sting_ends_s), start_s in zip(
        played(rundown, Music.STING), starts(rundown, Role.STORY), strict=True
    ):
        assert start_s >= sting_ends_s + 0.2


def in_sections():
    sections = ("news", "news", "sport", "sport", "travel", "weather", "weather", "news")
    return offer(*(make_told(f"{number}", category=name) for number, name in enumerate(sections)))


def test_a_section_opens_with_its_own_sting_and_goes_on_with_the_usual_one():
    rundown = place(in_sections())

    stings = [one.music for one in rundown.played if one.music not in (Music.IDENT, Music.BED, Music.CLOSING)]
    assert stings == ["sting", "sting", "sport", "sting", "travel", "weather", "sting", "sting"]
    sport_s = starts(rundown, Role.STORY)[2]
    assert played(rundown, Music.SPORT) == [
        (pytest.approx(sport_s - 1.6, abs=1e-3), pytest.approx(sport_s + 0.7, abs=1e-3))
    ]


def test_a_section_without_a_sting_opens_with_the_usual_one():
    tunes = make_tunes(Music.STING, Music.WEATHER)

    rundown = place(in_sections(), tunes=tunes)

    assert [one.music for one in rundown.played] == [*["sting"] * 5, "weather", "sting", "sting"]


def test_a_sting_of_a_section_plays_where_there_is_no_other():
    rundown = place(in_sections(), tunes=make_tunes(Music.SPORT))

    assert [one.music for one in rundown.played] == ["sport"]
    assert len(rundown.voiced) == len(place(in_sections()).voiced)


def test_the_budget_counts_the_stings_of_sections():
    """One of each section, all at their longest: the budget's sum is what they last when laid out."""
    sections = ("news", "sport", "travel", "weather")
    choice = offer(*(make_told(name, headline=False, category=name) for name in sections))

    budget = make_budget(choice, make_tunes(), target_s=120.0, gap_s=0.6)

    spoken_s = sum(item.clip.duration_s + budget.story_s for item in choice.told)
    assert budget.fixed_s + spoken_s == pytest.approx(place(choice).duration_s, abs=0.01)


def test_without_music_there_is_a_breath_between_stories():
    rundown = place(tunes={})

    told = [one for one in rundown.voiced if one.clip.passage.role is Role.STORY]
    assert [later.start - earlier.end for earlier, later in pairwise(told)] == [round(0.6 * RATE_HZ)] * 2
    assert 0 < rundown.voiced[0].start < 0.5 * RATE_HZ
    assert rundown.frames - rundown.voiced[-1].end == pytest.approx(0.3 * RATE_HZ, abs=1)


def test_the_closing_words_go_over_the_jingle_where_it_has_room():
    roomy = make_tunes() | {Music.CLOSING: Tune(length_s=8.0, talk_from_s=1.0, talk_until_s=6.0)}

    rundown = place(tunes=roomy)

    ((music_s, end_s),) = played(rundown, Music.CLOSING)
    assert starts(rundown, Role.CLOSING)[0] == pytest.approx(music_s + 1.0, abs=1e-3)
    assert rundown.duration_s == pytest.approx(end_s, abs=1e-3)


def test_the_closing_words_come_first_where_it_has_none():
    rundown = place()

    ((music_s, _),) = played(rundown, Music.CLOSING)
    assert 0 < music_s - ends(rundown, Role.CLOSING)[0] < 1.0


@pytest.mark.parametrize("missing", list(Music))
def test_any_jingle_may_be_missing(missing):
    tunes = make_tunes()
    del tunes[missing]

    rundown = place(tunes=tunes)

    assert missing not in {one.music for one in rundown.played}
    assert len(rundown.voiced) == len(place().voiced)


def test_a_short_ident_is_no_ground_for_words_over_words():
    """A jingle of a tenth of a second: the voice-over runs long after it."""
    tunes = make_tunes() | {Music.IDENT: Tune(length_s=0.1, talk_from_s=0.03, talk_until_s=0.1)}

    rundown = place(tunes=tunes)

    assert starts(rundown, Role.OPENING)[0] > ends(rundown, Role.IDENT)[0]


@pytest.mark.parametrize("target_s", [85.5, 88.3, 90.765, 92.5, 94.9])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_within_reach_the_length_is_exact_to_the_frame(target_s, rate_hz):
    choice = offer()

    rundown = fit(choice, make_tunes(), target_s=target_s, gap_s=0.6, rate_hz=rate_hz)

    assert rundown.frames == round(target_s * rate_hz)
    assert LEAST_GAP_S <= rundown.breath.gap_s <= MOST_GAP_S


def test_too_long_narrows_gaps_then_cuts_the_closing_jingle():
    whole_s = place().duration_s

    little = fit(offer(), make_tunes(), target_s=whole_s - 1.0, gap_s=0.6, rate_hz=RATE_HZ)
    much = fit(offer(), make_tunes(), target_s=whole_s - 4.0, gap_s=0.6, rate_hz=RATE_HZ)

    assert (little.breath.closing_cut_s, little.breath.gap_s < 0.6) == (0.0, True)
    assert (much.breath.closing_cut_s > 0, much.breath.gap_s) == (True, LEAST_GAP_S)
    (jingle,) = (one for one in much.played if one.music is Music.CLOSING)
    assert jingle.fade_out_s > 1.0


def test_too_short_widens_gaps_then_lets_the_bed_play_on():
    whole_s = place().duration_s

    little = fit(offer(), make_tunes(), target_s=whole_s + 2.0, gap_s=0.6, rate_hz=RATE_HZ)
    much = fit(offer(), make_tunes(), target_s=whole_s + 6.0, gap_s=0.6, rate_hz=RATE_HZ)

    assert (little.breath.tail_s, little.breath.gap_s > 0.6) == (1.2, True)
    assert (much.breath.tail_s > 1.5, much.breath.gap_s) == (True, MOST_GAP_S)


def test_out_of_reach_it_is_as_near_as_it_goes():
    whole_s = place().duration_s

    shortest = fit(offer(), make_tunes(), target_s=whole_s - 30, gap_s=0.6, rate_hz=RATE_HZ)
    longest = fit(offer(), make_tunes(), target_s=whole_s + 60, gap_s=0.6, rate_hz=RATE_HZ)

    assert whole_s - 9 < shortest.duration_s < whole_s - 4
    assert whole_s + 5 < longest.duration_s < whole_s + 9


def test_nothing_is_placed_after_the_end():
    rundown = fit(offer(), make_tunes(), target_s=87.0, gap_s=0.6, rate_hz=RATE_HZ)

    assert max(one.end for one in rundown.voiced) < rundown.frames
    assert max(one.end for one in rundown.played) <= rundown.frames + 10
