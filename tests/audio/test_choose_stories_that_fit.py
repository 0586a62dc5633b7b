import pytest

from bulletin.audio.choose_stories_that_fit import (
    NO_ROOM,
    NOT_SPOKEN,
    LengthBudget,
    LengthSlack,
    choose_cuts,
    take_longest_cuts,
)
from bulletin.model import Cut, Spoken
from tests.audio.sounds import VOICE, make_bulletin_script, make_story_script, time_script

# Stories last 8, 14 or 20 s, headlines 2 s (tests/audio/sounds.py).


def choose(script, target_s, *, fixed_s=20.0, spoken=None, slack_s=2.0):
    budget = LengthBudget(
        target_s=target_s,
        fixed_s=fixed_s,
        story_s=1.0,
        headline_s=0.5,
        shrinks=(LengthSlack(fixed_s=slack_s, per_s=0.06),),
        grows=(LengthSlack(fixed_s=slack_s, per_s=0.06),),
    )
    return choose_cuts(script, spoken or time_script(script), budget)


def chosen_cuts(choice):
    return [(item.script.story.id, item.clip.passage.cut.value) for item in choice.stories]


def length(choice, *, fixed_s=20.0):
    heads = sum(item.headline.duration_s + 0.5 for item in choice.stories if item.headline)
    return fixed_s + heads + sum(item.clip.duration_s + 1.0 for item in choice.stories)


def make_news(count, **changes):
    return [make_story_script(f"news{n}", headline=n < 3, **changes) for n in range(count)]


def test_all_stories_air_in_normal_cuts_when_there_is_room():
    choice = choose(make_bulletin_script(*make_news(3)), 72.5)

    assert chosen_cuts(choice) == [("news0", "normal"), ("news1", "normal"), ("news2", "normal")]
    assert not choice.dropped


def test_stories_are_shortened_before_one_is_dropped_the_lead_last():
    choice = choose(make_bulletin_script(*make_news(3)), 60.0)

    assert chosen_cuts(choice) == [("news0", "normal"), ("news1", "short"), ("news2", "short")]


def test_long_cuts_fill_the_remaining_time():
    choice = choose(make_bulletin_script(*make_news(3)), 90.5)

    assert chosen_cuts(choice) == [("news0", "long"), ("news1", "long"), ("news2", "long")]


def test_news_is_dropped_from_its_end():
    choice = choose(make_bulletin_script(*make_news(8)), 75.0)

    kept = [name for name, _ in chosen_cuts(choice)]
    assert kept == [f"news{n}" for n in range(len(kept))]
    assert 1 < len(kept) < 8
    assert [left.title for left in choice.dropped] == [f"Title of news{n}" for n in range(len(kept), 8)]
    assert {left.reason for left in choice.dropped} == {NO_ROOM}


def test_when_one_story_must_go_it_is_the_last_of_the_news():
    """The light story at the end, sport and weather stay."""
    script = make_bulletin_script(
        *make_news(6),
        make_story_script("cat", light=True, headline=False),
        make_story_script("match", category="sport", headline=False),
        make_story_script("rain", category="weather", headline=False),
    )

    choice = choose(script, 99.0)

    assert [left.title for left in choice.dropped] == ["Title of news5"]
    assert [name for name, _ in chosen_cuts(choice)][-3:] == ["cat", "match", "rain"]


def test_a_second_story_of_a_section_goes_before_news_does():
    script = make_bulletin_script(
        *make_news(3),
        make_story_script("match", category="sport", headline=False, cuts=1),
        make_story_script("race", category="sport", headline=False, cuts=1),
    )

    assert [left.title for left in choose(script, 75.0).dropped] == ["Title of race"]


def test_a_light_story_in_the_middle_is_news_like_any():
    script = make_bulletin_script(
        make_story_script("lead"),
        make_story_script("cat", light=True),
        make_story_script("late"),
        make_story_script("last"),
    )

    kept = [name for name, _ in chosen_cuts(choose(script, 45.0))]

    assert kept == ["lead", "cat"]


def test_the_lead_stays_even_when_it_is_longer_than_the_bulletin():
    choice = choose(make_bulletin_script(*make_news(3)), 15.0)

    assert chosen_cuts(choice) == [("news0", "short")]


def test_a_story_alone_has_no_headline():
    assert [item.headline for item in choose(make_bulletin_script(*make_news(3)), 15.0).stories] == [None]


def test_only_stories_that_air_have_headlines():
    choice = choose(make_bulletin_script(*make_news(4)), 50.0)

    ids = {item.script.story.id for item in choice.stories}
    assert {clip.passage.story_id for clip in choice.headlines} <= ids
    assert len(choice.headlines) == len(ids) == 2


@pytest.mark.parametrize("target_s", range(45, 180, 5))
def test_the_choice_comes_within_a_cut_of_the_target(target_s):
    """Cuts differ by six seconds, so the nearest is three off; gaps fill two of them."""
    choice = choose(make_bulletin_script(*make_news(9)), float(target_s))

    assert length(choice) == pytest.approx(target_s, abs=4.0)


def test_too_little_news_airs_in_long_cuts_and_is_never_stretched():
    choice = choose(make_bulletin_script(*make_news(2)), 300.0)

    assert chosen_cuts(choice) == [("news0", "long"), ("news1", "long")]


def test_unspoken_stories_are_dropped_and_unspoken_cuts_not_chosen():
    script = make_bulletin_script(*make_news(3))
    clips = [
        clip
        for clip in time_script(script).clips
        if clip.passage.story_id != "news1" and clip.passage.cut is not Cut.LONG
    ]

    choice = choose(script, 300.0, spoken=Spoken(clips=tuple(clips), voice=VOICE, attempts=()))

    assert chosen_cuts(choice) == [("news0", "normal"), ("news2", "normal")]
    assert [(left.title, left.reason) for left in choice.dropped] == [("Title of news1", NOT_SPOKEN)]


def test_the_longest_cuts_of_all_stories_are_taken():
    offered = take_longest_cuts(
        make_bulletin_script(*make_news(2)), time_script(make_bulletin_script(*make_news(2)))
    )

    assert chosen_cuts(offered) == [("news0", "long"), ("news1", "long")]
    assert offered.ident
    assert offered.opening
    assert offered.closing


def test_many_stories_for_a_long_bulletin_are_chosen_quickly():
    """The search keeps one choice for each length, so that its time grows linearly with the stories."""
    choice = choose(make_bulletin_script(*make_news(24)), 400.0)

    assert length(choice) == pytest.approx(400.0, abs=4.0)
