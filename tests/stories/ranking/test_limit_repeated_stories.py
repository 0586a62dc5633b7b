"""Repeats: a story that aired loses rank, and is news again after a new turn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.archive.record_dataclasses import Aired
from bulletin.model import Article, Reason, Section, Story
from bulletin.stories.ranking.limit_repeated_stories import most_airings, new_turn, settle_repeats
from tests.support.factories import NOW, make_article, make_story


def make_aired(**changes: Any) -> Aired:
    fields: dict[str, Any] = {
        "story_id": "gazette:1",
        "article_ids": ("gazette:1",),
        "title": "Man hurt in crash on the A361",
        "text": "A man of 40 has been seriously hurt in a crash on the A361.",
        "times": 1,
        "first_at": NOW - timedelta(hours=2),
        "last_at": NOW - timedelta(hours=1),
    }
    return Aired(**(fields | changes))


def make_update(title: str, text: str = "") -> Story:
    """Later version of the same article."""
    return make_story(make_article(title=title, text=text or make_aired().text, published=NOW))


def make_stories(number: int, **changes: Any) -> list[Story]:
    return [
        make_story(make_article(id=f"s{n}", title=f"Story {n}", **changes), score=float(number - n))
        for n in range(number)
    ]


def test_a_story_that_has_aired_loses_score_and_keeps_its_text() -> None:
    sentences = ("The bridge closes.", "It costs 40 pounds.")
    aired = make_aired(times=2, title="Bridge over the Wex closes", sentences=sentences)

    [story], spent = settle_repeats([make_story(score=5.0)], aired={"gazette:1": aired}, repeats=3)

    assert story.times_aired == 2
    assert (story.last_said, story.said_before) == (make_aired().text, sentences)
    assert story.score == 5.0 - 2 * 3.0
    assert story.reasons[-1].note == "aired 2 times, 4 allowed"
    assert spent == []


def make_important(value: float) -> Story:
    return make_story(score=9.0, reasons=(Reason(name="sources", value=value),))


def test_the_more_important_a_story_the_more_often_it_airs_and_the_less_that_costs() -> None:
    top = make_important(8.0)

    [marked], _ = settle_repeats([top], aired={"gazette:1": make_aired(times=3, title="")}, repeats=3)

    assert [most_airings(make_important(value), repeats=3) for value in (0.0, 2.0, 4.0, 8.0)] == [
        4,
        7,
        10,
        16,
    ]
    assert most_airings(top, repeats=0) == 1
    assert marked.score == 9.0 - 1.8


def test_a_story_that_aired_often_enough_is_spent() -> None:
    stories = make_stories(5)
    aired = {"s0": make_aired(story_id="s0", title="Story 0", times=4, last_at=NOW)}

    kept, spent = settle_repeats(stories, aired=aired, repeats=3)

    assert [story.id for story in kept] == ["s1", "s2", "s3", "s4"]
    assert [(story.id, story.times_aired) for story in spent] == [("s0", 4)]


def test_the_version_published_since_the_airing_is_used() -> None:
    old = make_article(id="old", text="Talks will begin at nine. " * 8, published=NOW - timedelta(hours=3))
    new = make_article(id="new", text="Talks have begun. " * 8, title="Talks", published=NOW)
    thin = make_article(id="thin", text="Talks go on.", title="Talks", published=NOW)
    aired = {"old": make_aired(title="Talks begin", text="Talks will begin at nine.")}

    def best(*articles: Article) -> str:
        [story], _ = settle_repeats([make_story(*articles)], aired=aired, repeats=3)
        return story.best.id

    assert best(old, new) == "new"
    assert best(old, thin) == "old"


@pytest.mark.parametrize("section", [Section.TRAVEL, Section.WEATHER])
def test_travel_and_weather_air_as_long_as_they_are_valid(section: Section) -> None:
    stories = make_stories(1, category=str(section))

    kept, _ = settle_repeats(stories, aired={"s0": make_aired(story_id="s0", times=50)}, repeats=0)

    assert kept == stories


# ---- a new turn


@pytest.mark.parametrize(
    ("title", "turn"),
    [
        ("Man dies after crash on the A361", "dies"),
        ("Driver charged over A361 crash", "charged"),
        ("Police name man hurt in crash", "name"),
        ("A361 crash: second man, 27, in hospital", "27"),
    ],
)
def test_a_new_turn_makes_it_news_again(title: str, turn: str) -> None:
    story = make_story(make_article(title=title, published=NOW))

    assert new_turn(story, make_aired()) == turn

    [marked], _ = settle_repeats([story], aired={story.id: make_aired(times=9)}, repeats=3)

    assert marked.times_aired == 0
    assert marked.reasons[-1].name == "changed"


@pytest.mark.parametrize(
    "title",
    [
        "Man hurt in crash on the A361.",
        "A361 crash leaves man of 40 in hospital",
        "Motorist seriously injured in smash near Wexcombe",
    ],
)
def test_the_same_in_other_words_is_no_news(title: str) -> None:
    assert new_turn(make_update(title), make_aired()) == ""


def test_a_synonym_is_no_new_turn() -> None:
    aired = make_aired(title="Man killed in crash", text="A man has been killed in a crash.")

    assert new_turn(make_update("Man dies in crash", aired.text), aired) == ""


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Crash: 2 men hurt", "Two men were hurt in a crash."),
        ("Crash delays 1200 drivers", "A crash has held up 1,200 drivers."),
        ("Repairs to cost £3.5m", "The repairs are to cost £3.50 million."),
        ("Crash, repairs, and traffic", "Crash repairs, and traffic."),
    ],
)
def test_the_same_number_in_another_form_is_no_new_fact(title: str, sentence: str) -> None:
    aired = make_aired(title="Crash", text=sentence)

    assert new_turn(make_update(title, sentence), aired) == ""


def test_a_fact_of_an_earlier_longer_version_is_not_new() -> None:
    aired = make_aired(text="A man has been hurt.", heard="A man of 40 has been hurt. Two were charged.")

    assert new_turn(make_update("Two charged over crash"), aired) == ""


def test_a_new_first_sentence_under_the_old_headline_is_news() -> None:
    text = "A man who was hurt in a crash on the A361 has died. He was 40."

    assert new_turn(make_update("Man hurt in crash on the A361", text), make_aired()) == "died"


@pytest.mark.parametrize(
    "text",
    [
        "A man of 40 has been seriously hurt, in a crash on the A361.",
        "A man of 40 has been seriously hurt in a crash on the A361 at 7.40am.",
        "A man of 40 has been seriously hurt in a crash on the A361. It was closed, police warn.",
    ],
)
def test_an_edited_comma_or_background_is_no_new_turn(text: str) -> None:
    assert new_turn(make_update("Man hurt in crash on the A361", text), make_aired()) == ""


def test_the_first_sentence_of_another_publisher_is_no_new_turn() -> None:
    other = make_article(id="herald:1", title="A361 crash", text="A man died in a crash.", published=NOW)

    assert new_turn(make_story(other), make_aired()) == ""


def test_only_articles_published_after_the_airing_can_be_new() -> None:
    story = make_story(make_article(title="Man dies after crash", published=NOW - timedelta(hours=3)))

    assert new_turn(story, make_aired()) == ""


@given(st.lists(st.integers(min_value=0, max_value=12), max_size=10), st.integers(min_value=0, max_value=5))
def test_every_story_is_kept_or_spent(times: list[int], repeats: int) -> None:
    stories = make_stories(len(times))
    aired = {
        story.id: make_aired(story_id=story.id, title=story.title, times=count, last_at=NOW)
        for story, count in zip(stories, times, strict=True)
        if count
    }

    kept, spent = settle_repeats(stories, aired=aired, repeats=repeats)

    assert {s.id for s in (*kept, *spent)} == {s.id for s in stories}
    assert all(s.times_aired > repeats for s in spent)
