"""Light stories that may close a bulletin."""

from __future__ import annotations

import pytest

from bulletin.stories.newsworthiness.article_genre import is_light
from tests.support.factories import make_article


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Gerald the tortoise found after 11 months",
            "He was three fields away, and has had half a cucumber.",
        ),
        ("And finally: postcard arrives 57 years late", "It was addressed to a woman who died in 1994."),
        ("Road sign for a local character", "The goose stops for the school's lollipop man twice a day."),
    ],
)
def test_a_cheerful_story_is_light(title: str, text: str) -> None:
    assert is_light(make_article(title=title, text=text))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Bridge to close for six weeks", "Drivers face a diversion of 11 miles."),
        ("Dog killed in attack", "A spaniel called Bess was killed by another dog in Mill Lane."),
        ("Cheesemaker to close", "One farmer said: I have 120 cows and a goat."),
        ("Man, 34, jailed for cruelty to ponies", "The pony and the donkey are in a sanctuary."),
        ("And finally he was caught: killer jailed", "He had hidden in a shed with a parrot."),
        (
            "Pet food recall after dogs die",
            "A brand of food for puppies and kittens is being taken off the shelves.",
        ),
    ],
)
def test_a_story_of_harm_is_not_light(title: str, text: str) -> None:
    assert not is_light(make_article(title=title, text=text))


def test_a_feed_of_light_stories_is_believed() -> None:
    article = make_article(
        title="Man builds a hall of matches", text="It took him six years.", category="Offbeat"
    )

    assert is_light(article)
