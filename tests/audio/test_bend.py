import pytest

from bulletin.audio.rundown import plan_rundown
from tests.audio.sounds import make_told, make_tunes, make_words, time_script

RATE_HZ = 44_100


def plan(script, target_s, *, bend=0.05, with_music=True):
    tunes = make_tunes() if with_music else {}
    return plan_rundown(
        script,
        time_script(script),
        tunes,
        target_s=target_s,
        gap_s=0.6,
        rate_hz=RATE_HZ,
        bend=bend,
    )


def make_day(count=6, *, cuts=1):
    return make_words(*[make_told(f"news{n}", cuts=cuts, headline=False) for n in range(count)])


# A day whose stories can be told at one length only: gaps cannot make good what one story more or less makes.
@pytest.mark.parametrize("target_s", [57.0, 62.5, 72.5, 76.5])
def test_speech_makes_good_what_gaps_cannot(target_s):
    without = plan(make_day(), target_s, bend=0.0, with_music=False)
    made = plan(make_day(), target_s, with_music=False)

    assert abs(without.rundown.duration_s - target_s) > 0.1
    assert made.rundown.duration_s == pytest.approx(target_s, abs=0.1)
    assert 0.95 <= made.rundown.breath.stretch <= 1.05
    assert not [note for note in made.notes if "target" in note]


def test_all_clips_are_stretched_alike():
    made = plan(make_day(), 62.5, with_music=False)

    stretch = made.rundown.breath.stretch
    assert stretch != 1.0
    for one in made.rundown.voiced:
        assert one.stretch == stretch
        assert one.end - one.start == round(one.clip.duration_s * stretch * RATE_HZ)


def test_speech_is_left_alone_where_gaps_and_music_suffice():
    made = plan(make_day(9, cuts=3), 120.0)

    assert made.rundown.duration_s == pytest.approx(120.0, abs=0.1)
    assert made.rundown.breath.stretch == 1.0


def test_too_little_news_never_drawls():
    made = plan(make_day(2), 120.0)

    assert made.rundown.breath.stretch == 1.0
    assert "there is too little news" in made.notes[0]


def test_a_lead_that_is_too_long_is_squeezed_as_far_as_it_goes():
    made = plan(make_day(1), 15.0, with_music=False)

    assert made.rundown.breath.stretch == pytest.approx(0.95)
    assert "alone are longer" in made.notes[-1]
