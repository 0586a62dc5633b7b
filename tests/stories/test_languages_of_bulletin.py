"""Stories of a bulletin in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Chosen, Story
from bulletin.stories.choose_stories import choose_stories
from bulletin.stories.languages_of_bulletin import Languages
from tests.support.factories import NOW

FERRY = "A ferry sank off Wexcombe on Monday, and two people died, police said on Monday evening."
FIRE = "Bei einem Brand in Köln sind am Montag zwei Menschen gestorben, wie die Polizei mitteilte."
FLOOD = "Nach dem Hochwasser in Bonn hat die Stadt am Montag die Brücke über den Rhein gesperrt."


def article(name: str, title: str, text: str, language: str) -> Article:
    return Article(
        id=name, feed=name, title=title, summary="", text=f"{text} {text}", published=NOW, language=language
    )


ARTICLES = [
    article("ferry", "Two die as ferry sinks off Wexcombe", FERRY, "en-GB"),
    article("fire", "Zwei Tote bei Brand in Köln", FIRE, "de"),
    article(
        "flood", "Bonn sperrt Brücke nach Hochwasser", FLOOD, "en-US"
    ),  # a feed that calls everything English
]


def choose(articles: Sequence[Article], *others: str) -> Chosen:
    return choose_stories(
        articles, now=NOW, options=StoriesOptions(max_age_h=24.0), language="en-GB", others=others
    )


def test_stories_of_both_languages_are_chosen_by_their_words() -> None:
    assert {story.id for story in choose(ARTICLES, "de").stories} == {"ferry", "fire", "flood"}


def test_without_the_language_its_articles_are_left_out() -> None:
    chosen = choose(ARTICLES)

    assert [story.id for story in chosen.stories] == ["ferry"]
    assert {left.reason for left in chosen.left} == {"in another language"}


def test_one_event_in_two_languages_is_two_stories() -> None:
    twin = article(
        "fähre", "Zwei Tote bei Untergang der Fähre vor Wexcombe", FIRE.replace("Köln", "Wexcombe"), "de"
    )

    assert len(choose([ARTICLES[0], twin], "de").stories) == 2


def test_the_languages_take_turns_the_best_of_each_first() -> None:
    stories = [Story(id=item.id, articles=(item,)) for item in (ARTICLES[1], ARTICLES[2], ARTICLES[0])]
    weather = replace(ARTICLES[0], id="weather", category="weather")
    stories.append(Story(id="weather", articles=(weather,)))

    ordered = Languages(station="en-GB", others=("de",)).take_turns(stories)

    assert [story.id for story in ordered] == ["fire", "ferry", "flood", "weather"]
