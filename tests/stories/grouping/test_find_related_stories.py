"""Related stories: a listener hears one affair, so a bulletin has one of them, whatever the grouping says."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Chosen, Story
from bulletin.stories.choose_stories import choose_stories
from bulletin.stories.grouping.find_related_stories import name_related
from bulletin.stories.grouping.group_articles import group_articles
from bulletin.stories.ranking.running_order import order_stories
from tests.stories.grouping.test_group_articles import PATCH, read_items
from tests.support.factories import NOW, make_article, make_story

STEPS = (
    ("Hartwell Lines crews vote to stay ashore", "Crews of the boat to Skarra Island voted on Tuesday to stay ashore for a second week, their leaders said, after Hartwell Lines had refused more leave."),
    ("Army flies bread to Skarra villagers as quay stays empty", "The army flew bread and milk to four hundred people, the county said. Fog had kept the first aircraft on the ground for a day. Hartwell will pay for the flights."),
)  # fmt: skip
"""Two steps of one affair, with headlines that share no word."""
RESULTS = (
    ("Oakfold Rovers beat Kelling 3-1 in the county cup", "Oakfold Rovers beat Kelling 3-1 in the first round of the county cup on Saturday; Dean Marsh scored twice."),
    ("Late penalty saves Hurstmere Athletic against Pennick", "Hurstmere Athletic drew 1-1 with Pennick in the county cup on Saturday after a late penalty by Lee Hart."),
)  # fmt: skip
CRIMES = (
    ("Man jailed for burglary in Borland", "A man of 41 was jailed for two years at the crown court on Tuesday for burglary at a chemist in Borland."),
    ("Teenager charged over knife attack in Borland", "A boy of 16 was charged on Tuesday after a man was stabbed outside a bar in Borland on Sunday night, police said."),
)  # fmt: skip
TALKS = (
    ("Iran envoy speaks of progress in Geneva", "Iran and the United States will meet again next week after a day of talks in Geneva on the nuclear programme, the envoy said."),
    ("Ukraine peace talks in Geneva end without result", "Ukraine and Russia ended a day of peace talks in Geneva without a result and will meet again next week, the mediator said."),
)  # fmt: skip


def find_related_to(rows: tuple[tuple[str, str], ...]) -> tuple[set[tuple[int, int]], set[int]]:
    """Related pairs of the rows, and their events, on a day with sixty other local events."""
    pile = [*rows, *((title, lead) for title, lead, _ in read_items())]
    levels = group_articles([t for t, _ in pile], [None] * len(pile), [lead for _, lead in pile])
    events = levels.events[: len(rows)]
    related = {
        (a, b)
        for a, b in combinations(range(len(rows)), 2)
        if (min(events[a], events[b]), max(events[a], events[b])) in levels.related
    }
    return related, set(events)


def test_steps_of_one_affair_are_related_events() -> None:
    related, events = find_related_to(STEPS)

    assert len(events) == 2
    assert related == {(0, 1)}


@pytest.mark.parametrize("rows", [RESULTS, CRIMES, TALKS], ids=["results", "crimes", "talks"])
def test_a_shared_cup_town_or_day_makes_no_relation(
    rows: tuple[tuple[str, str], ...],
) -> None:
    related, events = find_related_to(rows)

    assert len(events) == 2
    assert related == set()


def test_stories_are_related_as_their_events_are() -> None:
    stories = [make_story(make_article(id=name), make_article(id=f"{name}2")) for name in "abc"]
    events = {"a": 1, "a2": 5, "b2": 2, "c": 3}

    assert name_related(stories, events=events, pairs=frozenset({(2, 5)}), steps={}) == {
        "a": frozenset("b"),
        "b": frozenset("a"),
    }
    assert name_related(stories, events=events, pairs=frozenset({(1, 5)}), steps={}) == {}


def test_steps_of_a_running_story_are_related() -> None:
    stories = [make_story(make_article(id=name)) for name in "ax"]

    related = name_related(
        stories, events={"a": 1, "x": 2}, pairs=frozenset({(1, 2)}), steps={"a": ("b", "c")}
    )

    assert related == {
        "a": frozenset("bcx"),
        "b": frozenset("ac"),
        "c": frozenset("ab"),
        "x": frozenset("a"),
    }


# ---- the order


def story(name: str, score: float, **changes: Any) -> Story:
    kinds = {key: changes.pop(key) for key in ("is_light", "times_aired", "reasons") if key in changes}
    return make_story(make_article(id=name, title=name, feed=name, **changes), score=score, **kinds)


def order_with_reasons(
    *stories: Story, related: tuple[str, str] = ("a", "b"), **options: Any
) -> tuple[list[str], list[str]]:
    """Ids of the stories that air, and the reasons of the rest."""
    first, second = related
    known = {first: frozenset({second}), second: frozenset({first})}
    ordered, kept = order_stories(stories, options=StoriesOptions(**options), related=known)
    return [item.id for item in ordered], [item.left.reason for item in kept]


def test_the_better_of_two_related_stories_airs() -> None:
    assert order_with_reasons(story("a", 9), story("c", 8), story("b", 7)) == (
        ["a", "c"],
        ["the same affair as a"],
    )
    assert order_with_reasons(story("a", 6), story("c", 8), story("b", 7)) == (
        ["c", "b"],
        ["the same affair as b"],
    )
    assert order_with_reasons(story("a", 9), story("b", 7), most_steps=2)[0] == ["a", "b"]


def test_a_story_that_does_not_air_blocks_no_related_one() -> None:
    stories = [story("x", 9, category="rural"), story("a", 8, category="rural"), story("b", 7)]

    assert order_with_reasons(*stories, per_category=1)[0] == ["x", "b"]


def test_sport_related_to_the_news_does_not_air_again() -> None:
    cup, match = story("b", 9, category="sport"), story("c", 8, category="sport")

    assert order_with_reasons(story("a", 5), cup, match, most_in_sections=1)[0] == ["a", "c"]
    assert order_with_reasons(cup, match, related=("b", "c"))[0] == ["b"]


def test_the_closing_light_story_is_not_related_to_the_news() -> None:
    goose, tortoise = story("b", 6, is_light=True), story("t", 5, is_light=True)

    assert order_with_reasons(story("a", 4), goose, tortoise)[0] == ["a", "t"]
    assert order_with_reasons(story("a", 4), goose)[0] == ["a"]


def test_breaking_news_airs_even_if_related() -> None:
    assert order_with_reasons(story("a", 9, is_breaking=True), story("b", 8, is_breaking=True))[0] == [
        "a",
        "b",
    ]


# ---- a whole day

NAMES = {"n0", "n1"}
"""Ids of the articles about the steps."""
ALL = slice(None)


def make_day(*rows: tuple[str, str], beside: slice = slice(20, 50)) -> list[Article]:
    """Articles of the rows, each from another feed, the first row newest, with other local events."""
    events = {number: (title, lead) for title, lead, number in read_items()}
    pile = [*rows, *list(events.values())[beside]]
    return [
        make_article(
            id=f"n{n}",
            feed=f"feed{n}",
            credit=f"paper {n}",
            link="",
            title=title,
            text=lead,
            summary=lead,
            published=NOW - timedelta(minutes=n),
        )
        for n, (title, lead) in enumerate(pile)
    ]


def choose(articles: list[Article]) -> Chosen:
    return choose_stories(articles, now=NOW, options=StoriesOptions(most=40, local_words=PATCH))


def test_a_bulletin_airs_one_step_of_an_affair_and_gives_reasons_for_the_rest() -> None:
    chosen = choose(make_day(*STEPS, beside=ALL))

    [step] = [item for item in chosen.stories if item.id in NAMES]
    reasons = {item.article_id: item.reason for item in chosen.left if item.article_id in NAMES}
    assert reasons.keys() == NAMES - {step.id}
    assert all(f"the same affair as {step.title}" in reason for reason in reasons.values())


def test_another_step_airs_when_the_first_is_missing() -> None:
    [first] = [item for item in choose(make_day(*STEPS, beside=ALL)).stories if item.id in NAMES]

    later = choose([article for article in make_day(*STEPS, beside=ALL) if article.id != first.id])

    assert len([item for item in later.stories if item.id in NAMES - {first.id}]) == 1


def test_a_day_with_two_results_and_two_crimes_airs_all_four() -> None:
    chosen = choose(make_day(*RESULTS, *CRIMES))

    assert {"n0", "n1", "n2", "n3"} <= {item.id for item in chosen.stories}
