import pytest

from bulletin.audio.choose_stories_that_fit import take_longest_cuts
from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming, Pacing, lay_out_rundown
from bulletin.audio.rundown.fit_rundown_to_length import (
    LEAST_GAP_S,
    MOST_GAP_S,
    LengthTarget,
    fit_length,
    make_length_budget,
)
from tests.audio.sounds import make_bulletin_script, make_story_script, make_tunes, time_script

RATE_HZ = 44_100


def make_choice(*stories):
    script = make_bulletin_script(
        *(stories or (make_story_script("one"), make_story_script("two"), make_story_script("three")))
    )
    return take_longest_cuts(script, time_script(script))


def fitted(target_s, *, choice=None, tunes=None, rate_hz=RATE_HZ, **changes):
    tunes = make_tunes() if tunes is None else tunes
    return fit_length(
        choice or make_choice(), tunes, LengthTarget(target_s=target_s, gap_s=0.6, rate_hz=rate_hz, **changes)
    )


def natural_s(choice=None, tunes=None, **changes):
    tunes = make_tunes() if tunes is None else tunes
    made = lay_out_rundown(
        choice or make_choice(), tunes, pacing=Pacing(gap_s=0.6), rate_hz=RATE_HZ, **changes
    )
    return made.duration_s


@pytest.mark.parametrize("target_s", [85.5, 88.3, 90.765, 92.5, 94.9])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize("bed", ["headlines", "whole"])
def test_within_reach_the_length_is_exact_to_the_frame(target_s, rate_hz, bed):
    rundown = fitted(target_s, rate_hz=rate_hz, bend=0.05, bed=bed)

    assert rundown.frames == round(target_s * rate_hz)
    assert LEAST_GAP_S <= rundown.pacing.gap_s <= MOST_GAP_S
    assert 0.95 <= rundown.pacing.stretch <= 1.05


def test_a_rundown_of_the_right_length_keeps_its_gaps():
    assert fitted(natural_s()).pacing == Pacing(gap_s=0.6)


@pytest.mark.parametrize(
    ("less_s", "has_given"),
    [
        (0.3, {"tail_s"}),
        (0.6, {"gap_s", "tail_s"}),
        (2.0, {"gap_s", "tail_s", "closing_cut_s"}),
        (5.0, {"gap_s", "tail_s", "closing_cut_s"}),
        (6.5, {"gap_s", "tail_s", "closing_cut_s", "stretch"}),
    ],
)
def test_a_long_rundown_shortens_bed_then_gaps_then_closing_then_speech(less_s, has_given):
    breath = fitted(natural_s() - less_s, bend=0.05).pacing

    usual = Pacing(gap_s=0.6)
    given = {name for name in usual.__slots__ if getattr(breath, name) != getattr(usual, name)}
    assert given == has_given
    assert breath.gap_s >= (LEAST_GAP_S if less_s > 4 else 0.55)
    assert breath.stretch >= 0.98


@pytest.mark.parametrize(
    ("more_s", "has_given"),
    [
        (0.5, {"tail_s"}),
        (1.5, {"gap_s", "tail_s"}),
        (4.5, {"gap_s", "tail_s"}),
        (6.2, {"gap_s", "tail_s", "stretch"}),
    ],
)
def test_a_short_rundown_extends_bed_then_gaps_then_speech(more_s, has_given):
    breath = fitted(natural_s() + more_s, bend=0.05).pacing

    usual = Pacing(gap_s=0.6)
    given = {name for name in usual.__slots__ if getattr(breath, name) != getattr(usual, name)}
    assert given == has_given
    assert breath.gap_s <= (MOST_GAP_S if more_s > 4 else 0.75)
    assert breath.stretch <= 1.02


@pytest.mark.parametrize("more_s", [step / 4 for step in range(-45, 49)])
def test_speech_is_stretched_only_after_music_and_gaps(more_s):
    breath = fitted(natural_s() + more_s, bend=0.05).pacing

    if breath.stretch < 1.0:
        assert (breath.gap_s, breath.tail_s, breath.closing_cut_s) == (LEAST_GAP_S, 0.8, 3.5)
    elif breath.stretch > 1.0:
        assert (breath.gap_s, breath.tail_s, breath.closing_cut_s) == (MOST_GAP_S, 4.0, 0.0)


def test_stretching_speech_further_comes_last():
    assert fitted(natural_s() - 9.0, bend=0.05).pacing.stretch < 0.97
    assert fitted(natural_s() + 10.0, bend=0.05).pacing.stretch > 1.03


def test_without_a_sting_only_the_gap_is_between_stories():
    tunes = make_tunes(JingleKind.IDENT, JingleKind.BED, JingleKind.CLOSING)

    breath = fitted(natural_s(tunes=tunes) - 5.5, tunes=tunes, bend=0.05).pacing

    assert breath.gap_s == LEAST_GAP_S
    assert 0.98 <= breath.stretch < 1.0


def test_a_closing_jingle_that_is_cut_fades_out():
    (jingle,) = (music for music in fitted(natural_s() - 3.0).played if music.jingle is JingleKind.CLOSING)

    assert jingle.fade_out_s > 1.0


def test_a_rundown_that_stays_too_long_is_as_short_as_possible():
    breath = fitted(natural_s() - 30, bend=0.05).pacing

    assert breath == Pacing(gap_s=0.4, tail_s=0.8, closing_cut_s=3.5, stretch=0.95)


def test_a_rundown_that_stays_too_short_does_not_slow_the_speech():
    assert fitted(natural_s() + 60, bend=0.05).pacing == Pacing(gap_s=0.6)


@pytest.mark.parametrize("bed", ["headlines", "whole"])
@pytest.mark.parametrize("more_s", [10.0, 33.3, 400.0])
def test_the_bed_fills_what_is_missing(bed, more_s):
    target_s = natural_s(bed=bed) + more_s

    made = fitted(target_s, fills=True, bed=bed)

    assert made.frames == round(target_s * RATE_HZ)
    assert made.pacing.fill_s > more_s - 3
    assert (made.pacing.gap_s, made.pacing.stretch) == (0.6, 1.0)


@pytest.mark.parametrize("tunes", [{}, make_tunes(JingleKind.IDENT, JingleKind.STING, JingleKind.CLOSING)])
def test_without_a_bed_nothing_can_be_filled(tunes):
    assert fitted(200.0, tunes=tunes, fills=True).pacing == Pacing(gap_s=0.6)


def test_up_to_a_length_is_never_longer_and_not_extended():
    whole_s = natural_s()

    assert fitted(whole_s + 20, bend=0.05, is_up_to=True).pacing == Pacing(gap_s=0.6)
    assert fitted(whole_s - 2, bend=0.05, is_up_to=True).frames == round((whole_s - 2) * RATE_HZ)


def test_closing_words_play_over_the_filling_bed():
    tunes = make_tunes() | {JingleKind.CLOSING: JingleTiming(length_s=8.0, talk_from_s=1.0, talk_until_s=6.0)}

    made = fitted(natural_s(tunes=tunes) + 20, tunes=tunes, fills=True)

    (jingle,) = (music for music in made.played if music.jingle is JingleKind.CLOSING)
    assert made.voiced[-1].end < jingle.start
    assert made.frames == pytest.approx(jingle.end, abs=10)


def test_the_budget_counts_the_stings_of_sections():
    """One story of each section at full length: the budget equals the duration of the rundown."""
    sections = ("news", "sport", "travel", "weather")
    choice = make_choice(*(make_story_script(name, headline=False, category=name) for name in sections))

    budget = make_length_budget(
        choice, make_tunes(), LengthTarget(target_s=120.0, gap_s=0.6, rate_hz=RATE_HZ)
    )

    assert budget.estimate_s(choice) == pytest.approx(natural_s(choice), abs=0.2)


def test_nothing_is_placed_after_the_end():
    rundown = fitted(87.0)

    assert max(voiced.end for voiced in rundown.voiced) < rundown.frames
    assert max(music.end for music in rundown.played) <= rundown.frames + 10


def test_all_speech_is_stretched_alike():
    made = fitted(natural_s() - 7.0, bend=0.05)

    assert made.pacing.stretch < 1.0
    for voiced in made.voiced:
        assert voiced.stretch == made.pacing.stretch
        assert voiced.end - voiced.start == round(voiced.clip.duration_s * voiced.stretch * RATE_HZ)


@pytest.mark.parametrize("less_s", [1.0, 2.0, 2.5, 2.9, 3.3])
def test_a_jingle_that_cannot_be_cut_under_its_words_is_no_hindrance(less_s):
    """Cutting the jingle gains nothing after a while; the length is still reached."""
    tunes = make_tunes() | {JingleKind.CLOSING: JingleTiming(length_s=8.0, talk_from_s=3.0, talk_until_s=7.0)}

    made = fitted(natural_s(tunes=tunes) - less_s, tunes=tunes, bend=0.05)

    assert made.duration_s == pytest.approx(natural_s(tunes=tunes) - less_s, abs=0.001)
