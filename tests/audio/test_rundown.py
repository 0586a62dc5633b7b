import pytest

from bulletin.audio.layout import Music, Tune
from bulletin.audio.rundown import clock, plan_rundown
from bulletin.model import Spoken
from tests.audio.sounds import VOICE, make_told, make_tunes, make_words, time_script, words_of


def plan(script, target_s, *, tunes=None, gap_s=0.6):
    tunes = make_tunes() if tunes is None else tunes
    return plan_rundown(script, time_script(script), tunes, target_s=target_s, gap_s=gap_s, rate_hz=44_100)


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


def test_a_gap_that_the_profile_asks_for_is_kept_where_the_length_allows():
    script = make_words(make_told("one"), make_told("two"))
    usual = plan(script, 600.0, gap_s=0.6)

    assert usual.rundown.breath.gap_s == 1.0


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

    assert [note for note in made.notes if note.startswith("without")] == [
        f"without {name}: there is no time for it" for name in gone
    ]
    assert made.rundown.duration_s <= target_s + 0.1
    assert "story news0 short" in words_of(made.aired)


def test_a_voice_over_longer_than_its_ident_goes_first():
    tunes = make_tunes() | {Music.IDENT: Tune(length_s=1.0, talk_from_s=0.5, talk_until_s=1.0)}

    assert "ident" in words_of(plan(make_day(), 27.0, tunes=tunes).aired)
    made = plan(make_day(), 21.0, tunes=tunes)

    assert made.notes == ("without the ident's voice-over: there is no time for it",)
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


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00.0"), (59.96, "1:00.0"), (117.3, "1:57.3"), (600, "10:00.0")]
)
def test_a_clock_reads_minutes_seconds_and_tenths(seconds, text):
    assert clock(seconds) == text
